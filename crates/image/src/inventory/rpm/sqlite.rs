//! As much of SQLite's file format as it takes to read the blobs of the table `Packages`.
//!
//! Absent: indices, queries, and the write-ahead log, which an image that was built to its end does not have.

use super::bytes::{be16, be32, slice};

const LEAF: u8 = 13;
const INNER: u8 = 5;
const CUT: &str = "an SQLite file that is cut off";

struct File<'b> {
    bytes: &'b [u8],
    page: usize,
    usable: usize,
    /// Pages yet to be read; none is read twice where the file is sound.
    budget: usize,
    /// Bytes of rows yet to be gathered, as rows that share their bytes could be endless.
    rows: usize,
}

pub(super) fn blobs(bytes: &[u8], take: &mut impl FnMut(&[u8])) -> Result<(), &'static str> {
    let page = match be16(bytes, 16).ok_or(CUT)? {
        1 => 65_536,
        size => size,
    };
    let reserved = bytes.get(20).copied().map(usize::from).ok_or(CUT)?;
    let usable = page.checked_sub(reserved).filter(|usable| *usable >= 480).ok_or("an SQLite file with odd pages")?;
    let mut file = File { bytes, page, usable, budget: bytes.len() / page + 1, rows: bytes.len() };
    let mut root = None;
    file.walk(1, &mut |row| {
        let is_packages = column(row, 0) == Some(b"table") && column(row, 1) == Some(b"Packages");
        if is_packages {
            root = column(row, 3)
                .map(|bytes| bytes.iter().fold(0, |number: usize, byte| (number << 8) | usize::from(*byte)));
        }
    })?;
    let root = root.ok_or("an SQLite file without the table `Packages`")?;
    (file.budget, file.rows) = (bytes.len() / page + 1, bytes.len());
    file.walk(root, &mut |row| {
        if let Some(blob) = column(row, 1) {
            take(blob);
        }
    })
}

impl File<'_> {
    fn page(&mut self, number: usize) -> Result<&[u8], &'static str> {
        self.budget = self.budget.checked_sub(1).ok_or("an SQLite file whose pages go round in circles")?;
        let at = number.checked_sub(1).and_then(|number| number.checked_mul(self.page)).ok_or(CUT)?;
        slice(self.bytes, at, self.page).ok_or(CUT)
    }

    /// Gives the rows of a table, of which `root` is the first page.
    fn walk(&mut self, root: usize, take: &mut impl FnMut(&[u8])) -> Result<(), &'static str> {
        let mut open = vec![root];
        while let Some(number) = open.pop() {
            // The first page has the file's head before its own.
            let head = if number == 1 { 100 } else { 0 };
            let page = self.page(number)?.to_vec();
            let cells = be16(&page, head + 3).ok_or(CUT)?;
            match page.get(head) {
                Some(&LEAF) => {
                    for cell in 0..cells {
                        let at = be16(&page, head + 8 + 2 * cell).ok_or(CUT)?;
                        take(
                            &self
                                .row(page.get(at..).unwrap_or_default())
                                .ok_or("a row of SQLite that is cut off or shared")?,
                        );
                    }
                }
                Some(&INNER) => {
                    open.push(be32(&page, head + 8).ok_or(CUT)?);
                    for cell in 0..cells {
                        let at = be16(&page, head + 12 + 2 * cell).ok_or(CUT)?;
                        open.push(be32(&page, at).ok_or(CUT)?);
                    }
                }
                _ => return Err("a page of SQLite that is of no table"),
            }
        }
        Ok(())
    }

    /// The content of a row, gathered from its overflow pages.
    fn row(&mut self, cell: &[u8]) -> Option<Vec<u8>> {
        let (length, rest) = varint(cell)?;
        let (_, rest) = varint(rest)?;
        self.rows = self.rows.checked_sub(length)?;
        let most = self.usable - 35;
        if length <= most {
            return rest.get(..length).map(<[u8]>::to_vec);
        }
        let least = (self.usable - 12) * 32 / 255 - 23;
        let wanted = least + (length - least) % (self.usable - 4);
        let local = if wanted <= most { wanted } else { least };
        let mut row = rest.get(..local)?.to_vec();
        let mut next = be32(rest, local)?;
        while row.len() < length {
            let size = self.usable - 4;
            let page = self.page(next).ok()?;
            row.extend_from_slice(page.get(4..4 + size)?);
            next = be32(page, 0)?;
        }
        row.truncate(length);
        Some(row)
    }
}

/// SQLite's numbers of one to nine bytes.
fn varint(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut value = 0_u64;
    for at in 0..9 {
        let byte = *bytes.get(at)?;
        if at == 8 {
            value = (value << 8) | u64::from(byte);
        } else {
            value = (value << 7) | u64::from(byte & 0x7f);
        }
        if byte < 0x80 || at == 8 {
            return Some((usize::try_from(value).ok()?, bytes.get(at + 1..)?));
        }
    }
    None
}

/// The bytes of a row's column.
fn column(row: &[u8], wanted: usize) -> Option<&[u8]> {
    let (head, mut types) = varint(row)?;
    types = types.get(..head.checked_sub(row.len() - types.len())?)?;
    let mut at = head;
    for column in 0.. {
        let (kind, rest) = varint(types)?;
        let length = match kind {
            0 | 8 | 9 => 0,
            1..=4 => kind,
            5 => 6,
            6 | 7 => 8,
            _ => kind.checked_sub(12)? / 2,
        };
        if column == wanted {
            return slice(row, at, length);
        }
        (at, types) = (at.checked_add(length)?, rest);
    }
    None
}

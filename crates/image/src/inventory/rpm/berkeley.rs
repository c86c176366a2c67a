//! Berkeley DB's hash, as far as rpm uses it: values lie on chains of overflow pages.

use super::bytes::{le16, le32, slice};

const HASH_MAGIC: usize = 0x0006_1561;
const HEAD: usize = 26;
const HASH_PAGES: [u8; 2] = [2, 13];
const OVERFLOW_PAGE: u8 = 7;
const OFF_PAGE: u8 = 3;
const CUT: &str = "a Berkeley DB that is cut off: packages may be missing";

pub(super) fn is_hash(bytes: &[u8]) -> bool {
    le32(bytes, 12) == Some(HASH_MAGIC)
}

pub(super) fn blobs(bytes: &[u8], take: &mut impl FnMut(&[u8])) -> Result<(), &'static str> {
    let size = le32(bytes, 20).filter(|size| (512..=65_536).contains(size)).ok_or("a Berkeley DB with odd pages")?;
    // The last page's number stands in the first page.
    let pages = le32(bytes, 32).and_then(|last| last.checked_add(1)?.checked_mul(size));
    let mut outcome = if pages.is_some_and(|end| end <= bytes.len()) { Ok(()) } else { Err(CUT) };
    let mut budget = bytes.len();
    for page in bytes.chunks_exact(size) {
        if !page.get(25).is_some_and(|kind| HASH_PAGES.contains(kind)) {
            continue;
        }
        let entries = le16(page, 20).unwrap_or_default();
        // Keys and values take turns.
        for value in (1..entries).step_by(2) {
            let Some(item) = le16(page, HEAD + 2 * value).and_then(|at| slice(page, at, 12)) else { continue };
            if item.first() != Some(&OFF_PAGE) {
                continue;
            }
            let (first, length) = (le32(item, 4).unwrap_or_default(), le32(item, 8).unwrap_or_default());
            budget = budget.checked_sub(length).ok_or("a Berkeley DB whose values are larger than itself")?;
            match value_of(bytes, size, first, length) {
                Some(value) => take(&value),
                None => outcome = Err(CUT),
            }
        }
    }
    outcome
}

fn value_of(bytes: &[u8], size: usize, mut page: usize, length: usize) -> Option<Vec<u8>> {
    let mut value = Vec::new();
    while value.len() < length {
        let current = slice(bytes, page.checked_mul(size).filter(|at| *at > 0)?, size)?;
        if current.get(25) != Some(&OVERFLOW_PAGE) {
            return None;
        }
        // A page without data would make the chain endless.
        let count = le16(current, 22).filter(|count| *count > 0)?;
        value.extend_from_slice(slice(current, HEAD, count)?);
        page = le32(current, 16)?;
    }
    value.truncate(length);
    Some(value)
}

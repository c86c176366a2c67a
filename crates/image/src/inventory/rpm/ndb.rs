//! rpm's own ndb: pages of slots, each of which points at a blob.

use super::bytes::{le32, slice};

const PAGE: usize = 4096;
const SLOT: usize = 16;

pub(super) fn blobs(bytes: &[u8], take: &mut impl FnMut(&[u8])) -> Result<(), &'static str> {
    let pages = le32(bytes, 12).ok_or("an ndb file that is cut off")?;
    let slots = pages.checked_mul(PAGE).and_then(|size| bytes.get(..size)).ok_or("an ndb file that is cut off")?;
    // Two slots' room is the file's head.
    let mut outcome = Ok(());
    let mut budget = bytes.len();
    for slot in slots.chunks_exact(SLOT).skip(2) {
        let (Some(package), Some(block)) = (le32(slot, 4), le32(slot, 8)) else { continue };
        if !slot.starts_with(b"Slot") || block == 0 {
            continue;
        }
        let Some(blob) = blob(bytes, package, block) else {
            outcome = Err("an ndb file of which a slot points at no blob: packages are missing");
            continue;
        };
        // Slots that share a blob would have it read over and over.
        budget = budget.checked_sub(blob.len()).ok_or("an ndb file whose blobs overlap")?;
        take(blob);
    }
    outcome
}

fn blob(bytes: &[u8], package: usize, block: usize) -> Option<&[u8]> {
    let at = block.checked_mul(SLOT)?;
    let is_blob = slice(bytes, at, 4)? == b"BlbS" && le32(bytes, at + 4)? == package;
    let length = le32(bytes, at + 12).filter(|_| is_blob)?;
    slice(bytes, at + SLOT, length)
}

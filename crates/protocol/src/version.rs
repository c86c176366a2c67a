//! Versions of the protocol that speak with each other.

/// What this program speaks.
pub const CURRENT: u32 = 1;
/// The oldest that this program still understands: two versions back.
pub const OLDEST: u32 = if CURRENT > 2 { CURRENT - 2 } else { 1 };

/// # Errors
/// The sender's version is out of range; the sentence says which side to upgrade.
pub fn check(theirs: u32) -> Result<(), String> {
    match theirs {
        _ if theirs < OLDEST => Err(format!("protocol {theirs} is older than {OLDEST}: upgrade the agent")),
        _ if theirs > CURRENT => Err(format!("protocol {theirs} is newer than {CURRENT}: upgrade the plane")),
        _ => Ok(()),
    }
}

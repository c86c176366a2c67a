//! Versions of the protocol that speak with each other.

/// What this program speaks.
pub const CURRENT: u32 = 1;
/// The oldest that this program still understands: two versions back.
pub const OLDEST: u32 = if CURRENT > 2 { CURRENT - 2 } else { 1 };

/// What those spoke who did not say it.
pub(crate) fn first() -> u32 {
    1
}

/// The plane's look at an agent.
///
/// # Errors
/// The agent's version is out of range; the sentence says which side to upgrade.
pub fn check_agent(theirs: u32) -> Result<(), String> {
    check(theirs, CURRENT, "agent", "plane")
}

/// The agent's look at the plane.
///
/// # Errors
/// As [`check_agent`].
pub fn check_plane(theirs: u32) -> Result<(), String> {
    check(theirs, CURRENT, "plane", "agent")
}

/// Two versions back are understood, and none that is newer: whoever is newer speaks as the other one does.
fn check(theirs: u32, ours: u32, them: &str, us: &str) -> Result<(), String> {
    let oldest = ours.saturating_sub(2).max(1);
    if theirs < oldest {
        return Err(format!("the {them} speaks protocol {theirs} and the {us} {oldest} to {ours}: upgrade the {them}"));
    }
    // An agent of tomorrow may meet the plane of today: then the plane is what is old.
    if theirs > ours.saturating_add(if us == "agent" { 2 } else { 0 }) {
        return Err(format!("the {them} speaks protocol {theirs} and the {us} {oldest} to {ours}: upgrade the {us}"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_says_which_side_to_upgrade() {
        let refusal = |theirs, ours, them, us| check(theirs, ours, them, us).err();
        assert_eq!([3, 4, 5].map(|theirs| refusal(theirs, 5, "agent", "plane")), [None, None, None]);
        assert!(refusal(2, 5, "agent", "plane").is_some_and(|text| text.ends_with("upgrade the agent")));
        assert!(refusal(6, 5, "agent", "plane").is_some_and(|text| text.ends_with("upgrade the plane")));
        assert!(refusal(0, 1, "agent", "plane").is_some_and(|text| text.ends_with("upgrade the agent")));
        // A plane two versions ahead still understands this agent.
        assert_eq!([4, 5, 7].map(|theirs| refusal(theirs, 5, "plane", "agent")), [None, None, None]);
        assert!(refusal(8, 5, "plane", "agent").is_some_and(|text| text.ends_with("upgrade the agent")));
        assert!(refusal(2, 5, "plane", "agent").is_some_and(|text| text.ends_with("upgrade the plane")));
        assert_eq!((check_agent(CURRENT), check_plane(CURRENT)), (Ok(()), Ok(())));
    }
}

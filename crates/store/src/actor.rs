//! Who does something: an identity that stays the same, and the name that people see in the trail.

/// Four eyes compare `id`, which a person's sessions and tokens share; `name` may say more, such as which token it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Actor<'a> {
    pub id: &'a str,
    pub name: &'a str,
}

impl Actor<'static> {
    /// The plane itself: what it does by the clock.
    pub const PLANE: Self = Self { id: "plane", name: "rampart" };
}

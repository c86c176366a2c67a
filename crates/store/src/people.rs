//! The tables of people, waivers, what is sent out and the trail.

#[cfg(test)]
mod tests;

use crate::migrations::Migration;

pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration::new(101, "people", include_str!("migrations/0101_people.sql")),
    Migration {
        number: 102,
        name: "trail",
        sqlite: include_str!("migrations/0102_trail.sqlite.sql"),
        postgres: include_str!("migrations/0102_trail.postgres.sql"),
    },
];

//! What other tools' users recorded, against lists that only grow. Each corpus lies outside of the project.

#![expect(clippy::expect_used, reason = "a broken harness must stop the test with its reason")]

mod corpus;
mod databases;
mod purls;
mod versions;

//! The command line as a user meets it: the built binary, real files, real exit codes.

#![expect(clippy::expect_used, reason = "a broken harness must stop the test with its reason")]

mod backups;
mod bad_input;
mod exit_codes;
mod fixes;
mod frameworks;
mod run;
mod waivers;

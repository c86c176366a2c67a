//! The only reader of the world: folders, files, standard input, clusters and snapshots become [`Document`]s.
//!
//! Documents stream: each is parsed on one of a few threads, handed to the caller's state of that thread and dropped.
//! What cannot be read is a [`Diagnostic`], what could not be looked at a [`Missed`] entry, and the rest goes on; only a
//! target that gives nothing at all is a [`Refusal`].
//!
//! [`Document`]: rampart_model::Document
//! [`Diagnostic`]: rampart_model::Diagnostic

mod cluster;
mod collected;
mod file;
mod folder;
mod live;
mod node;
mod options;
mod pool;
mod read;
mod release;
mod render;
mod secret_data;
mod snapshot;
mod split;
mod stream;
mod target;
mod text;
mod trace;
mod watch;

pub use collected::{Collected, Missed, Refusal, RefusalKind};
pub use node::{Root, processes_of};
pub use options::Options;
pub use read::read;
pub use release::release;
pub use target::Target;
pub use trace::trace;
pub use watch::{Mirror, Pause, Usage, WatchOptions};

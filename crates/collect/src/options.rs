//! How to read: bounds and choices that are not part of the target.

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use rampart_model::Limits;

#[derive(Debug, Clone)]
pub struct Options {
    /// Threads that parse and evaluate; one more cuts streams apart.
    pub threads: NonZeroUsize,
    /// Bounds of one document.
    pub limits: Limits,
    /// Bytes of one YAML document, which is held in memory as a whole. A long file of many is not bounded by it.
    pub file_bytes: u64,
    /// Bytes of one stream: a file, standard input, an unpacked snapshot.
    pub stream_bytes: u64,
    /// Of a cluster, list namespaced kinds in these namespaces only; empty means in all.
    pub namespaces: Vec<String>,
    /// Time for all listings of a cluster; kinds that were not listed by then are unseen.
    pub deadline: Duration,
    /// Where programs that render charts and kustomizations are looked for; none means not to render.
    pub search_path: Option<OsString>,
    /// Time for one rendering.
    pub render_time: Duration,
    /// Where to keep what is read, with the values of Secrets masked.
    pub snapshot: Option<PathBuf>,
}

impl Options {
    /// As many threads as there are processors, and bounds that no real manifest meets.
    pub fn new() -> Self {
        Self {
            threads: std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
            limits: Limits::STANDARD,
            file_bytes: 64 << 20,
            stream_bytes: 16 << 30,
            namespaces: Vec::new(),
            deadline: Duration::from_secs(15 * 60),
            search_path: std::env::var_os("PATH"),
            render_time: Duration::from_secs(60),
            snapshot: None,
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self::new()
    }
}

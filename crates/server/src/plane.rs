//! What every part of the plane shares.

use std::sync::Arc;

use jiff::Timestamp;
use rampart_model::Rule;
use tokio_util::sync::CancellationToken;

use crate::authority::Authority;
use crate::bus::Bus;
use crate::options::Options;
use crate::problem::Problem;

/// Cheap to clone; the state of every route.
#[derive(Clone)]
pub struct Plane(Arc<Inner>);

struct Inner {
    options: Options,
    authority: Authority,
    bus: Bus,
    rules: Vec<&'static Rule>,
    clock: Clock,
    stop: CancellationToken,
    started: Timestamp,
}

/// Tells the time; a test's tells what the test wants.
pub type Clock = Box<dyn Fn() -> Timestamp + Send + Sync>;

impl Plane {
    pub fn new(options: Options, authority: Authority, clock: Clock) -> Self {
        let started = clock();
        Self(Arc::new(Inner {
            options,
            authority,
            bus: Bus::new(),
            rules: rampart_controls::rules(),
            clock,
            stop: CancellationToken::new(),
            started,
        }))
    }

    pub fn options(&self) -> &Options {
        &self.0.options
    }

    pub fn authority(&self) -> &Authority {
        &self.0.authority
    }

    pub fn bus(&self) -> &Bus {
        &self.0.bus
    }

    /// Every rule, in the order of the checklist.
    pub fn rules(&self) -> &[&'static Rule] {
        &self.0.rules
    }

    pub fn rule(&self, id: &str) -> Option<&'static Rule> {
        self.0.rules.iter().find(|rule| rule.id == id).copied()
    }

    pub fn now(&self) -> Timestamp {
        (self.0.clock)()
    }

    pub fn started(&self) -> Timestamp {
        self.0.started
    }

    /// Cancelled when the plane is asked to stop: whatever runs for long must end then.
    pub fn stop(&self) -> &CancellationToken {
        &self.0.stop
    }

    pub fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }
}

/// Does blocking work, such as a question to the store, where it holds up no other request.
///
/// # Errors
/// The work's own; a panic of it is a defect.
pub async fn blocking<T, E>(work: impl FnOnce() -> Result<T, E> + Send + 'static) -> Result<T, Problem>
where
    T: Send + 'static,
    E: Into<Problem> + Send + 'static,
{
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done.map_err(Into::into),
        Err(error) => Err(Problem::internal(error)),
    }
}

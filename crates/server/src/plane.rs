//! What every part of the plane shares.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use rampart_model::Rule;
use rampart_store::{Failure, Store, Tx};
use tokio_util::sync::CancellationToken;

use crate::authority::Authority;
use crate::bus::{Bus, Poke};
use crate::events::Listeners;
use crate::health::Health;
use crate::limiter::Limiter;
use crate::metrics::Metrics;
use crate::options::Options;
use crate::problem::Problem;

/// Cheap to clone; the state of every route.
#[derive(Clone)]
pub struct Plane(Arc<Inner>);

struct Inner {
    options: Options,
    store: Store,
    sign_in: crate::auth::Memory,
    agents: crate::agents::Memory,
    authority: Authority,
    bus: Bus,
    rules: Vec<&'static Rule>,
    clock: Clock,
    stop: CancellationToken,
    started: Timestamp,
    replica: String,
    leads: AtomicBool,
    health: Health,
    metrics: Metrics,
    limiter: Limiter,
    listeners: Listeners,
    certificate_end: Mutex<Option<Timestamp>>,
}

/// Tells the time; a test's tells what the test wants.
pub type Clock = Box<dyn Fn() -> Timestamp + Send + Sync>;

impl Plane {
    /// # Errors
    /// The system gives no random numbers, or a key cannot be read.
    pub fn new(options: Options, store: Store, authority: Authority, clock: Clock) -> Result<Self, String> {
        let started = clock();
        Ok(Self(Arc::new(Inner {
            sign_in: crate::auth::Memory::open(&options)?,
            agents: crate::agents::Memory::default(),
            options,
            store,
            authority,
            bus: Bus::new(),
            rules: rampart_controls::rules(),
            clock,
            stop: CancellationToken::new(),
            started,
            replica: random_word()?,
            leads: AtomicBool::new(false),
            health: Health::default(),
            metrics: Metrics::new(),
            limiter: Limiter::default(),
            listeners: Listeners::default(),
            certificate_end: Mutex::new(None),
        })))
    }

    pub fn options(&self) -> &Options {
        &self.0.options
    }

    /// Its calls block: make them inside of [`Plane::read`], [`Plane::write`] or [`blocking`].
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    pub(crate) fn sign_in(&self) -> &crate::auth::Memory {
        &self.0.sign_in
    }

    pub(crate) fn agents(&self) -> &crate::agents::Memory {
        &self.0.agents
    }

    pub fn authority(&self) -> &Authority {
        &self.0.authority
    }

    pub fn bus(&self) -> &Bus {
        &self.0.bus
    }

    pub fn health(&self) -> &Health {
        &self.0.health
    }

    pub fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    pub(crate) fn limiter(&self) -> &Limiter {
        &self.0.limiter
    }

    pub(crate) fn listeners(&self) -> &Listeners {
        &self.0.listeners
    }

    /// Every rule, in the order of the checklist.
    pub fn rules(&self) -> &[&'static Rule] {
        &self.0.rules
    }

    pub fn rule(&self, id: &str) -> Option<&'static Rule> {
        self.0.rules.iter().find(|rule| rule.id == id).copied()
    }

    /// The title of a rule, or its id where this release does not know it.
    pub fn title(&self, id: &str) -> String {
        self.rule(id).map_or(id, |rule| rule.title).to_owned()
    }

    pub fn now(&self) -> Timestamp {
        (self.0.clock)()
    }

    pub fn started(&self) -> Timestamp {
        self.0.started
    }

    /// This process among several over one database; another one after each start.
    pub fn replica(&self) -> &str {
        &self.0.replica
    }

    /// Whether this replica does what only one may do.
    pub fn leads(&self) -> bool {
        self.0.leads.load(Ordering::Acquire)
    }

    pub(crate) fn set_leads(&self, leads: bool) {
        if self.0.leads.swap(leads, Ordering::AcqRel) != leads {
            tracing::info!(leads, "which replica runs the schedules changed");
            if leads {
                // What came due while nobody led must not wait for the next turn.
                self.bus().poke(Poke::Schedules);
            }
        }
    }

    /// When the listener's certificate ends; none for plain HTTP.
    pub fn certificate_end(&self) -> Option<Timestamp> {
        *self.0.certificate_end.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set_certificate_end(&self, end: Option<Timestamp>) {
        *self.0.certificate_end.lock().unwrap_or_else(PoisonError::into_inner) = end;
    }

    /// Cancelled when the plane is asked to stop: whatever runs for long must end then.
    pub fn stop(&self) -> &CancellationToken {
        &self.0.stop
    }

    pub fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }

    /// Asks the store, on a thread that may wait. All that `work` sees is of one moment.
    ///
    /// # Errors
    /// The store's, or `work`'s own.
    pub async fn read<T, F>(&self, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T, Failure> + Send + 'static,
    {
        let store = self.store().clone();
        blocking(move || store.read(work)).await
    }

    /// Tells the store, on a thread that may wait. `work` may be run more than once.
    ///
    /// # Errors
    /// The store's, or `work`'s own; then nothing was stored.
    pub async fn write<T, F>(&self, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T, Failure> + Send + 'static,
    {
        let store = self.store().clone();
        blocking(move || store.write(work)).await
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

/// 32 hexadecimal digits that nobody can guess.
pub(crate) fn random_word() -> Result<String, String> {
    use ring::rand::{SecureRandom, SystemRandom};
    let mut bytes = [0; 16];
    SystemRandom::new().fill(&mut bytes).map_err(|_| "the system gives no random numbers".to_owned())?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

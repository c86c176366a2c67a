//! What a run has used, and may use: steps, and memory for what it makes.
//!
//! Both are counted, not measured: a run ends in the same way on every machine. Whatever loops over values or makes new
//! ones pays before it does so, therefore no expression runs much longer than its limit says.

use std::sync::Arc;

use regex::Regex;

use crate::value::{Error, Val};

/// Bytes of strings, lists and maps that one run may make.
const MEMORY: u64 = 64 << 20;
/// Characters are counted in tens, as the API server does.
const CHARACTERS: usize = 10;
/// Steps for compiling a pattern that is not constant.
const PATTERN: u64 = 2_000;
/// Units of work that may be done for one of cost.
const WORK: u64 = 2;
/// Patterns that are kept for when they are met again.
const KEPT: usize = 8;

#[derive(Debug)]
pub(crate) struct Meter {
    /// What the API server would charge.
    cost: u64,
    /// What is really done, which the server's prices do not always show.
    work: u64,
    limit: u64,
    memory: u64,
    /// Compiled patterns by the text that they are written as.
    patterns: Vec<(Arc<str>, Arc<Regex>)>,
    /// Those that the plan has compiled.
    constant: Vec<(Arc<str>, Arc<Regex>)>,
}

impl Meter {
    pub(crate) fn new(limit: u64) -> Self {
        Self { cost: 0, work: 0, limit, memory: 0, patterns: Vec::new(), constant: Vec::new() }
    }

    /// For values that a caller compares outside of any run.
    pub(crate) fn unlimited() -> Self {
        Self::new(u64::MAX)
    }

    pub(crate) fn cost(&self) -> u64 {
        self.cost
    }

    /// Charges what the API server would charge.
    pub(crate) fn charge(&mut self, cost: u64) -> Result<(), Error> {
        self.cost = self.cost.saturating_add(cost);
        if self.cost > self.limit { Err(Error::CostExceeded) } else { Ok(()) }
    }

    /// Takes back what the server does not count.
    pub(crate) fn refund(&mut self, cost: u64) {
        self.cost = self.cost.saturating_sub(cost);
    }

    /// Pays for work, which has a limit of its own: no price of the server's lets an expression run on.
    pub(crate) fn pay(&mut self, work: u64) -> Result<(), Error> {
        self.work = self.work.saturating_add(work);
        if self.work > self.limit.saturating_mul(WORK) { Err(Error::CostExceeded) } else { Ok(()) }
    }

    /// Pays for looking through text.
    pub(crate) fn read(&mut self, length: usize) -> Result<(), Error> {
        self.pay((length / CHARACTERS) as u64)
    }

    /// Pays for making text of so many bytes.
    pub(crate) fn text(&mut self, length: usize) -> Result<(), Error> {
        self.make(length)?;
        self.read(length)
    }

    /// Pays for a list or map of so many elements.
    pub(crate) fn elements(&mut self, count: usize) -> Result<(), Error> {
        self.make(count.saturating_mul(size_of::<Val<'_>>()))?;
        self.pay((count / CHARACTERS) as u64)
    }

    pub(crate) fn make(&mut self, bytes: usize) -> Result<(), Error> {
        self.memory = self.memory.saturating_add(bytes as u64);
        if self.memory > MEMORY { Err(Error::CostExceeded) } else { Ok(()) }
    }

    /// A compiled pattern. The last few are kept, since most that are not constant come back for the next element.
    pub(crate) fn pattern(&mut self, text: &str) -> Result<Arc<Regex>, Error> {
        if let Some((_, pattern)) = self.constant.iter().chain(&self.patterns).find(|(known, _)| **known == *text) {
            return Ok(pattern.clone());
        }
        self.pay(PATTERN.saturating_add(weight(text)))?;
        let pattern = Arc::new(crate::functions::pattern(text).map_err(Error::Invalid)?);
        if self.patterns.len() >= KEPT {
            self.patterns.remove(0);
        }
        self.patterns.push((text.into(), pattern.clone()));
        Ok(pattern)
    }

    /// Makes a pattern of the plan known.
    pub(crate) fn know(&mut self, text: &Arc<str>, pattern: &Arc<Regex>) {
        if !self.constant.iter().any(|(_, known)| Arc::ptr_eq(known, pattern)) {
            self.constant.push((text.clone(), pattern.clone()));
        }
    }
}

/// How large a pattern may become: its length times all its counted repetitions.
fn weight(pattern: &str) -> u64 {
    let counts = pattern.split('{').skip(1).filter_map(|rest| {
        let inside = rest.split('}').next()?;
        inside.split(',').filter_map(|count| count.trim().parse::<u64>().ok()).max()
    });
    counts.fold(pattern.len() as u64, |weight, count| weight.saturating_mul(count.max(1)).min(1 << 20))
}

//! The outbox: news that waits to be sent. It is written in the transaction of the change that it speaks of, so that
//! nothing is lost, and has a key of its own, so that nothing is written twice.
//!
//! A sender claims (for a while, so that another one takes over where it dies), begins, and says how it ended. Where it
//! died after `begin`, nobody knows whether the news arrived: such a delivery becomes a dead letter that says so, since
//! nothing is to be sent twice. People may send it again.

pub mod list;
pub mod record;
pub mod send;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::failure::Failure;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    Pending,
    Sent,
    Dead,
}

impl State {
    pub const ALL: [Self; 3] = [Self::Pending, Self::Sent, Self::Dead];

    pub fn id(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Sent => "sent",
            Self::Dead => "dead",
        }
    }

    /// What is being sent at the moment has not been sent yet.
    fn read(text: &str) -> Result<Self, Failure> {
        if text == "sending" {
            return Ok(Self::Pending);
        }
        text.parse().map_err(Failure::corrupt)
    }
}

impl std::str::FromStr for State {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|state| state.id() == text);
        known.ok_or_else(|| format!("unknown state `{}`: use pending, sent or dead", text.escape_debug()))
    }
}

/// What is sent, before it takes the form of the route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    pub cluster: String,
    pub at: Timestamp,
    /// All that happened; `items` holds the gravest of it.
    pub total: u64,
    /// By severity.
    pub counts: BTreeMap<String, u64>,
    pub items: Vec<Item>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    pub fingerprint: String,
    /// `opened`, `reopened` or `unwaived`.
    pub change: String,
    pub rule: String,
    pub control: String,
    pub severity: String,
    pub kind: String,
    pub namespace: String,
    pub name: String,
    pub message: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Delivery {
    pub id: String,
    /// The route's id.
    pub route: String,
    pub at: Timestamp,
    pub state: State,
    pub attempts: u32,
    pub next_attempt: Option<Timestamp>,
    pub problem: Option<String>,
    pub summary: String,
}

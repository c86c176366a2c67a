//! The query string of a list: filters that may be repeated, the cursor, the length of a step, the format.

use std::str::FromStr;

use rampart_store::{Failure, Page as Step, Tx};
use serde::Serialize;

use axum::response::Response;

use crate::csv::{self, Format, Row};
use crate::shape::Page;
use crate::{Plane, Problem};

const STANDARD: usize = 100;
const MOST: usize = 500;
/// No honest filter is longer.
const LONGEST: usize = 1000;
const MOST_PAIRS: usize = 200;

/// What was asked for, with every name known and every value bounded.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asked {
    pairs: Vec<(String, String)>,
}

/// Names that every list takes.
const ALWAYS: [&str; 3] = ["cursor", "limit", "format"];

impl Asked {
    /// # Errors
    /// A name is unknown: a filter that is misspelt must not show everything.
    pub(crate) fn of(pairs: Vec<(String, String)>, known: &[&str]) -> Result<Self, Problem> {
        if pairs.len() > MOST_PAIRS {
            return Err(Problem::invalid("query", format!("give at most {MOST_PAIRS} parameters")));
        }
        for (name, value) in &pairs {
            if !known.contains(&name.as_str()) && !ALWAYS.contains(&name.as_str()) {
                let shown: String = name.chars().take(60).collect();
                let message =
                    format!("there is no parameter `{}` here; known are {}", shown.escape_debug(), known.join(", "));
                return Err(Problem::invalid(shown, message));
            }
            if value.len() > LONGEST {
                return Err(Problem::invalid(name, format!("give at most {LONGEST} bytes")));
            }
        }
        Ok(Self { pairs: pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect() })
    }

    /// The last value of this name.
    pub(crate) fn one(&self, name: &str) -> Option<&str> {
        self.pairs.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Every value of this name, given again and again or with commas between.
    pub(crate) fn many(&self, name: &str) -> Vec<String> {
        let values = self.pairs.iter().filter(|(known, _)| known == name).flat_map(|(_, value)| value.split(','));
        values.map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned).collect()
    }

    /// # Errors
    /// A value is none of the words; the sentence names them.
    pub(crate) fn words<T>(&self, name: &str) -> Result<Vec<T>, Problem>
    where
        T: FromStr<Err = String>,
    {
        self.many(name).iter().map(|word| word.parse().map_err(|error| Problem::invalid(name, error))).collect()
    }

    /// # Errors
    /// The value is neither `true` nor `false`.
    pub(crate) fn truth(&self, name: &str) -> Result<Option<bool>, Problem> {
        match self.one(name) {
            None => Ok(None),
            Some("true" | "1") => Ok(Some(true)),
            Some("false" | "0") => Ok(Some(false)),
            Some(_) => Err(Problem::invalid(name, "use `true` or `false`")),
        }
    }

    /// # Errors
    /// The value is no instant and no day.
    pub(crate) fn instant(&self, name: &str) -> Result<Option<jiff::Timestamp>, Problem> {
        let Some(text) = self.one(name) else { return Ok(None) };
        let day = || {
            let day = text.parse::<jiff::civil::Date>().ok()?;
            jiff::tz::TimeZone::UTC.to_timestamp(day.to_datetime(jiff::civil::Time::midnight())).ok()
        };
        let read = text.parse::<jiff::Timestamp>().ok().or_else(day);
        read.map(Some).ok_or_else(|| Problem::invalid(name, "give an instant such as 2026-11-25T00:00:00Z, or a day"))
    }

    pub(crate) fn cursor(&self) -> Option<&str> {
        self.one("cursor")
    }

    /// # Errors
    /// It is no number of 1 to 500.
    pub(crate) fn limit(&self) -> Result<usize, Problem> {
        let Some(text) = self.one("limit") else { return Ok(STANDARD) };
        let limit = text.parse::<usize>().ok().filter(|limit| (1..=MOST).contains(limit));
        limit.ok_or_else(|| Problem::invalid("limit", format!("give a number of 1 to {MOST}")))
    }

    /// # Errors
    /// The format is unknown.
    pub(crate) fn format(&self) -> Result<Format, Problem> {
        Format::parse(self.one("format"))
    }

    /// Answers with a step of the list, or with all of it as CSV.
    ///
    /// # Errors
    /// The store's, or one of the list's parameters is malformed.
    pub(crate) async fn list<T, F>(&self, plane: &Plane, name: &str, mut load: F) -> Result<Response, Problem>
    where
        T: Row + Serialize + Send + 'static,
        F: FnMut(&mut Tx<'_>, Option<&str>, usize) -> Result<Listed<T>, Failure> + Send + 'static,
    {
        let (format, limit) = (self.format()?, self.limit()?);
        let cursor = self.cursor().map(str::to_owned);
        let page = plane
            .read(move |tx| {
                let (mut cursor, mut items, mut total) = (cursor.clone(), Vec::new(), None);
                loop {
                    let step_limit = if format == Format::Csv { MOST } else { limit };
                    let step = load(tx, cursor.as_deref(), step_limit)?;
                    items.extend(step.items);
                    total = step.total.or(total);
                    cursor = step.next;
                    if format == Format::Json || cursor.is_none() || items.len() >= csv::MOST_ROWS {
                        return Ok(Page { items, next: cursor, total });
                    }
                }
            })
            .await?;
        Ok(csv::respond(format, name, &page))
    }
}

/// A step as it comes from the store, in the shape of the API.
pub(crate) struct Listed<T> {
    pub items: Vec<T>,
    pub next: Option<String>,
    pub total: Option<u64>,
}

impl<T> Listed<T> {
    pub(crate) fn of<S>(step: Step<S>, shape: impl FnMut(S) -> T) -> Self {
        Self { items: step.items.into_iter().map(shape).collect(), next: step.next, total: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &[(&str, &str)]) -> Result<Asked, Problem> {
        let pairs = query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Asked::of(pairs, &["severity", "fixable", "since"])
    }

    #[test]
    fn filters_repeat_and_misspelt_ones_are_refused() {
        let good = asked(&[("severity", "high,critical"), ("severity", "low"), ("limit", "500"), ("fixable", "true")])
            .unwrap();
        assert_eq!(good.many("severity"), ["high", "critical", "low"]);
        assert_eq!(good.words::<rampart_model::Severity>("severity").unwrap().len(), 3);
        assert_eq!((good.limit().unwrap(), good.truth("fixable").unwrap()), (500, Some(true)));
        assert_eq!(asked(&[("sevrity", "high")]).unwrap_err().field.as_deref(), Some("sevrity"));
        for wrong in [("limit", "0"), ("limit", "501"), ("limit", "-1"), ("limit", "x")] {
            assert!(asked(&[wrong]).unwrap().limit().is_err());
        }
        assert!(asked(&[("severity", "severe")]).unwrap().words::<rampart_model::Severity>("severity").is_err());
        assert!(asked(&[("since", "2026-11-25")]).unwrap().instant("since").unwrap().is_some());
        assert!(asked(&[("since", "yesterday")]).unwrap().instant("since").is_err());
        assert!(asked(&[("severity", &"x".repeat(2000))]).is_err());
    }
}

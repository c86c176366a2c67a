//! JSON of reports and frameworks.

use rampart_report::Format;
use rampart_report::document::{FrameworkEntry, RequirementEntry};
use rampart_store::report_schedule::{self, Cron};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A whole list in one answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct All<T> {
    items: Vec<T>,
    next: Option<String>,
}

impl<T> All<T> {
    pub fn of(items: Vec<T>) -> Self {
        Self { items, next: None }
    }
}

/// A format that reports are written in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportFormat {
    id: &'static str,
    title: &'static str,
    media: &'static str,
    per_framework: bool,
}

impl From<Format> for ReportFormat {
    fn from(format: Format) -> Self {
        Self {
            id: format.id(),
            title: format.title(),
            media: format.media(),
            per_framework: format.answers_frameworks(),
        }
    }
}

/// A report by the clock.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Schedule {
    id: String,
    format: String,
    cluster: Option<String>,
    framework: Option<String>,
    /// `daily`, `weekly` or `monthly`, at midnight UTC.
    #[schema(value_type = String)]
    cron: Cron,
    route: Option<String>,
    last_run: Option<String>,
    last_outcome: Option<String>,
}

impl From<report_schedule::Schedule> for Schedule {
    fn from(schedule: report_schedule::Schedule) -> Self {
        Self {
            id: schedule.id,
            format: schedule.format,
            cluster: schedule.cluster,
            framework: schedule.framework,
            cron: schedule.cron,
            route: schedule.route,
            last_run: schedule.last_run.map(|at| at.to_string()),
            last_outcome: schedule.last_outcome,
        }
    }
}

/// A schedule as somebody wants it.
#[derive(Debug, Deserialize, ToSchema)]
pub struct WantedSchedule {
    pub format: String,
    #[serde(default)]
    pub cluster: Option<String>,
    #[serde(default)]
    pub framework: Option<String>,
    /// `daily`, `weekly` or `monthly`.
    #[schema(value_type = String)]
    pub cron: Cron,
    /// A route that is told of each report.
    #[serde(default)]
    pub route: Option<String>,
}

/// A framework by its counts.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FrameworkBrief {
    id: String,
    title: String,
    version: String,
    own: bool,
    requirements: u64,
    pass: u64,
    fail: u64,
    unknown: u64,
    not_assessable: u64,
}

/// A framework with every requirement.
#[derive(Debug, Serialize, ToSchema)]
pub struct FrameworkView {
    #[serde(flatten)]
    brief: FrameworkBrief,
    items: Vec<Requirement>,
}

/// One requirement and what answers it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Requirement {
    id: String,
    title: String,
    /// `pass`, `fail`, `unknown` or `not_assessable`.
    verdict: &'static str,
    rules: Vec<Answer>,
    note: Option<String>,
}

/// What one rule says.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FrameworkAnswer)]
pub struct Answer {
    id: String,
    title: String,
    open: u64,
    verdict: &'static str,
}

pub fn brief(entry: &FrameworkEntry<'_>, own: bool) -> FrameworkBrief {
    FrameworkBrief {
        id: entry.id.to_string(),
        title: entry.title.to_string(),
        version: entry.version.to_string(),
        own,
        requirements: entry.requirements,
        pass: entry.pass,
        fail: entry.fail,
        unknown: entry.unknown,
        not_assessable: entry.not_assessable,
    }
}

pub fn view(entry: FrameworkEntry<'_>, own: bool) -> FrameworkView {
    let brief = brief(&entry, own);
    let item = |item: RequirementEntry<'_>| Requirement {
        id: item.id.into_owned(),
        title: item.title.into_owned(),
        verdict: item.verdict.id(),
        rules: item
            .rules
            .into_iter()
            .map(|rule| Answer {
                id: rule.id.into_owned(),
                title: rule.title.into_owned(),
                open: rule.open,
                verdict: rule.verdict.id(),
            })
            .collect(),
        note: item.note.map(std::borrow::Cow::into_owned),
    };
    FrameworkView { brief, items: entry.items.into_iter().map(item).collect() }
}

//! The report document, built again from what the store keeps: of one cluster or of all that the caller may see.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use rampart_model::evaluation::RuleSummary;
use rampart_model::{Rule, Severity};
use rampart_report::document::{
    ControlEntry, DiagnosticEntry, FindingEntry, GapEntry, MappingEntry, NamespaceEntry, Report, RuleEntry, SCHEMA,
    Tool, TrendEntry, WaivedEntry, WaiverEntry,
};
use rampart_report::framework::{Framework, Seen, SeenRule, builtin};
use rampart_store::cluster::{self, detail};
use rampart_store::control::{ControlState, TrendPoint};
use rampart_store::finding::evidence::{self, Evidence};
use rampart_store::finding::list::{self, Sort};
use rampart_store::finding::{Filter, FindingBrief};
use rampart_store::grade::State;
use rampart_store::rule_state::{self, RuleState};
use rampart_store::{Failure, Scope, Tx, gap, overview};

use crate::Plane;

/// Findings that one report may hold: it is built in memory.
const MOST: u64 = 50_000;

/// What a report is to be about.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub scope: Scope,
    /// None: every cluster of the scope.
    pub cluster: Option<String>,
    /// None: all findings.
    pub framework: Option<Framework>,
    /// Whether the counts of all frameworks stand in it where none is asked for.
    pub sums: bool,
    pub now: Timestamp,
}

/// # Errors
/// There is no such cluster in the scope, there are too many findings for one report, or the database fails.
pub(super) fn report(tx: &mut Tx<'_>, plane: &Plane, wanted: &Wanted) -> Result<Report<'static>, Failure> {
    let states = states(tx, wanted)?;
    let mut report = head(tx, plane, wanted)?;
    let asked = |rule: &Rule| wanted.framework.as_ref().is_none_or(|framework| framework.includes(rule));
    report.rules = plane
        .rules()
        .iter()
        .filter(|rule| asked(rule) && states.contains_key(rule.id))
        .map(|rule| (Cow::Borrowed(rule.id), rule_entry(rule, states.get(rule.id))))
        .collect();
    findings(tx, plane, wanted, &mut report)?;
    let seen = seen(plane.rules(), &states);
    report.frameworks = match (&wanted.framework, wanted.sums) {
        (Some(framework), _) => vec![framework.assess(&seen).into_owned()],
        (None, true) => builtin().iter().map(|framework| framework.assess(&seen).summary().into_owned()).collect(),
        (None, false) => Vec::new(),
    };
    Ok(report)
}

/// # Errors
/// There is no such cluster in the scope, or the database fails.
pub(super) fn states(tx: &mut Tx<'_>, wanted: &Wanted) -> Result<BTreeMap<String, RuleState>, Failure> {
    let cluster = match &wanted.cluster {
        Some(name) => Some(cluster::brief(tx, &wanted.scope, name, wanted.now)?.id),
        None => None,
    };
    rule_state::list(tx, &wanted.scope, cluster)
}

/// What frameworks are answered from. A rule that nobody asked has seen nothing.
pub(super) fn seen(rules: &[&'static Rule], states: &BTreeMap<String, RuleState>) -> Seen<'static> {
    let one = |rule: &&'static Rule| {
        let state = states.get(rule.id).copied().unwrap_or_default();
        let maps_to = rule
            .maps_to
            .iter()
            .map(|mapping| MappingEntry { standard: Cow::Borrowed(mapping.0.title()), id: Cow::Borrowed(mapping.1) });
        let seen = SeenRule {
            title: Cow::Borrowed(rule.title),
            maps_to: maps_to.collect(),
            // Hints do not count against anybody.
            open: if rule.severity > Severity::Info { state.open } else { 0 },
            waived: 0,
            examined: state.examined,
            gap: state.gaps > 0 || state.clusters == 0,
        };
        (Cow::Borrowed(rule.id), seen)
    };
    Seen { rules: rules.iter().map(one).collect() }
}

fn rule_entry(rule: &'static Rule, state: Option<&RuleState>) -> RuleEntry<'static> {
    let summary = state.map(|state| RuleSummary {
        rule: rule.id,
        examined: state.examined,
        failed: state.failed,
        gaps: state.gaps,
    });
    RuleEntry::of(rule, summary.as_ref())
}

/// All but rules, findings and frameworks.
fn head(tx: &mut Tx<'_>, plane: &Plane, wanted: &Wanted) -> Result<Report<'static>, Failure> {
    let mut report = Report {
        schema: Cow::Borrowed(SCHEMA),
        tool: Tool { name: Cow::Borrowed("rampart"), version: Cow::Borrowed(plane.version()) },
        generated: Some(Cow::Owned(format!("{:.0}", wanted.now))),
        target: Cow::Borrowed("all clusters"),
        score: None,
        objects: 0,
        kinds: BTreeMap::new(),
        controls: Vec::new(),
        rules: BTreeMap::new(),
        findings: Vec::new(),
        gaps: Vec::new(),
        waived: Vec::new(),
        diagnostics: Vec::new(),
        namespaces: Vec::new(),
        frameworks: Vec::new(),
        trend: Vec::new(),
    };
    match &wanted.cluster {
        Some(name) => of_cluster(tx, wanted, name, &mut report)?,
        None => of_all(tx, plane, wanted, &mut report)?,
    }
    Ok(report)
}

fn of_cluster(tx: &mut Tx<'_>, wanted: &Wanted, name: &str, report: &mut Report<'static>) -> Result<(), Failure> {
    let cluster = detail::get(tx, &wanted.scope, name, wanted.now)?;
    report.target = Cow::Owned(cluster.brief.name.clone());
    report.score = cluster.brief.score;
    report.objects = cluster.brief.objects;
    report.kinds = cluster.kinds.into_iter().map(|(kind, count)| (Cow::Owned(kind), count)).collect();
    report.controls = cluster.controls.iter().map(control).collect();
    report.gaps = cluster.gaps.into_iter().map(|gap| gap_entry(gap, "")).collect();
    report.trend = cluster.trend.into_iter().map(trend).collect();
    let diagnostic = |one: detail::Diagnostic| DiagnosticEntry {
        source: Cow::Owned(one.source),
        line: one.line,
        column: one.column,
        message: Cow::Owned(one.message),
        lost: one.lost,
    };
    report.diagnostics = cluster.diagnostics.into_iter().map(diagnostic).collect();
    let namespace = |one: detail::Namespace| NamespaceEntry {
        name: Cow::Owned(one.name),
        score: one.score,
        complete: one.complete,
        parts: one.parts.into_iter().map(|(part, state)| (Cow::Owned(part), Cow::Owned(state))).collect(),
    };
    report.namespaces = cluster.namespaces.into_iter().map(namespace).collect();
    Ok(())
}

fn of_all(tx: &mut Tx<'_>, plane: &Plane, wanted: &Wanted, report: &mut Report<'static>) -> Result<(), Failure> {
    let titles = titles(plane);
    let overview = overview::get(tx, &wanted.scope, wanted.now, &titles)?;
    report.score = overview.score;
    report.controls = overview.controls.iter().map(|one| control(&one.state)).collect();
    report.trend = fleet_trend(&overview.controls);
    let briefs = cluster::all(tx, &wanted.scope, wanted.now)?;
    report.objects = briefs.iter().map(|brief| brief.objects).sum();
    let mut cursor = None;
    loop {
        let page = gap::list(tx, &wanted.scope, &gap::Filter::default(), cursor.as_deref(), 500)?;
        report.gaps.extend(page.items.into_iter().map(|gap| {
            let place = format!("{}: ", gap.cluster);
            gap_entry(gap, &place)
        }));
        cursor = page.next;
        if cursor.is_none() {
            return Ok(());
        }
    }
}

/// The days of the fleet: the mean of the controls' scores, and all that is open.
fn fleet_trend(controls: &[overview::FleetControl]) -> Vec<TrendEntry<'static>> {
    let mut days: BTreeMap<&str, (Vec<u64>, u64)> = BTreeMap::new();
    for point in controls.iter().flat_map(|control| &control.trend) {
        let (scores, open) = days.entry(&point.day).or_default();
        scores.extend(point.score.map(u64::from));
        *open += point.open;
    }
    let entry = |(day, (scores, open)): (&str, (Vec<u64>, u64))| TrendEntry {
        day: Cow::Owned(day.to_owned()),
        score: scores.iter().sum::<u64>().checked_div(scores.len() as u64).and_then(|mean| u8::try_from(mean).ok()),
        open,
    };
    days.into_iter().map(entry).collect()
}

fn trend(point: TrendPoint) -> TrendEntry<'static> {
    TrendEntry { day: Cow::Owned(point.day), score: point.score, open: point.open }
}

fn control(state: &ControlState) -> ControlEntry {
    ControlEntry {
        id: state.id,
        layer: state.id.layer(),
        phase: state.id.phase(),
        verdict: state.verdict,
        score: state.score,
        coverage: state.coverage,
        examined: state.examined,
        counts: state.counts,
    }
}

fn gap_entry(gap: gap::Gap, place: &str) -> GapEntry<'static> {
    GapEntry {
        control: gap.control,
        rule: Cow::Owned(gap.rule),
        reason: Cow::Owned(format!("{place}{}", gap.reason)),
        remedy: Cow::Owned(gap.remedy),
    }
}

fn titles(plane: &Plane) -> impl Fn(&str) -> String + use<> {
    let titles: HashMap<&'static str, &'static str> = plane.rules().iter().map(|rule| (rule.id, rule.title)).collect();
    move |id: &str| titles.get(id).map_or(id, |title| title).to_owned()
}

fn findings(tx: &mut Tx<'_>, plane: &Plane, wanted: &Wanted, report: &mut Report<'static>) -> Result<(), Failure> {
    let rules: Vec<String> = match &wanted.framework {
        None => Vec::new(),
        Some(framework) => {
            let asked = plane.rules().iter().filter(|rule| framework.includes(rule));
            let ids: Vec<String> = asked.map(|rule| rule.id.to_owned()).collect();
            if ids.is_empty() {
                return Ok(());
            }
            ids
        }
    };
    let titles = titles(plane);
    for state in [State::Open, State::Waived] {
        let filter = Filter {
            clusters: wanted.cluster.iter().cloned().collect(),
            rules: rules.clone(),
            states: vec![state],
            ..Filter::default()
        };
        let mut cursor = None;
        loop {
            let page = list::list(tx, &wanted.scope, &filter, Sort::Severity, cursor.as_deref(), 500, &titles)?;
            if page.total > MOST {
                let message = format!("a report holds at most {MOST} findings; ask for one cluster or a framework");
                return Err(Failure::invalid("cluster", message));
            }
            let mut evidence = evidence::of(tx, &page.items)?;
            for brief in page.items {
                let key = (brief.cluster.clone(), brief.fingerprint.clone());
                let Some(evidence) = evidence.remove(&key) else { continue };
                take(report, brief, evidence, wanted.cluster.is_none());
            }
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
    }
    Ok(())
}

/// In a report of many clusters, the message says which one is meant.
fn take(report: &mut Report<'static>, brief: FindingBrief, evidence: Evidence, names_cluster: bool) {
    let message = if names_cluster { format!("in {}: {}", brief.cluster, brief.message) } else { brief.message };
    let finding = FindingEntry {
        fingerprint: Cow::Owned(brief.fingerprint),
        rule: Cow::Owned(brief.rule.clone()),
        control: brief.control,
        severity: brief.severity,
        subject: brief.subject,
        key: Cow::Owned(brief.key),
        message: Cow::Owned(message),
        path: Cow::Owned(evidence.path),
        location: evidence.location,
        value: evidence.value.map(Cow::Owned),
        excerpt: evidence.excerpt.map(Cow::Owned),
        cause: evidence.cause.map(Box::new),
        due: evidence.due,
        remedies: evidence.remedies,
    };
    if brief.state != State::Waived {
        report.findings.push(finding);
        return;
    }
    let waiver = evidence.waiver.unwrap_or_else(|| WaiverEntry {
        rule: Cow::Owned(brief.rule),
        reason: Cow::Borrowed(""),
        owner: Cow::Borrowed(""),
        expires: Cow::Borrowed(""),
        origin: Cow::Owned(brief.waiver.unwrap_or_default()),
    });
    report.waived.push(WaivedEntry { finding, waiver });
}

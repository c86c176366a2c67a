//! A cluster of a release that gets no more fixes.

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use rampart_model::facts::control_plane::Role;
use rampart_model::rule::Check;
use rampart_model::{
    Control, Evidence, Facts, KubernetesVersion, Mapping, Reporter, Rule, Severity, Standard, Subject,
};

pub(crate) static RULE: Rule = Rule {
    id: "upgrades/end-of-life",
    control: Control::Upgrades,
    severity: Severity::High,
    title: "Kubernetes release gets no more fixes",
    why: "Holes found from now on stay open: they are published with the releases that mend them, and this one is not \
          among those.",
    fix: "Upgrade the control plane one minor release at a time to one that is maintained, then the nodes.",
    maps_to: &[
        Mapping(Standard::NsaCisa, "Upgrading and application security practices"),
        Mapping(Standard::MitreAttack, "T1190"),
    ],
    check: Check::Cluster { run },
};

/// The last day of maintenance of each minor release, as the project published it.
const ENDS: [(u32, Date); 22] = [
    (16, date(2020, 8, 4)),
    (17, date(2020, 12, 25)),
    (18, date(2021, 6, 18)),
    (19, date(2021, 10, 28)),
    (20, date(2022, 2, 28)),
    (21, date(2022, 6, 28)),
    (22, date(2022, 10, 28)),
    (23, date(2023, 2, 28)),
    (24, date(2023, 7, 28)),
    (25, date(2023, 10, 27)),
    (26, date(2024, 2, 28)),
    (27, date(2024, 6, 28)),
    (28, date(2024, 10, 28)),
    (29, date(2025, 2, 28)),
    (30, date(2025, 7, 15)),
    (31, date(2025, 11, 11)),
    (32, date(2026, 2, 28)),
    (33, date(2026, 6, 28)),
    (34, date(2026, 10, 27)),
    (35, date(2027, 2, 28)),
    (36, date(2027, 6, 28)),
    (37, date(2027, 10, 28)),
];

/// Within this many days the end is announced.
const NOTICE_DAYS: i64 = 60;

fn run(facts: &Facts, report: &mut Reporter<'_>) {
    let oldest = facts
        .control_plane
        .api_servers()
        .filter_map(|server| Some((server.version?, server)))
        .min_by_key(|(version, _)| *version);
    let (version, subject, evidence) = match (oldest, facts.server_version.or(report.settings().kubernetes_version)) {
        (Some((version, server)), _) => (version, server.origin.subject.clone(), server.image.clone()),
        (None, Some(version)) => (version, Subject::cluster(), Evidence::default()),
        (None, None) => {
            return report.gap(
                format!("no sign of the release that runs: no `{}` pod and no version", Role::ApiServer.id()),
                "scan the cluster itself, or name the release with `--kubernetes-version`",
            );
        }
    };
    report.examined(1);
    let Some(end) = end(version) else { return };
    let today = report.settings().now.to_zoned_datetime(TimeZone::UTC).date();
    let days = today.duration_until(end).as_hours() / 24;
    if days < 0 {
        let message = format!("Kubernetes {version} gets no more fixes since {end}");
        report.finding(&subject, evidence, "release", message).due(end);
    } else if days <= NOTICE_DAYS {
        let message = format!("Kubernetes {version} gets fixes until {end} only");
        report.finding(&subject, evidence, "release", message).severity(Severity::Low).due(end);
    }
}

/// None for releases that are not published yet.
fn end(version: KubernetesVersion) -> Option<Date> {
    let (oldest, first) = ENDS.first()?;
    match version {
        KubernetesVersion { major: 1, minor } if minor >= *oldest => {
            ENDS.iter().find(|(known, _)| *known == minor).map(|(_, end)| *end)
        }
        KubernetesVersion { major: 2.., .. } => None,
        _ => Some(*first),
    }
}

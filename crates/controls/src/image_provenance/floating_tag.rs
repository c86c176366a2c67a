//! Moving tags that nodes keep once they have them.

use rampart_model::{Check, Control, Mapping, Place, Pod, Reporter, Rule, Severity, Standard};

pub(crate) static RULE: Rule = Rule {
    id: "image-provenance/floating-tag",
    control: Control::ImageProvenance,
    severity: Severity::Low,
    title: "Moving tag is not pulled again",
    why: "The tag moves with each release, but a node that has the image never asks again: old nodes run old code, new ones \
          run new code, and a fixed vulnerability stays where nobody looks.",
    fix: "Name a full version or a digest; where the tag has to move, set `imagePullPolicy: Always`.",
    maps_to: &[Mapping(Standard::CisKubernetes, "5.5.1")],
    check: Check::Pod { run },
};

fn run(pod: &Pod<'_>, report: &mut Reporter<'_>) {
    for (container, image) in super::images(pod) {
        let Some(tag) = image.pulled_tag().filter(|tag| image.digest.is_none() && is_floating(tag)) else { continue };
        if super::pull_policy(&container, &image) != "IfNotPresent" {
            continue;
        }
        let place = match container.value.field("imagePullPolicy") {
            Some(policy) => Place::At(policy),
            None => Place::Missing(container.value, "imagePullPolicy"),
        };
        let name = container.name();
        let message = format!("container `{name}` keeps the first `{}:{tag}` that a node pulled", image.repository());
        report.finding(&pod.object.subject(), place, name, message).set("\"Always\"");
    }
}

/// True for tags that are made to move: `latest`, `stable`, `main`, `8`, `1.27-alpine`. A full version, a commit, a date
/// or a build number is made to stay.
fn is_floating(tag: &str) -> bool {
    let version = tag.strip_prefix('v').unwrap_or(tag);
    let numbers = version.split(['-', '+', '_']).next().unwrap_or(version);
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_full_version = numbers.split('.').count() >= 3 && numbers.split('.').all(is_number);
    let is_build = |part: &str| part.len() >= 6 && is_number(part);
    let is_commit = |part: &str| {
        part.len() >= 7
            && part.bytes().all(|byte| byte.is_ascii_hexdigit())
            && part.bytes().any(|byte| byte.is_ascii_digit())
    };
    // `2026-01-31`, `2026.01.31` and `20260131` alike.
    let digits: String = tag.chars().filter(|character| !matches!(character, '-' | '.' | '_')).collect();
    let dated = digits.match_indices("20").any(|(at, _)| digits.get(at..at + 8).is_some_and(is_number));
    let has_stamp = tag.split(['-', '_', '.', '+']).any(|part| {
        is_build(part) || is_commit(part) || part.strip_prefix("sha").or(part.strip_prefix('g')).is_some_and(is_commit)
    });
    !(is_full_version || has_stamp || dated)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_move_where_they_name_no_single_build() {
        for tag in ["latest", "stable", "main", "8", "1.27", "1.27-alpine", "v2", "edge-slim", "prod"] {
            assert!(is_floating(tag), "{tag}");
        }
        for tag in [
            "1.2.3",
            "v1.2.3",
            "1.2.3-alpine",
            "1.2.3.4",
            "20260131",
            "2026-01-31",
            "main-4f2a9c1",
            "sha-4f2a9c1d",
            "build-123456",
            "RELEASE.2025-01-20T14-49-07Z",
            "1.27-20260131",
        ] {
            assert!(!is_floating(tag), "{tag}");
        }
    }
}

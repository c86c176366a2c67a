//! The patterns of `allowed_registries`: `registry.example`, `ghcr.io/acme`, `*.pkg.dev/acme-*/*`, `nginx`.
//!
//! A pattern is a registry with any number of path parts, and allows everything below. `*` stands for any characters
//! within one part, so it never reaches from a host into a path. Docker Hub's other names and short names mean Docker Hub.

use rampart_model::ImageReference;
use rampart_model::image::{DOCKER_HUB, canonical, is_host_like};

pub(super) fn is_allowed(patterns: &[String], image: &ImageReference<'_>) -> bool {
    patterns.iter().any(|pattern| allows(pattern, image))
}

fn allows(pattern: &str, image: &ImageReference<'_>) -> bool {
    let pattern = pattern.trim().trim_end_matches("/**").trim_end_matches('/');
    let pattern = pattern.strip_prefix("https://").unwrap_or(pattern);
    let mut parts = pattern.split('/').peekable();
    let Some(first) = parts.peek().copied().filter(|first| !first.is_empty()) else { return false };
    if first.contains('*') || is_host_like(first) {
        parts.next();
        return matches(canonical(first), image.registry) && covers(parts, image.path());
    }
    // `acme/app` and `nginx` are short for places on Docker Hub; `registry` may also be a host without a dot.
    let is_short = image.registry == DOCKER_HUB
        && (covers(parts.clone(), image.path()) || covers(["library"].into_iter().chain(parts.clone()), image.path()));
    parts.next();
    is_short || (matches(first, image.registry) && covers(parts, image.path()))
}

/// True where each part of the pattern takes the part of the path at its place.
fn covers<'a>(pattern: impl Iterator<Item = &'a str>, mut path: impl Iterator<Item = &'a str>) -> bool {
    pattern.into_iter().all(|wanted| path.next().is_some_and(|part| matches(wanted, part)))
}

/// `*` takes any characters; everything else itself, in any case for hosts' sake.
fn matches(pattern: &str, text: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else { return pattern.eq_ignore_ascii_case(text) };
    let starts = text.get(..head.len()).is_some_and(|start| start.eq_ignore_ascii_case(head));
    let Some(tail) = text.get(head.len()..).filter(|_| starts) else { return false };
    let mut ends = (0..=tail.len()).rev().filter_map(|at| tail.get(at..));
    ends.any(|end| matches(rest, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, image: &str) -> bool {
        is_allowed(&[pattern.to_owned()], &ImageReference::parse(image).unwrap())
    }

    #[test]
    fn a_pattern_allows_what_is_below_it() {
        for (pattern, image) in [
            ("registry.example", "registry.example/a/b:1"),
            ("registry.example/", "registry.example/a"),
            ("registry.example/**", "registry.example/a"),
            ("registry.example:5000", "registry.example:5000/a"),
            ("ghcr.io/acme", "ghcr.io/acme/app"),
            ("ghcr.io/acme/*", "ghcr.io/acme/app/sub"),
            ("*.dkr.ecr.*.amazonaws.com", "1234.dkr.ecr.eu-west-1.amazonaws.com/app"),
            ("*.pkg.dev/acme-*", "europe-docker.pkg.dev/acme-prod/images/app"),
            ("*", "anything.example/a"),
            ("docker.io", "nginx"),
            ("index.docker.io/library", "nginx"),
            ("docker.io/library/*", "nginx:1"),
            ("nginx", "docker.io/library/nginx"),
            ("acme", "acme/app"),
            ("acme/app", "docker.io/acme/app"),
        ] {
            assert!(check(pattern, image), "{pattern} {image}");
        }
    }

    #[test]
    fn a_pattern_allows_nothing_beside_it() {
        for (pattern, image) in [
            ("registry.example", "registry.example.evil.example/a"),
            ("registry.example", "evil.example/registry.example/a"),
            ("registry.example", "registry.example:5000/a"),
            ("ghcr.io/acme", "ghcr.io/acme-evil/app"),
            ("ghcr.io/acme/*", "ghcr.io/other/app"),
            ("*.example", "evil.test/x.example"),
            ("registry.example/*", "nginx"),
            ("docker.io/library", "someone/nginx"),
            ("nginx", "someone/nginx"),
            ("", "nginx"),
        ] {
            assert!(!check(pattern, image), "{pattern} {image}");
        }
    }
}

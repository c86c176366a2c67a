//! From a mirror to an evaluation: the same rules over the same documents as a scan of the cluster.

use std::num::NonZeroUsize;

use rampart_collect::{Mirror, Options};
use rampart_controls::Evaluator;
use rampart_model::{Evaluation, Rule, Settings};

/// Judges all that the mirror holds at this moment, on `threads` threads. Blocks.
pub fn evaluate(
    mirror: &Mirror,
    settings: &Settings,
    rules: &[&'static Rule],
    threads: NonZeroUsize,
    target: &str,
) -> Evaluation {
    let mut settings = settings.clone();
    settings.kubernetes_version = settings.kubernetes_version.or(mirror.server_version());
    let options = Options { threads, ..Options::new() };
    let start = || Evaluator::new(&settings, rules);
    let (collected, parts) = mirror.read(&options, start, Evaluator::document);
    let whole = parts.into_iter().reduce(|mut whole, part| {
        whole.merge(part);
        whole
    });
    let mut whole = whole.unwrap_or_else(start);
    let missed = |missed: rampart_collect::Missed| (format!("{}: {}", missed.source, missed.reason), missed.remedy);
    whole.missed.extend(collected.missed.into_iter().map(missed));
    whole.facts.unseen.extend(collected.unseen);
    whole.facts.is_cluster |= collected.is_cluster;
    whole.facts.server_version = whole.facts.server_version.or(collected.server_version);
    whole.finish(target, collected.diagnostics)
}

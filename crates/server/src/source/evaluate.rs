//! One evaluation of a target, from its documents to the state that the store compares.

use std::path::PathBuf;

use jiff::Timestamp;
use rampart_collect::{Mirror, Options, Target};
use rampart_controls::Evaluator;
use rampart_model::{Rule, Settings, Waiver};
use rampart_protocol::State;

use super::settings;

/// What an evaluation needs beside the target.
#[derive(Clone)]
pub(super) struct Wanted {
    pub files: Vec<PathBuf>,
    /// Approved by people since.
    pub waivers: Vec<Waiver>,
    pub registries: Vec<String>,
    pub now: Timestamp,
    pub rules: Vec<&'static Rule>,
}

impl Wanted {
    fn settings(&self) -> Result<(Settings, Vec<rampart_model::Diagnostic>), String> {
        let (mut settings, doubts) = settings::read(&self.files, self.now)?;
        settings.waivers.extend(self.waivers.iter().cloned());
        for registry in &self.registries {
            if !settings.allowed_registries.contains(registry) {
                settings.allowed_registries.push(registry.clone());
            }
        }
        Ok((settings, doubts))
    }
}

/// Reads files and asks every rule. Blocks.
///
/// # Errors
/// The target as a whole cannot be read; the sentence says what to do.
pub(super) fn files(target: &Target, name: &str, wanted: &Wanted) -> Result<State, String> {
    let (mut settings, doubts) = wanted.settings()?;
    let options = Options { namespaces: settings.namespaces.clone(), ..Options::new() };
    if settings.kubernetes_version.is_none() {
        settings.kubernetes_version =
            rampart_collect::release(target, &options).map_err(|refusal| refusal.to_string())?;
    }
    let start = || Evaluator::new(&settings, &wanted.rules);
    let (collected, parts) =
        rampart_collect::read(target, &options, start, Evaluator::document).map_err(|refusal| refusal.to_string())?;
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
    let version = whole.facts.server_version.map(|version| version.to_string());
    let diagnostics = doubts.into_iter().chain(collected.diagnostics).collect();
    Ok(State::of(&whole.finish(name, diagnostics), &wanted.rules, version))
}

/// Judges what a mirror holds at this moment. Blocks.
///
/// # Errors
/// A settings file cannot be read.
pub(super) fn mirror(mirror: &Mirror, name: &str, wanted: &Wanted) -> Result<State, String> {
    let (settings, doubts) = wanted.settings()?;
    let threads = std::thread::available_parallelism().unwrap_or(std::num::NonZeroUsize::MIN);
    let mut evaluation = rampart_agent::evaluate(mirror, &settings, &wanted.rules, threads, name);
    evaluation.diagnostics.splice(0..0, doubts);
    let version = mirror.server_version().map(|version| version.to_string());
    Ok(State::of(&evaluation, &wanted.rules, version))
}

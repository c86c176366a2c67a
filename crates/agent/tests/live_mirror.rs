//! A mirror of a real API server says the same as a scan of it. Runs where `RAMPART_E2E_READONLY` and
//! `RAMPART_E2E_WITHOUT_CONFIGMAPS` name kubeconfigs, as `cargo xtask e2e` makes them; says so where it does not run.

#![expect(clippy::unwrap_used, reason = "a broken harness must stop the test")]

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use rampart_agent::evaluate;
use rampart_collect::{Mirror, Options, Target, WatchOptions, read, release};
use rampart_controls::Evaluator;
use rampart_model::{Evaluation, Settings};
use rampart_report::{Format, Layout, ReportContext};

fn settings() -> Settings {
    Settings::new("2026-06-01T00:00:00Z".parse().unwrap())
}

fn json(evaluation: &Evaluation) -> String {
    let rules = rampart_controls::rules();
    let context = ReportContext { version: "", generated: None, rules: &rules, layout: Layout::default() };
    let mut out = Vec::new();
    rampart_report::write(evaluation, &context, Format::Json, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn scan(kubeconfig: &Path) -> Evaluation {
    let target = Target::Context { name: None, kubeconfig: Some(kubeconfig.to_owned()) };
    let mut settings = settings();
    settings.kubernetes_version = release(&target, &Options::new()).unwrap();
    let rules = rampart_controls::rules();
    let start = || Evaluator::new(&settings, &rules);
    let (collected, parts) = read(&target, &Options::new(), start, Evaluator::document).unwrap();
    let mut whole = start();
    parts.into_iter().for_each(|part| whole.merge(part));
    whole.facts.unseen.extend(collected.unseen);
    whole.facts.is_cluster |= collected.is_cluster;
    whole.facts.server_version = collected.server_version;
    whole.finish("cluster", collected.diagnostics)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mirror_says_the_same_as_a_scan() {
    for variable in ["RAMPART_E2E_READONLY", "RAMPART_E2E_WITHOUT_CONFIGMAPS"] {
        let Some(kubeconfig) = std::env::var_os(variable).map(PathBuf::from) else {
            eprintln!("not run: {variable} names no kubeconfig");
            continue;
        };
        let mirror = Mirror::start(None, Some(&kubeconfig), WatchOptions::new()).await.unwrap();
        mirror.ready().await;
        let rules = rampart_controls::rules();
        let threads = NonZeroUsize::new(2).unwrap();
        let mirrored = tokio::task::block_in_place(|| evaluate(&mirror, &settings(), &rules, threads, "cluster"));
        let scanned = tokio::task::block_in_place(|| {
            std::thread::scope(|scope| scope.spawn(|| scan(&kubeconfig)).join().unwrap())
        });
        assert!(scanned.findings.len() > 20, "{}", scanned.findings.len());
        assert!(json(&mirrored) == json(&scanned), "the reports differ");
        assert!(!mirror.cluster_uid().await.unwrap().is_empty());
        eprintln!("{variable}: {} findings, mirror {:?}", scanned.findings.len(), mirror.usage());
    }
}

//! kube-bench's own benchmarks over two recorded nodes, against what kube-bench said of them.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a broken corpus must stop the test with its reason")]

use std::collections::BTreeMap;
use std::io::Read;
use std::path::PathBuf;

use rampart_model::node::{Kind, Node, Process, Stat, Unread};
use rampart_policy::kube_bench::benchmark::{Files, names};
use rampart_policy::kube_bench::{Benchmark, Selection};

/// A node that was written down.
struct Recorded {
    files: BTreeMap<String, (Stat, String)>,
    processes: Vec<Process>,
}

impl Recorded {
    fn of(tree: &[u8], processes: &[u8]) -> Self {
        let mut files = BTreeMap::new();
        let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(tree));
        for entry in archive.entries().unwrap() {
            let mut entry = entry.unwrap();
            let path = entry.path().unwrap().display().to_string();
            let path = format!("/{}", path.trim_start_matches("./").trim_end_matches('/'));
            let header = entry.header();
            let kind = match header.entry_type() {
                tar::EntryType::Directory => Kind::Directory,
                tar::EntryType::Regular => Kind::File,
                _ => Kind::Other,
            };
            let number = |value: u64| u32::try_from(value).unwrap();
            let stat = Stat {
                kind,
                mode: header.mode().unwrap() & 0o7777,
                uid: number(header.uid().unwrap()),
                gid: number(header.gid().unwrap()),
                size: header.size().unwrap(),
            };
            let mut text = String::new();
            let _ = entry.read_to_string(&mut text);
            files.insert(path, (stat, text));
        }
        let named: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(processes).unwrap();
        let processes = named
            .into_iter()
            .map(|(name, arguments)| Process {
                name,
                arguments: arguments.as_array().unwrap().iter().map(|word| word.as_str().unwrap().to_owned()).collect(),
            })
            .collect();
        Self { files, processes }
    }
}

impl Node for Recorded {
    fn stat(&self, path: &str) -> Option<Stat> {
        self.files.get(path.trim_end_matches('/')).map(|(stat, _)| *stat)
    }

    fn read(&self, path: &str) -> Result<String, Unread> {
        match self.files.get(path) {
            Some((Stat { kind: Kind::Directory, .. }, _)) => Err(Unread::Directory),
            Some((_, text)) => Ok(text.clone()),
            None => Err(Unread::Missing),
        }
    }

    fn list(&self, path: &str) -> Option<Vec<String>> {
        let below = format!("{}/", path.trim_end_matches('/'));
        self.stat(path).filter(|stat| stat.kind == Kind::Directory)?;
        let names = self.files.keys().filter_map(|file| file.strip_prefix(&below));
        Some(names.filter(|name| !name.contains('/')).map(str::to_owned).collect())
    }

    fn processes(&self) -> &[Process] {
        &self.processes
    }

    fn user_name(&self, uid: u32) -> Option<String> {
        (uid == 0).then(|| "root".to_owned())
    }

    fn group_name(&self, gid: u32) -> Option<String> {
        (gid == 0).then(|| "root".to_owned())
    }
}

fn corpora() -> Option<PathBuf> {
    let folder = std::env::var_os("RAMPART_CORPORA")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpora")), PathBuf::from);
    if folder.join("kube-bench-cfg.tar.zst").exists() {
        return Some(folder);
    }
    println!("SKIPPED: the corpus is not in `{}`: set RAMPART_CORPORA", folder.display());
    None
}

fn definitions(corpora: &std::path::Path) -> Files {
    let file = std::fs::File::open(corpora.join("kube-bench-cfg.tar.zst")).unwrap();
    let mut archive = tar::Archive::new(zstd::stream::read::Decoder::new(file).unwrap());
    let mut files = Files::new();
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        let path = entry.path().unwrap().display().to_string();
        if let Some(name) =
            path.split_once("cfg/").map(|(_, name)| name.to_owned()).filter(|name| name.ends_with(".yaml"))
        {
            let mut text = String::new();
            entry.read_to_string(&mut text).unwrap();
            files.insert(name, text);
        }
    }
    files
}

#[test]
fn all_benchmarks_load_with_all_their_checks() {
    let Some(corpora) = corpora() else { return };
    let files = definitions(&corpora);
    let names: Vec<&str> = names(&files);
    assert_eq!(names.len(), 46);
    let mut sum = (0, 0, 0, 0);
    for name in names {
        let benchmark = Benchmark::of(&files, name).unwrap();
        let census = benchmark.census().unwrap();
        sum = (sum.0 + census.groups, sum.1 + census.automated, sum.2 + census.manual, sum.3 + census.skipped);
        if name == "gke-1.9.0" {
            assert!(benchmark.ids().unwrap().iter().any(|id| id.starts_with("5.10")), "ids stay text");
        }
    }
    assert_eq!(sum, (704, 2952, 1588, 320));
}

/// Verdicts that agree, of all; by what disagrees.
#[test]
fn recorded_nodes_are_judged_as_by_kube_bench() {
    let Some(corpora) = corpora() else { return };
    let files = definitions(&corpora);
    let (mut all, mut states, mut texts) = (0usize, 0usize, 0usize);
    let mut differing = Vec::new();
    for name in ["v0-kubeadm-default", "v3-worker"] {
        let folder = corpora.join("cis-nodes").join(name);
        let read = |file: &str| std::fs::read(folder.join(file)).unwrap();
        let node = Recorded::of(&read("tree.tar.gz"), &read("processes.json"));
        let verdicts = read("verdicts.json.gz");
        let verdicts: BTreeMap<String, Vec<[String; 6]>> =
            serde_json::from_reader(flate2::read::GzDecoder::new(verdicts.as_slice())).unwrap();
        for (benchmark, rows) in verdicts {
            let (results, problems) = Benchmark::of(&files, &benchmark).unwrap().run(&node, &Selection::default());
            assert_eq!(problems, Vec::<String>::new());
            let mut ours = BTreeMap::new();
            for controls in &results.controls {
                for check in controls.tests.iter().flat_map(|group| &group.results) {
                    ours.insert((controls.node_type.clone(), check.test_number.clone()), check);
                }
            }
            for [target, id, _, status, expected, _] in rows {
                all += 1;
                let Some(check) = ours.get(&(target.clone(), id.clone())) else {
                    differing.push(format!("{name} {benchmark} {target} {id}: not judged"));
                    continue;
                };
                states += usize::from(check.status == status);
                texts += usize::from(check.expected_result == expected);
                if check.status != status || check.expected_result != expected {
                    differing.push(format!(
                        "{name} {benchmark} {target} {id}: {} {:?}, kube-bench {status} {expected:?} {}",
                        check.status, check.expected_result, check.reason
                    ));
                }
            }
        }
    }
    println!("{states} of {all} states and {texts} of {all} expectations as kube-bench says");
    differing.iter().for_each(|line| println!("{line}"));
    assert!(states * 1000 >= all * 995, "{states} of {all} states");
    assert!(texts * 100 >= all * 99, "{texts} of {all} expectations");
}

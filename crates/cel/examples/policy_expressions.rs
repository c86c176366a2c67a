//! How long the expressions of the public Kyverno policies take over a pod of 16 kB, here and in the `cel` crate.
//!
//! `RAMPART_CORPORA=.. cargo run --release -p rampart-cel --example policy_expressions`

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark that cannot be set up must stop")]
#![expect(clippy::print_stdout, reason = "the figures are what it is for")]

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use cel::objects::Key;
use cel::{Context, Env, Value};
use rampart_cel::{DEFAULT_COST, Environment, Program, Val};
use rampart_model::source::SourceText;
use rampart_model::{Document, Limits, Value as Node};
use serde_json::{Value as Json, json};

/// Names that policies use.
const NAMES: [&str; 6] = ["object", "oldObject", "request", "params", "variables", "namespaceObject"];

/// How long each expression is measured.
const LONG: Duration = Duration::from_millis(8);

fn corpus() -> Option<BTreeSet<String>> {
    let folder = std::env::var_os("RAMPART_CORPORA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora"), PathBuf::from);
    let packed = std::fs::read(folder.join("kyverno-policies.tar.zst")).ok()?;
    let bytes = zstd::decode_all(packed.as_slice()).unwrap();
    let mut archive = tar::Archive::new(bytes.as_slice());
    let mut found = BTreeSet::new();
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        let is_yaml = entry.path().unwrap().extension().is_some_and(|extension| extension == "yaml");
        let mut text = String::new();
        if !is_yaml || entry.read_to_string(&mut text).is_err() {
            continue;
        }
        let (documents, _) = Document::all_from_yaml(&Arc::new(SourceText::new("policy", text)), &Limits::STANDARD);
        documents.iter().for_each(|document| collect(document.root(), &mut found));
    }
    Some(found)
}

fn collect(node: Node<'_>, found: &mut BTreeSet<String>) {
    for (key, value) in node.entries() {
        match value.str() {
            Some(text) if matches!(key, "expression" | "messageExpression") => {
                found.insert(text.trim().to_owned());
            }
            _ => collect(value, found),
        }
    }
    node.items().for_each(|item| collect(item, found));
}

/// A pod of twenty containers.
fn pod() -> Json {
    let containers: Vec<Json> = (0..20)
        .map(|number| {
            json!({
                "name": format!("container-{number}"), "image": format!("registry.example.com/team/app-{number}:1.{number}.0"),
                "imagePullPolicy": "IfNotPresent", "ports": [{"containerPort": 8080 + number, "protocol": "TCP", "name": "http"}],
                "args": ["--listen=:8080", "--log-level=info", "--config=/etc/app/config.yaml", "--feature-gates=A=true,B=false"],
                "env": [{"name": "HOME", "value": "/home/app"}, {"name": "NODE", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}}],
                "resources": {"requests": {"cpu": "100m", "memory": "64Mi"}, "limits": {"cpu": "1", "memory": "256Mi"}},
                "livenessProbe": {"httpGet": {"path": "/healthz", "port": "http"}, "periodSeconds": 10},
                "readinessProbe": {"httpGet": {"path": "/readyz", "port": "http"}, "periodSeconds": 10},
                "securityContext": {"allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true, "runAsNonRoot": true,
                    "capabilities": {"drop": ["ALL"]}, "seccompProfile": {"type": "RuntimeDefault"}},
                "volumeMounts": [{"name": "config", "mountPath": "/etc/app", "readOnly": true}]
            })
        })
        .collect();
    json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": "pod", "namespace": "team", "labels": {"app": "app", "team": "team"}, "annotations": {"a": "b"}},
        "spec": {"containers": containers, "serviceAccountName": "app", "automountServiceAccountToken": false,
            "securityContext": {"runAsNonRoot": true, "fsGroup": 2000},
            "volumes": [{"name": "config", "configMap": {"name": "app"}}]}
    })
}

fn theirs(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => number.as_i64().map_or_else(|| Value::Float(number.as_f64().unwrap()), Value::Int),
        Json::String(text) => Value::String(Arc::new(text.clone())),
        Json::Array(items) => Value::List(Arc::new(items.iter().map(theirs).collect())),
        Json::Object(fields) => {
            let map: HashMap<Key, Value> =
                fields.iter().map(|(key, value)| (Key::from(key.clone()), theirs(value))).collect();
            Value::Map(map.into())
        }
    }
}

/// Microseconds that one call takes: the best of several rows of calls.
fn time(mut call: impl FnMut()) -> f64 {
    let begin = Instant::now();
    call();
    let once = begin.elapsed().max(Duration::from_nanos(50));
    let rounds = u32::try_from((LONG.as_nanos() / 4 / once.as_nanos()).clamp(1, 100_000)).unwrap();
    let mut best = f64::MAX;
    for _ in 0..4 {
        let begin = Instant::now();
        (0..rounds).for_each(|_| call());
        best = best.min(begin.elapsed().as_secs_f64() * 1e6 / f64::from(rounds));
    }
    best
}

fn main() {
    let Some(expressions) = corpus() else {
        println!("SKIPPED: no kyverno-policies.tar.zst; set RAMPART_CORPORA");
        return;
    };
    let values: BTreeMap<&str, Json> = BTreeMap::from([
        ("object", pod()),
        ("oldObject", Json::Null),
        (
            "request",
            json!({"operation": "CREATE", "namespace": "team", "userInfo": {"username": "system:serviceaccount:a:b", "groups": ["system:masters"]}}),
        ),
        ("params", json!({})),
        ("variables", json!({})),
        ("namespaceObject", json!({"metadata": {"name": "team", "labels": {}}})),
    ]);
    let documents: Vec<Document> = NAMES
        .iter()
        .map(|name| {
            Document::from_json(Arc::new(SourceText::new("value", values[name].to_string())), &Limits::STANDARD)
                .unwrap()
        })
        .collect();
    let environment = Environment::new(NAMES);
    let mut env = Env::stdlib();
    env.add_extension(cel::extensions::strings).unwrap();
    let env = Arc::new(env);
    let mut context = Context::with_env(env.clone());
    NAMES.iter().for_each(|name| context.add_variable_from_value(*name, theirs(&values[name])));

    let (mut ours, mut other, mut count, mut failing) = (0.0, 0.0, 0u32, 0u32);
    let mut ratios = Vec::new();
    for text in &expressions {
        let (Ok(program), Ok(their_program)) = (Program::compile(text, &environment), env.compile(text)) else {
            continue;
        };
        let run = || {
            let bound = documents.iter().map(|document| Some(Val::of(document.root()))).collect();
            program.run(bound, DEFAULT_COST).value
        };
        if run().is_err() || their_program.execute(&context).is_err() {
            failing += 1;
            continue;
        }
        let (a, b) = (time(|| drop(run())), time(|| drop(their_program.execute(&context))));
        (ours, other, count) = (ours + a, other + b, count + 1);
        ratios.push(b / a);
    }
    ratios.sort_by(f64::total_cmp);
    let binding = time(|| drop(theirs(&values["object"])));
    println!(
        "expressions {} (both give a value for {count}, an error for {failing}), pod of {} bytes",
        expressions.len(),
        values["object"].to_string().len()
    );
    println!("here  {:.2} us an expression (binding the documents included)", ours / f64::from(count));
    println!("cel   {:.2} us an expression (binding the pod not included: {binding:.0} us)", other / f64::from(count));
    println!("ratio {:.1} of the sums, {:.1} in the middle", other / ours, ratios[ratios.len() / 2]);
}

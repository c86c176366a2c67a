//! What holds for every network object, however it is written: no rule fails, the order of reading leaves no trace, and
//! what the API server fills in changes no finding.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a broken test input must stop the test with its reason"
)]

use std::sync::Arc;

use proptest::prelude::*;
use rampart_controls::{Evaluator, rules};
use rampart_model::{Control, Document, Evaluation, Limits, Object, Rule, Settings, SourceText};
use serde_json::{Value, json};

fn network_rules() -> Vec<&'static Rule> {
    let wanted = [Control::NetworkPolicy, Control::Namespaces];
    rules().into_iter().filter(|rule| wanted.contains(&rule.control)).collect()
}

fn settings() -> Settings {
    Settings::new("2026-06-01T00:00:00Z".parse().expect("a time"))
}

fn fold(evaluator: &mut Evaluator<'_>, object: &Value) {
    // One line, and as of a live cluster: places are the affair of other tests.
    let mut source = SourceText::new("object.json", object.to_string());
    source.has_lines = false;
    let document = Document::from_json(Arc::new(source), &Limits::STANDARD).expect("JSON");
    Object::all(&document).into_iter().for_each(|object| evaluator.object(object));
}

fn evaluate(objects: &[Value]) -> Evaluation {
    let settings = settings();
    let mut evaluator = Evaluator::new(&settings, &network_rules());
    objects.iter().for_each(|object| fold(&mut evaluator, object));
    evaluator.finish("test", Vec::new())
}

fn fingerprints(evaluation: &Evaluation) -> Vec<String> {
    let mut found: Vec<_> =
        evaluation.findings.iter().map(|finding| format!("{} {}", finding.rule, finding.fingerprint())).collect();
    found.sort();
    found
}

/// Any JSON, with the keys and values that the rules look for.
fn anything() -> impl Strategy<Value = Value> {
    let words = "spec|from|to|ports|port|endPort|ipBlock|cidr|except|podSelector|namespaceSelector|matchLabels|key|operator|\
                 values|matchExpressions|policyTypes|ingress|egress|listeners|rules|filters|host|hosts|tls|Ingress|Egress|\
                 In|NotIn|Exists|0[.]0[.]0[.]0/0|::/0|169[.]254[.]169[.]254/32|10[.]0[.]0[.]0/8|LoadBalancer|type|HTTP|[*]";
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        prop_oneof![Just(0i64), Just(80), Just(65535), Just(-1), any::<i64>()].prop_map(Value::from),
        words.prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 48, 5, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map(words, inner, 0..5)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn odd_object() -> impl Strategy<Value = Value> {
    let kind = prop_oneof![
        Just(("networking.k8s.io/v1", "NetworkPolicy")),
        Just(("networking.k8s.io/v1", "Ingress")),
        Just(("v1", "Service")),
        Just(("gateway.networking.k8s.io/v1", "Gateway")),
        Just(("gateway.networking.k8s.io/v1", "HTTPRoute")),
        Just(("policy.networking.k8s.io/v1alpha2", "ClusterNetworkPolicy")),
        Just(("policy.networking.k8s.io/v1alpha1", "AdminNetworkPolicy")),
        Just(("apps/v1", "DaemonSet")),
    ];
    (kind, anything(), anything()).prop_map(|((version, kind), metadata, spec)| {
        json!({"apiVersion": version, "kind": kind, "metadata": metadata, "spec": spec})
    })
}

fn selector() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!({})),
        "[abc]".prop_map(|app| json!({"matchLabels": {"app": app}})),
        "[abc]".prop_map(|app| json!({"matchExpressions": [{"key": "app", "operator": "NotIn", "values": [app]}]})),
    ]
}

fn peer() -> impl Strategy<Value = Value> {
    prop_oneof![
        selector().prop_map(|pods| json!({"podSelector": pods})),
        selector().prop_map(|spaces| json!({"namespaceSelector": spaces})),
        Just(json!({"ipBlock": {"cidr": "0.0.0.0/0"}})),
        Just(json!({"ipBlock": {"cidr": "0.0.0.0/0", "except": ["169.254.169.254/32"]}})),
        Just(json!({"ipBlock": {"cidr": "10.0.0.0/8"}})),
    ]
}

fn traffic_rule(peers: &'static str) -> impl Strategy<Value = Value> {
    let port = prop_oneof![
        Just(json!({"port": 80})),
        Just(json!({"port": 443})),
        Just(json!({"port": 1, "endPort": 65535})),
        Just(json!({"port": "http"})),
    ];
    let ports = proptest::collection::vec(port, 0..3);
    (proptest::collection::vec(peer(), 0..3), ports).prop_map(move |(list, ports)| json!({peers: list, "ports": ports}))
}

fn policy() -> impl Strategy<Value = Value> {
    let types = prop_oneof![
        Just(json!(null)),
        Just(json!(["Ingress"])),
        Just(json!(["Egress"])),
        Just(json!(["Ingress", "Egress"])),
    ];
    let rules = |peers| proptest::collection::vec(traffic_rule(peers), 0..3);
    ("[pq]", "[mn]", selector(), types, rules("from"), rules("to")).prop_map(
        |(name, space, pods, types, ingress, egress)| {
            json!({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
            "metadata": {"name": name, "namespace": space},
            "spec": {"podSelector": pods, "policyTypes": types, "ingress": ingress, "egress": egress}})
        },
    )
}

fn pod() -> impl Strategy<Value = Value> {
    ("[abc]", "[mn]", any::<bool>()).prop_map(|(app, space, on_host)| {
        json!({"apiVersion": "v1", "kind": "Pod",
            "metadata": {"name": app, "namespace": space, "labels": {"app": app}},
            "spec": {"hostNetwork": on_host, "containers": [{"name": "a", "image": "a:1"}]}})
    })
}

fn service() -> impl Strategy<Value = Value> {
    ("[abc]", "[mn]", prop_oneof![Just(json!(null)), Just(json!("NodePort")), Just(json!("LoadBalancer"))]).prop_map(
        |(app, space, kind)| {
            json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": app, "namespace": space},
                "spec": {"type": kind, "selector": {"app": app}, "ports": [{"port": 80}]}})
        },
    )
}

fn cluster() -> impl Strategy<Value = Vec<Value>> {
    // Names are unique, as in a cluster.
    proptest::collection::vec(prop_oneof![policy(), pod(), service()], 0..8).prop_map(|mut objects| {
        for (number, object) in objects.iter_mut().enumerate() {
            object["metadata"]["name"] = json!(format!("object-{number}"));
        }
        objects
    })
}

/// The object as the API server would give it back.
fn defaulted(mut object: Value) -> Value {
    match object["kind"].as_str() {
        Some("NetworkPolicy") => {
            let spec = object["spec"].as_object_mut().expect("a map");
            for list in ["ingress", "egress"] {
                for rule in spec[list].as_array_mut().expect("a list") {
                    for port in rule["ports"].as_array_mut().expect("a list") {
                        port["protocol"] = json!("TCP");
                    }
                    let rule = rule.as_object_mut().expect("a map");
                    rule.retain(|_, value| value.as_array().is_none_or(|list| !list.is_empty()));
                }
            }
            if spec["policyTypes"].is_null() {
                let has_egress = spec["egress"].as_array().is_some_and(|rules| !rules.is_empty());
                spec["policyTypes"] = if has_egress { json!(["Ingress", "Egress"]) } else { json!(["Ingress"]) };
            }
            spec.retain(|_, value| value.as_array().is_none_or(|list| !list.is_empty()));
        }
        Some("Service") => {
            let spec = object["spec"].as_object_mut().expect("a map");
            if spec["type"].is_null() {
                spec["type"] = json!("ClusterIP");
            }
            spec.insert("sessionAffinity".to_owned(), json!("None"));
            spec.insert("clusterIP".to_owned(), json!("10.96.0.10"));
        }
        _ => {
            object["spec"]["serviceAccountName"] = json!("default");
            object["spec"]["serviceAccount"] = json!("default");
            if object["spec"]["hostNetwork"] == json!(false) {
                object["spec"].as_object_mut().expect("a map").remove("hostNetwork");
            }
        }
    }
    object
}

proptest! {
    #[test]
    fn rules_are_total_for_any_object(objects in proptest::collection::vec(odd_object(), 0..4)) {
        evaluate(&objects);
    }

    #[test]
    fn the_order_of_reading_and_the_number_of_readers_leave_no_trace(objects in cluster(), at in 0usize..8) {
        let expected = evaluate(&objects);
        let mut reversed = objects.clone();
        reversed.reverse();
        prop_assert_eq!(&evaluate(&reversed), &expected);
        let settings = settings();
        let (mut first, mut second) =
            (Evaluator::new(&settings, &network_rules()), Evaluator::new(&settings, &network_rules()));
        let (head, tail) = objects.split_at(at.min(objects.len()));
        head.iter().for_each(|object| fold(&mut first, object));
        tail.iter().for_each(|object| fold(&mut second, object));
        second.merge(first);
        prop_assert_eq!(&second.finish("test", Vec::new()), &expected);
    }

    #[test]
    fn defaults_of_the_api_server_change_no_finding(objects in cluster()) {
        let stored: Vec<_> = objects.iter().cloned().map(defaulted).collect();
        prop_assert_eq!(fingerprints(&evaluate(&stored)), fingerprints(&evaluate(&objects)));
    }

    #[test]
    fn a_default_deny_for_each_namespace_leaves_no_pod_open(objects in cluster()) {
        let mut closed: Vec<_> =
            objects.into_iter().filter(|object| object["kind"] != json!("NetworkPolicy")).collect();
        for space in ["m", "n"] {
            closed.push(json!({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
                "metadata": {"name": "default-deny", "namespace": space},
                "spec": {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}}));
        }
        let evaluation = evaluate(&closed);
        let open = ["network-policy/unselected-pod", "network-policy/missing-default-deny-ingress",
            "network-policy/missing-default-deny-egress", "network-policy/selects-no-pod"];
        prop_assert!(evaluation.findings.iter().all(|finding| !open.contains(&finding.rule)));
    }
}

//! Templates that would run for ever, or take everything, end in an error for their own constraint.

#![expect(clippy::unwrap_used, reason = "a broken harness must stop the test with its reason")]

use std::time::{Duration, Instant};

use rampart_policy::gatekeeper::{Constraint, Library, Request, Template};
use rampart_policy::{Answer, Status};
use serde_json::json;

fn template(rego: &str) -> Result<Template, String> {
    Template::read(&json!({"metadata": {"name": "k8stest"}, "spec": {
        "crd": {"spec": {"names": {"kind": "K8sTest"}}},
        "targets": [{"target": "admission.k8s.gatekeeper.sh", "rego": format!("package k8stest\n{rego}")}]}}))
}

fn answers(rego: &str) -> Vec<Answer> {
    let mut library = Library::default();
    library.add_template(template(rego).unwrap());
    let constraint =
        json!({"apiVersion": "constraints.gatekeeper.sh/v1beta1", "kind": "K8sTest", "metadata": {"name": "t"}});
    library.add_constraint(Constraint::read(&constraint).unwrap()).unwrap();
    let many: Vec<u32> = (0..300).collect();
    let object = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {"many": many}});
    library.judge_request(&Request::of_object(&object, None).unwrap(), None, None)
}

#[test]
fn endless_recursion_is_refused_when_the_template_is_read() {
    for rego in [
        "f(x) = y { y := f(x + 1) }\nviolation[{\"msg\": \"m\"}] { f(0) }",
        "f(x) { g(x) }\ng(x) { f(x) }\nviolation[{\"msg\": \"m\"}] { f(0) }",
    ] {
        assert!(template(rego).err().unwrap().contains("calls itself"));
    }
}

#[test]
fn rules_that_need_themselves_are_an_error() {
    let rego = "a[x] { b[x] }\nb[x] { a[x] }\nviolation[{\"msg\": \"m\"}] { a[1] }";
    let is_refused = template(rego).is_err();
    assert!(is_refused || answers(rego).iter().all(|answer| answer.status == Status::Error));
}

#[test]
fn huge_comprehension_ends_by_the_timer() {
    let rego = "violation[{\"msg\": \"m\"}] { m := input.review.object.spec.many\n n := [1 | m[_]; m[_]; m[_]; m[_]]\n count(n) > 0 }";
    let started = Instant::now();
    let found = answers(rego);
    println!("the comprehension ended after {:?}", started.elapsed());
    assert_eq!(found.first().unwrap().status, Status::Error, "{found:?}");
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
}

#[test]
fn catastrophic_pattern_is_linear() {
    let rego =
        "violation[{\"msg\": \"m\"}] { re_match(\"^(a+)+$\", \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\") }";
    let started = Instant::now();
    let found = answers(rego);
    assert!(found.iter().all(|answer| answer.status == Status::Pass), "{found:?}");
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
}

#[test]
fn what_is_not_knowable_says_so() {
    let error = template("violation[{\"msg\": \"m\"}] { external_data({}) }").err().unwrap();
    assert!(error.contains("not known"), "{error}");
    let found = answers("violation[{\"msg\": \"m\"}] { time.now_ns() > 0 }");
    assert!(found.first().unwrap().message.contains("time"), "{found:?}");
}

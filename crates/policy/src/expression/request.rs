//! `request` and `namespaceObject` as expressions see them.

use rampart_cel::Val;
use rampart_model::Object;

use super::values::{map, texts};
use crate::{Review, World};

/// The request that a review stands for.
pub fn request<'d>(review: &Review<'d>) -> Val<'d> {
    let subject = review.subject();
    let (group, version) = subject.map_or(("", ""), |object| match object.api_version().split_once('/') {
        Some(parts) => parts,
        None => ("", object.api_version()),
    });
    let kind =
        || map([("group", group), ("version", version), ("kind", subject.map_or("", |s| s.kind()))].map(textual));
    let plural = review.plural();
    let resource = || map([("group", group), ("version", version), ("resource", plural.as_str())].map(textual));
    let extra = review.user.extra.iter().map(|(key, values)| (Val::text(key.as_str()), texts(values)));
    let extra = rampart_cel::value::Map::of(extra.collect()).map_or(Val::Null, Val::Map);
    let user = map([
        ("username", Val::text(review.user.name.as_str())),
        ("uid", Val::text(review.user.uid.as_str())),
        ("groups", texts(&review.user.groups)),
        ("extra", extra),
    ]);
    map([
        ("kind", kind()),
        ("resource", resource()),
        ("subResource", Val::text(review.subresource.as_str())),
        ("requestKind", kind()),
        ("requestResource", resource()),
        ("requestSubResource", Val::text(review.subresource.as_str())),
        ("name", Val::text(review.name())),
        ("namespace", Val::text(review.namespace())),
        ("operation", Val::text(review.operation.name())),
        ("userInfo", user),
        ("dryRun", Val::Bool(review.dry_run)),
        ("options", review.options.map_or(Val::Null, Val::of)),
    ])
}

fn textual<'a>((key, text): (&'static str, &str)) -> (&'static str, Val<'a>) {
    (key, Val::text(text))
}

/// The namespace of the object in question, where the world holds it.
pub fn namespace_object<'d>(review: &Review<'d>, world: &World<'d>) -> Option<Object<'d>> {
    let name = review.namespace();
    if name.is_empty() { None } else { world.namespace(name) }
}

/// `namespaceObject`: null for cluster-scoped objects. Of a namespace that is not known, its name and its label are.
pub fn namespace_value<'d>(review: &Review<'d>, world: &World<'d>) -> Val<'d> {
    let name = review.namespace();
    if name.is_empty() {
        return Val::Null;
    }
    if let Some(object) = world.namespace(name) {
        return Val::of(object.value());
    }
    let labels = map([("kubernetes.io/metadata.name", Val::text(name))]);
    let metadata = map([("name", Val::text(name)), ("labels", labels)]);
    map([("apiVersion", Val::text("v1")), ("kind", Val::text("Namespace")), ("metadata", metadata)])
}

//! What lies beside the object: other objects, the global context, answers of calls, what a policy makes, the time.

use rampart_cel::host::Purse;
use rampart_cel::value::{Map, Outcome};
use rampart_cel::{Form, Val};
use rampart_model::Object;

use super::{Table, invalid, no};
use crate::expression::{Run, values};
use crate::review::plural;

pub(super) const TABLE: Table = &[
    ("resource.Get", Form::Global, None, get),
    ("resource.List", Form::Global, None, list),
    ("resource.Post", Form::Global, None, post),
    ("globalContext.Get", Form::Global, Some(2), global),
    ("globalContext.Get", Form::Global, Some(1), global),
    ("http.Get", Form::Global, None, call),
    ("http.Post", Form::Global, None, call),
    ("generator.Apply", Form::Global, None, apply),
    ("time.now", Form::Global, Some(0), now),
];

/// The texts that all arguments are.
fn texts<'c>(args: &'c [Val<'_>]) -> Option<Vec<&'c str>> {
    args.iter().map(|arg| if let Val::Str(text) = arg { Some(&**text) } else { None }).collect()
}

/// Objects of a resource; of another namespace than its own a namespaced policy sees none.
fn objects<'d, 'c>(
    run: &'c Run<'_, 'd>,
    api_version: &'c str,
    resource: &'c str,
    namespace: &'c str,
) -> Result<impl Iterator<Item = Object<'d>> + use<'d, 'c>, String> {
    if !run.confined_to.is_empty() && namespace != run.confined_to {
        return Err(format!("a policy of the namespace `{}` may not look into `{namespace}`", run.confined_to));
    }
    Ok(run.world.objects().iter().copied().filter(move |object| {
        object.api_version() == api_version
            && plural(object.kind()) == resource
            && (namespace.is_empty() || object.namespace() == namespace)
    }))
}

fn get<'d>(run: &Run<'_, 'd>, name: &str, args: &[Val<'d>], purse: &mut Purse<'_>) -> Outcome<'d> {
    let words = texts(args);
    let (api_version, resource, namespace, object) = match words.as_deref() {
        Some([api_version, resource, namespace, object]) => (*api_version, *resource, *namespace, *object),
        Some([api_version, resource, object]) => (*api_version, *resource, run.confined_to, *object),
        _ => return no(name, args),
    };
    purse.pay(run.world.objects().len() as u64 / 10)?;
    match objects(run, api_version, resource, namespace) {
        Ok(mut found) => match found.find(|found| found.name() == object) {
            Some(found) => Ok(Val::of(found.value())),
            None if run.world.is_complete() => {
                invalid(format!("failed to get resource: {resource} \"{object}\" not found"))
            }
            None => invalid(format!("it is not known whether there is `{resource}` `{namespace}/{object}`")),
        },
        Err(message) => invalid(message),
    }
}

fn list<'d>(run: &Run<'_, 'd>, name: &str, args: &[Val<'d>], purse: &mut Purse<'_>) -> Outcome<'d> {
    // Labels to choose by may stand last.
    let (args, wanted) = match args {
        [rest @ .., Val::Map(labels)] => (rest, Some(labels)),
        _ => (args, None),
    };
    let words = texts(args);
    let (api_version, resource, namespace) = match words.as_deref() {
        Some([api_version, resource, namespace]) => (*api_version, *resource, *namespace),
        Some([api_version, resource]) => (*api_version, *resource, run.confined_to),
        _ => return no(name, args),
    };
    purse.pay(run.world.objects().len() as u64 / 10)?;
    let has = |object: &Object<'_>, labels: &Map<'_>| {
        labels.entries().all(|(key, value)| match (key, value) {
            (Val::Str(key), Val::Str(value)) => object.label(&key) == Some(&*value),
            _ => false,
        })
    };
    let found: Vec<_> = match objects(run, api_version, resource, namespace) {
        Ok(found) => found.filter(|object| wanted.is_none_or(|labels| has(object, labels))).collect(),
        Err(message) => return invalid(message),
    };
    if found.is_empty() && !run.world.is_complete() {
        return invalid(format!("it is not known which `{resource}` there are"));
    }
    let kind = found.first().map_or_else(|| "List".to_owned(), |object| format!("{}List", object.kind()));
    let items = found.into_iter().map(|object| Val::of(object.value())).collect();
    Ok(values::map([
        ("apiVersion", Val::text(api_version)),
        ("kind", Val::text(kind)),
        ("metadata", values::map([])),
        ("items", Val::list(items)),
    ]))
}

fn post<'d>(run: &Run<'_, 'd>, name: &str, args: &[Val<'d>], _: &mut Purse<'_>) -> Outcome<'d> {
    let [Val::Str(api_version), Val::Str(resource), ..] = args else { return no(name, args) };
    let prefix = if api_version.contains('/') { "apis" } else { "api" };
    let path = format!("POST /{prefix}/{}/{}", &**api_version, &**resource);
    answer(run, &path)
}

fn answer<'d>(run: &Run<'_, 'd>, key: &str) -> Outcome<'d> {
    match run.world.calls.get(key) {
        Some(tree) => Ok(values::of_tree(tree)),
        None => invalid(format!("the answer to `{key}` is not known; give it beforehand, nothing is called here")),
    }
}

fn call<'d>(run: &Run<'_, 'd>, name: &str, args: &[Val<'d>], _: &mut Purse<'_>) -> Outcome<'d> {
    let [Val::Str(url), ..] = args else { return no(name, args) };
    answer(run, &format!("{} {}", if name == "http.Get" { "GET" } else { "POST" }, &**url))
}

fn global<'d>(run: &Run<'_, 'd>, name: &str, args: &[Val<'d>], _: &mut Purse<'_>) -> Outcome<'d> {
    let words = texts(args);
    let (entry, projection) = match words.as_deref() {
        Some([entry]) => (*entry, ""),
        Some([entry, projection]) => (*entry, *projection),
        _ => return no(name, args),
    };
    let key = if projection.is_empty() { entry.to_owned() } else { format!("{entry}.{projection}") };
    match run.world.globals.get(&key).or_else(|| run.world.globals.get(entry)) {
        Some(tree) => Ok(values::of_tree(tree)),
        None => invalid(format!("the global context has no entry `{key}`; give it beforehand")),
    }
}

/// Takes what a policy makes: `Apply(namespace, [objects])`.
fn apply<'d>(run: &Run<'_, 'd>, name: &str, args: &[Val<'d>], purse: &mut Purse<'_>) -> Outcome<'d> {
    let [.., Val::List(made)] = args else { return no(name, args) };
    for object in made.iter() {
        purse.make(1_000)?;
        match values::to_tree(&object) {
            Ok(mut tree) => {
                if let [Val::Str(namespace), _] = args
                    && !namespace.is_empty()
                    && let Some(metadata) = tree.get_mut("metadata").and_then(|metadata| metadata.as_object_mut())
                {
                    metadata.insert("namespace".to_owned(), (&**namespace).into());
                }
                run.generated.borrow_mut().push(tree);
            }
            Err(message) => return invalid(message),
        }
    }
    Ok(Val::Bool(true))
}

fn now<'d>(run: &Run<'_, 'd>, _: &str, _: &[Val<'d>], _: &mut Purse<'_>) -> Outcome<'d> {
    match run.world.now {
        Some(now) => Ok(Val::Timestamp(now.as_nanosecond())),
        None => invalid("the time is not known; give it beforehand"),
    }
}

//! Finds the component that a container runs, and its flags, in `command` and `args`.

use super::{Flag, Role};
use crate::document::Value;
use crate::evidence::Evidence;
use crate::name::Names;
use crate::workload::Container;

pub(super) struct CommandLine {
    pub role: Role,
    pub list: Evidence,
    pub is_word_list: bool,
    pub flags: Vec<Flag>,
}

/// A command line is the program, or a wrapper or shell in front of it; an image's entry point may also be left out,
/// where only the image's name tells the program.
pub(super) fn read(container: Container<'_>, names: &mut Names) -> Option<CommandLine> {
    let lists = [container.value.field("command"), container.value.field("args")];
    let list = lists.iter().flatten().rfind(|list| !list.is_empty()).copied();
    let words = || lists.iter().flatten().flat_map(|list| list.items());
    let mut scripts = false;
    let position = words().position(|word| word.str().and_then(program).is_some());
    let (role, skipped) = match position {
        Some(position) => (words().nth(position)?.str().and_then(program)?, position + 1),
        None => match words().find_map(|word| word.str().and_then(script)) {
            Some(role) => {
                scripts = true;
                (role, 0)
            }
            None if lists.iter().flatten().next().is_none_or(|list| starts_with_flag(*list)) => {
                (program(image_name(container.image()?))?, 0)
            }
            None => return None,
        },
    };
    let mut flags = Vec::new();
    if scripts {
        for word in words().filter(|word| word.str().and_then(script) == Some(role)) {
            let evidence = Evidence::at(word);
            let pieces = word.str().unwrap_or_default().split_whitespace().map(|piece| piece.trim_matches(['"', '\'']));
            collect(pieces.map(|piece| (piece, evidence.clone())), false, &mut flags, names);
        }
    } else {
        let after = words().skip(skipped).filter_map(|word| Some((word.str()?, Evidence::at(word))));
        collect(after, true, &mut flags, names);
    }
    Some(CommandLine {
        role,
        list: Evidence::at(list.unwrap_or(container.value)),
        is_word_list: !scripts && list.is_some(),
        flags,
    })
}

/// The component whose program this word is: by its file name, as a command of `hyperkube` too.
fn program(word: &str) -> Option<Role> {
    let name = word.rsplit('/').next()?;
    Role::ALL.into_iter().find(|role| role.id() == name)
}

/// The component that a shell script starts.
fn script(text: &str) -> Option<Role> {
    if !text.contains(" --") {
        return None;
    }
    text.split_whitespace().find_map(program)
}

fn starts_with_flag(list: Value<'_>) -> bool {
    list.items().next().and_then(Value::str).is_some_and(|word| word.starts_with("--"))
}

/// The last part of an image's path, without tag and digest.
fn image_name(image: &str) -> &str {
    let name = image.rsplit('/').next().unwrap_or(image);
    name.split([':', '@']).next().unwrap_or(name)
}

fn collect<'w>(
    words: impl Iterator<Item = (&'w str, Evidence)>,
    is_word_list: bool,
    flags: &mut Vec<Flag>,
    names: &mut Names,
) {
    let mut words = words.peekable();
    while let Some((word, evidence)) = words.next() {
        let Some(text) = word.strip_prefix("--").or_else(|| word.strip_prefix('-')).filter(|text| !text.is_empty())
        else {
            continue;
        };
        let (name, value, is_joined) = match text.split_once('=') {
            Some((name, value)) => (name, value, true),
            None => match words.next_if(|(next, _)| !next.starts_with('-')) {
                Some((value, _)) => (text, value, false),
                None => (text, "true", true),
            },
        };
        flags.push(Flag {
            name: if name.contains('_') { names.intern(&name.replace('_', "-")) } else { names.intern(name) },
            value: names.intern(value.trim_matches('"')),
            evidence,
            is_one_word: is_joined && is_word_list,
        });
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::{ControlPlaneFacts, Role};
    use crate::document::{Document, Limits};
    use crate::name::Names;
    use crate::object::Object;
    use crate::source::SourceText;

    fn facts(container: &str) -> ControlPlaneFacts {
        let yaml = format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: a, namespace: kube-system}}\nspec: {{containers: [{container}]}}\n"
        );
        let source = Arc::new(SourceText::new("a.yaml", yaml.as_str()));
        let (documents, error) = Document::all_from_yaml(&source, &Limits::STANDARD);
        assert_eq!(error, None);
        let mut facts = ControlPlaneFacts::default();
        for object in documents.iter().flat_map(Object::all) {
            facts.fold(&object, &mut Names::default());
        }
        facts
    }

    #[test]
    fn flags_are_read_in_every_form() {
        let facts = facts(
            "{name: a, image: 'r.example:5000/kube-apiserver:v1.31.2@sha256:0', command: [/usr/bin/kube-apiserver, --profiling, --audit_log-path, /var/a.log, '-v=2', --profiling=false]}",
        );
        let server = facts.api_servers().next().unwrap();
        assert_eq!(server.value("audit-log-path"), Some("/var/a.log"));
        assert_eq!(server.is_on("profiling"), Some(false));
        assert_eq!(server.version.unwrap().minor, 31);
        assert_eq!(server.flag("profiling").unwrap().evidence.path.to_string(), "spec.containers[0].command[5]");
    }

    #[test]
    fn wrappers_shells_and_entry_points_are_seen_through() {
        for container in [
            "{name: a, command: [/go-runner, --log-file=/a, /usr/local/bin/kube-apiserver, --secure-port=1]}",
            "{name: a, command: [/hyperkube, kube-apiserver], args: [--secure-port=1]}",
            "{name: a, command: [/bin/sh, -c, 'exec /usr/local/bin/kube-apiserver --secure-port=1 --b 2>&1']}",
            "{name: a, image: 'registry.k8s.io/kube-apiserver:v1.30.0', args: [--secure-port=1]}",
        ] {
            let facts = facts(container);
            let server = facts.of(Role::ApiServer).next().unwrap();
            assert_eq!(server.value("secure-port"), Some("1"), "{container}");
        }
    }

    #[test]
    fn other_programs_are_no_components() {
        for container in [
            "{name: kube-apiserver, image: proxy, command: [kube-apiserver-proxy, --a]}",
            "{name: a, image: 'kube-apiserver:v1', command: [sleep, infinity]}",
            "{name: a, image: nginx}",
        ] {
            assert!(facts(container).components.is_empty(), "{container}");
        }
    }
}

//! `find` and `ls`.

use super::{Printed, stat, unsupported};
use crate::kube_bench::shell::Unsupported;
use crate::wildcard;
use rampart_model::node::{Kind, Node};

const MOST: usize = 100_000;
const DEPTH: usize = 64;

enum Test<'w> {
    Name {
        pattern: &'w str,
        negated: bool,
    },
    Type(Kind),
    /// All bits, any bit, or exactly these.
    Mode {
        sign: char,
        bits: u32,
    },
    User {
        name: &'w str,
        negated: bool,
    },
    Group {
        name: &'w str,
        negated: bool,
    },
}

pub(super) fn find(node: &dyn Node, words: &[&str], out: &mut Printed) -> Result<u8, Unsupported> {
    let wrong = || unsupported("find", words);
    let starts: Vec<&str> = words.iter().copied().take_while(|word| !word.starts_with(['-', '!', '('])).collect();
    let mut rest = words.iter().copied().skip(starts.len());
    let (mut tests, mut least, mut most, mut negated, mut format) = (Vec::new(), 0, DEPTH, false, None);
    while let Some(word) = rest.next() {
        let mut value = || rest.next().ok_or_else(wrong);
        match word {
            "!" | "-not" => {
                negated = true;
                continue;
            }
            "-mindepth" => least = value()?.parse().map_err(|_| wrong())?,
            "-maxdepth" => most = value()?.parse::<usize>().map_err(|_| wrong())?.min(DEPTH),
            "-name" => tests.push(Test::Name { pattern: value()?, negated }),
            "-user" => tests.push(Test::User { name: value()?, negated }),
            "-group" => tests.push(Test::Group { name: value()?, negated }),
            "-type" if !negated => tests.push(Test::Type(match value()? {
                "f" => Kind::File,
                "d" => Kind::Directory,
                _ => return Err(wrong()),
            })),
            "-perm" if !negated => {
                let text = value()?;
                let (sign, digits) = match text.strip_prefix(['-', '/']) {
                    Some(digits) => (text.chars().next().unwrap_or('-'), digits),
                    None => ('=', text),
                };
                tests.push(Test::Mode { sign, bits: u32::from_str_radix(digits, 8).map_err(|_| wrong())? });
            }
            "-exec" => {
                let call: Vec<&str> = rest.by_ref().take_while(|word| !matches!(*word, ";" | "+")).collect();
                match call.as_slice() {
                    ["stat", "-c", wanted, "{}"] => format = Some(*wanted),
                    _ => return Err(wrong()),
                }
            }
            "-print" | "-follow" | "-L" => {}
            _ => return Err(wrong()),
        }
        negated = false;
    }
    let mut code = 0;
    for start in starts {
        if node.stat(start).is_none() {
            out.error(&format!("find: '{start}': No such file or directory\n"));
            code = 1;
            continue;
        }
        let mut found = Vec::new();
        walk(node, start, 0, most, &mut found)
            .map_err(|()| Unsupported("the audit finds more files than we follow".into()))?;
        for (path, depth) in found {
            let Some(facts) = node.stat(&path).filter(|_| depth >= least) else { continue };
            let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
            let holds = |test: &Test<'_>| match test {
                Test::Name { pattern, negated } => wildcard::matches(pattern, name) != *negated,
                Test::Type(kind) => facts.kind == *kind,
                Test::Mode { sign: '-', bits } => facts.mode & bits == *bits,
                Test::Mode { sign: '/', bits } => *bits == 0 || facts.mode & bits != 0,
                Test::Mode { bits, .. } => facts.mode == *bits,
                Test::User { name, negated } => (node.user_name(facts.uid).as_deref() == Some(*name)) != *negated,
                Test::Group { name, negated } => (node.group_name(facts.gid).as_deref() == Some(*name)) != *negated,
            };
            if tests.iter().all(holds) {
                match format {
                    Some(format) => {
                        let line = stat::printed(node, format, &path, &facts).ok_or_else(wrong)?;
                        out.line(&line);
                    }
                    None => out.line(&path),
                }
            }
        }
    }
    Ok(code)
}

fn walk(node: &dyn Node, path: &str, depth: usize, most: usize, found: &mut Vec<(String, usize)>) -> Result<(), ()> {
    if found.len() >= MOST {
        return Err(());
    }
    found.push((path.to_owned(), depth));
    if depth >= most {
        return Ok(());
    }
    for name in node.list(path).unwrap_or_default() {
        let below = format!("{}/{name}", path.trim_end_matches('/'));
        walk(node, &below, depth + 1, most, found)?;
    }
    Ok(())
}

/// Names, a line each.
pub(super) fn ls(node: &dyn Node, words: &[&str], out: &mut Printed) -> Result<u8, Unsupported> {
    let mut code = 0;
    for path in words {
        if path.starts_with('-') && *path != "-1" {
            return Err(unsupported("ls", words));
        }
        match (node.stat(path), node.list(path)) {
            (Some(_), Some(names)) => {
                names.iter().filter(|name| !name.starts_with('.')).for_each(|name| out.line(name))
            }
            (Some(_), None) => out.line(path),
            (None, _) => {
                out.error(&format!("ls: cannot access '{path}': No such file or directory\n"));
                code = 2;
            }
        }
    }
    Ok(code)
}

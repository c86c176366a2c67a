//! `stat -c FORMAT`.

use super::{Printed, unsupported};
use crate::kube_bench::shell::Unsupported;
use rampart_model::node::{Kind, Node, Stat};

pub(super) fn stat(node: &dyn Node, words: &[&str], out: &mut Printed) -> Result<u8, Unsupported> {
    let mut format = None;
    let mut paths = Vec::new();
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        match *word {
            "-c" => format = rest.next().copied(),
            "-L" => {}
            word if word.starts_with("--format=") => format = word.strip_prefix("--format="),
            word if word.starts_with("-c") => format = word.strip_prefix("-c"),
            word if word.starts_with('-') => return Err(unsupported("stat", words)),
            path => paths.push(path),
        }
    }
    let Some(format) = format else { return Err(unsupported("stat", words)) };
    if paths.is_empty() {
        out.error("stat: missing operand\nTry 'stat --help' for more information.\n");
        return Ok(1);
    }
    let mut code = 0;
    for path in paths {
        match node.stat(path) {
            Some(found) => {
                let line = printed(node, format, path, &found).ok_or_else(|| unsupported("stat", words))?;
                out.line(&line);
            }
            None => {
                out.error(&format!("stat: cannot statx '{path}': No such file or directory\n"));
                code = 1;
            }
        }
    }
    Ok(code)
}

pub(super) fn printed(node: &dyn Node, format: &str, path: &str, stat: &Stat) -> Option<String> {
    let mut line = String::new();
    let mut characters = format.chars();
    while let Some(character) = characters.next() {
        if character != '%' {
            line.push(character);
            continue;
        }
        match characters.next()? {
            'a' => line.push_str(&format!("{:o}", stat.mode)),
            'U' => line.push_str(&node.user_name(stat.uid).unwrap_or_else(|| "UNKNOWN".to_owned())),
            'G' => line.push_str(&node.group_name(stat.gid).unwrap_or_else(|| "UNKNOWN".to_owned())),
            'u' => line.push_str(&stat.uid.to_string()),
            'g' => line.push_str(&stat.gid.to_string()),
            's' => line.push_str(&stat.size.to_string()),
            'n' => line.push_str(path),
            'F' => line.push_str(match stat.kind {
                Kind::Directory => "directory",
                Kind::File => "regular file",
                Kind::Other => return None,
            }),
            '%' => line.push('%'),
            _ => return None,
        }
    }
    Some(line)
}

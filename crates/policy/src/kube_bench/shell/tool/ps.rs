//! `ps`: all processes, or those of a name.

use super::{Printed, unsupported};
use crate::kube_bench::shell::Unsupported;
use rampart_model::node::{Node, Process};

const HEAD: &str = "UID          PID    PPID  C STIME TTY          TIME CMD";
/// Names in the kernel's table are cut.
const NAME_BYTES: usize = 15;
/// The process id of the first that was collected: recorded ones have lost theirs.
const FIRST: usize = 3;

pub(super) fn ps(node: &dyn Node, words: &[&str], out: &mut Printed) -> Result<u8, Unsupported> {
    let all = || unsupported("ps", words);
    let (mut name, mut full, mut columns, mut heads, mut every) = (None, false, None, true, false);
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        match *word {
            "-ef" | "-fe" | "-eF" | "-Af" => (full, every) = (true, true),
            "-fC" => (full, name) = (true, Some(rest.next().copied().ok_or_else(all)?)),
            "-C" => name = Some(rest.next().copied().ok_or_else(all)?),
            "-e" | "-A" => every = true,
            "-f" => full = true,
            "-o" => columns = Some(rest.next().copied().ok_or_else(all)?),
            "--no-headers" | "--no-heading" => heads = false,
            _ => return Err(all()),
        }
    }
    if !every && name.is_none() {
        return Err(all());
    }
    let fits = |process: &Process| name.is_none_or(|wanted| cut(&process.name) == cut(wanted));
    let found: Vec<(usize, &Process)> =
        node.processes().iter().enumerate().filter(|(_, process)| fits(process)).collect();
    let pid = |at: usize| at + FIRST;
    match columns {
        None if full => {
            if heads {
                out.line(HEAD);
            }
            for (at, process) in &found {
                let line = process.command_line();
                out.line(&format!(
                    "{:<8} {:>7} {:>7}  0 {:>5} {:<8} 00:00:00 {line}",
                    "root",
                    pid(*at),
                    1,
                    "00:00",
                    "?"
                ));
            }
        }
        Some("cmd" | "command" | "args") => {
            if heads {
                out.line("CMD");
            }
            found.iter().for_each(|(_, process)| out.line(&process.command_line()));
        }
        Some("cmd=" | "command=" | "args=") => found.iter().for_each(|(_, process)| out.line(&process.command_line())),
        Some("pid=") => found.iter().for_each(|(at, _)| out.line(&format!("{:>7}", pid(*at)))),
        _ => return Err(all()),
    }
    Ok(u8::from(found.is_empty()))
}

fn cut(name: &str) -> &[u8] {
    let bytes = name.as_bytes();
    bytes.get(..NAME_BYTES).unwrap_or(bytes)
}

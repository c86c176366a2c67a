//! What a process costs, from `/proc`: this needs no dependency and no `unsafe`, and Linux.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::step::Failure;

#[derive(Debug)]
pub struct Cost {
    pub cpu_seconds: f64,
    pub wall_seconds: f64,
    pub peak_megabytes: u64,
    /// The exit code as a word.
    pub exit: String,
}

/// Clock ticks in a second, as Linux shows them to every program.
const TICKS: f64 = 100.0;

/// Runs `program` to its end with its output thrown away.
pub fn cost(program: &Path, arguments: &[String]) -> Result<Cost, Failure> {
    let failed = |error: std::io::Error| Failure(format!("{}: {error}", program.display()));
    let before = children_ticks();
    let start = Instant::now();
    let mut child =
        Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().map_err(failed)?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak_kilobytes = 0;
    let mut pause = Duration::from_micros(100);
    let exit = loop {
        if let Some(exit) = child.try_wait().map_err(failed)? {
            break exit;
        }
        // The kernel keeps the peak itself; only what grows in the last moments can be missed.
        peak_kilobytes = peak_kilobytes.max(peak_of(&status));
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(2));
    };
    Ok(Cost {
        cpu_seconds: (children_ticks() - before) / TICKS,
        wall_seconds: start.elapsed().as_secs_f64(),
        peak_megabytes: peak_kilobytes / 1000,
        exit: exit.code().map_or_else(|| "by a signal".to_owned(), |code| code.to_string()),
    })
}

fn peak_of(status: &str) -> u64 {
    let text = std::fs::read_to_string(status).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().split(' ').next()?.parse().ok()).unwrap_or_default()
}

/// User and system time of all children that have ended.
fn children_ticks() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The second field is a name in parentheses, which may hold spaces.
    let fields = text.rsplit_once(") ").map_or("", |(_, fields)| fields);
    fields.split(' ').skip(13).take(2).filter_map(|field| field.parse::<f64>().ok()).sum()
}

//! The process table: `/proc`, beneath its own folder.

use std::io::Read;
use std::path::Path;

use rampart_model::node::Process;
use rustix::fs::{Dir, Mode, OFlags, ResolveFlags, openat2};

/// Processes of one machine, and bytes of one command line.
const MOST: usize = 100_000;
const MOST_BYTES: u64 = 1 << 20;

/// The processes under a `/proc`, in the order of their numbers. Those that end meanwhile, and threads of the kernel, which
/// have no command line, are left out.
///
/// # Errors
/// The folder cannot be read.
pub fn processes_of(proc: &Path) -> Result<Vec<Process>, String> {
    let wrong = |error: rustix::io::Errno| {
        format!("`{}` cannot be read: {error}; name a folder such as `/proc`", proc.display())
    };
    let folder = super::folder(proc).map_err(wrong)?;
    let entries = Dir::read_from(&folder).map_err(wrong)?.filter_map(Result::ok);
    let mut numbers: Vec<u32> = entries.filter_map(|entry| entry.file_name().to_str().ok()?.parse().ok()).collect();
    numbers.sort_unstable();
    let read = |number: &u32| {
        let text = |name: &str| -> Option<String> {
            let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC;
            let beneath = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
            let file = openat2(&folder, format!("{number}/{name}"), flags, Mode::empty(), beneath).ok()?;
            let mut bytes = Vec::new();
            std::fs::File::from(file).take(MOST_BYTES).read_to_end(&mut bytes).ok()?;
            Some(String::from_utf8_lossy(&bytes).into_owned())
        };
        let line = text("cmdline")?;
        let arguments: Vec<String> = line.trim_end_matches('\0').split('\0').map(str::to_owned).collect();
        let name = text("comm")?.trim_end().to_owned();
        arguments.first().is_some_and(|first| !first.is_empty()).then_some(Process { name, arguments })
    };
    Ok(numbers.iter().take(MOST).filter_map(read).collect())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    #[test]
    fn the_process_that_asks_is_among_them() {
        let own: Vec<String> = std::env::args().collect();
        let found = super::processes_of(Path::new("/proc")).unwrap();
        assert!(found.iter().any(|process| process.arguments == own));
        assert!(super::processes_of(Path::new("/nowhere")).unwrap_err().contains("/proc"));
    }
}

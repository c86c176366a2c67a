//! A machine's files beneath a root, and its processes: read only, nothing executed, and no path leads out.
//!
//! Every path is opened by `openat2` with `RESOLVE_IN_ROOT`: absolute links and `..` stay beneath the root, and links of
//! `/proc` that lead elsewhere are refused. A file that is none (a pipe, a device) is never opened for reading.

mod names;
mod processes;

use std::io::Read;
use std::os::fd::OwnedFd;
use std::path::Path;

use rampart_model::node::{Kind, Node, Process, Stat, Unread};
use rustix::fs::{CWD, Dir, FileType, Mode, OFlags, ResolveFlags, fstat, open, openat2};
use rustix::io::Errno;

use names::Names;
pub use processes::processes_of;

/// Larger files are not read.
const MOST_BYTES: u64 = 16 << 20;
/// Names of one directory.
const MOST_NAMES: usize = 100_000;

/// A collected node, read when it is asked.
#[derive(Debug)]
pub struct Root {
    folder: OwnedFd,
    processes: Vec<Process>,
    users: Names,
    groups: Names,
}

impl Root {
    /// `processes` are those of the machine that the folder is of.
    ///
    /// # Errors
    /// The folder cannot be opened.
    pub fn open(path: &Path, processes: Vec<Process>) -> Result<Self, String> {
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let folder = rustix::fs::openat(CWD, path, flags, Mode::empty()).map_err(|error| {
            format!("`{}` cannot be opened: {error}; name the folder where the node's `/` is", path.display())
        })?;
        let mut root = Self { folder, processes, users: Names::default(), groups: Names::default() };
        root.users = Names::read(&root.read("/etc/passwd").unwrap_or_default());
        root.groups = Names::read(&root.read("/etc/group").unwrap_or_default());
        Ok(root)
    }

    fn at(&self, path: &str, flags: OFlags) -> Result<OwnedFd, Errno> {
        let beneath = ResolveFlags::IN_ROOT | ResolveFlags::NO_MAGICLINKS;
        openat2(&self.folder, path, flags | OFlags::CLOEXEC, Mode::empty(), beneath)
    }
}

impl Node for Root {
    fn stat(&self, path: &str) -> Option<Stat> {
        stat(&self.at(path, OFlags::PATH).ok()?)
    }

    fn read(&self, path: &str) -> Result<String, Unread> {
        let why = |error: Errno| match error {
            Errno::ACCESS | Errno::PERM => Unread::Denied,
            _ => Unread::Missing,
        };
        // Looked at before it is opened: opening a pipe or a device can do things.
        let seen = self.at(path, OFlags::PATH).map_err(why)?;
        match stat(&seen).map(|stat| (stat.kind, stat.size)) {
            Some((Kind::Directory, _)) => return Err(Unread::Directory),
            Some((Kind::File, size)) if size <= MOST_BYTES => {}
            _ => return Err(Unread::Refused),
        }
        let file = self.at(path, OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY).map_err(why)?;
        // It may have been exchanged meanwhile.
        if stat(&file).is_none_or(|stat| stat.kind != Kind::File) {
            return Err(Unread::Refused);
        }
        let mut bytes = Vec::new();
        let read = std::fs::File::from(file).take(MOST_BYTES + 1).read_to_end(&mut bytes);
        if read.is_err() || bytes.len() as u64 > MOST_BYTES {
            return Err(Unread::Refused);
        }
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn list(&self, path: &str) -> Option<Vec<String>> {
        let folder = self.at(path, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NONBLOCK).ok()?;
        let entries = Dir::read_from(&folder).ok()?.filter_map(Result::ok);
        let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
        let mut names: Vec<String> = names.filter(|name| name != "." && name != "..").take(MOST_NAMES).collect();
        names.sort();
        Some(names)
    }

    fn processes(&self) -> &[Process] {
        &self.processes
    }

    fn user_name(&self, uid: u32) -> Option<String> {
        self.users.of(uid)
    }

    fn group_name(&self, gid: u32) -> Option<String> {
        self.groups.of(gid)
    }
}

fn stat(file: &OwnedFd) -> Option<Stat> {
    let found = fstat(file).ok()?;
    let kind = match FileType::from_raw_mode(found.st_mode) {
        FileType::RegularFile => Kind::File,
        FileType::Directory => Kind::Directory,
        _ => Kind::Other,
    };
    let size = u64::try_from(found.st_size).unwrap_or_default();
    Some(Stat { kind, mode: found.st_mode & 0o7777, uid: found.st_uid, gid: found.st_gid, size })
}

/// A folder such as `/proc`, opened once.
fn folder(path: &Path) -> Result<OwnedFd, Errno> {
    open(path, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn root(folder: &Path) -> Root {
        Root::open(folder, Vec::new()).unwrap()
    }

    #[test]
    fn no_link_leads_out_of_the_root() {
        let folder = tempfile::tempdir().unwrap();
        let outside = folder.path().join("outside");
        std::fs::write(&outside, "secret").unwrap();
        let inside = folder.path().join("root");
        std::fs::create_dir_all(inside.join("etc")).unwrap();
        std::fs::write(inside.join("etc/a"), "a").unwrap();
        symlink(&outside, inside.join("absolute")).unwrap();
        symlink("../outside", inside.join("relative")).unwrap();
        symlink("/etc/a", inside.join("good")).unwrap();
        let root = root(&inside);
        assert_eq!(root.read("/absolute"), Err(Unread::Missing));
        assert_eq!(root.read("/relative"), Err(Unread::Missing));
        assert_eq!(root.read("/../outside"), Err(Unread::Missing));
        assert_eq!(root.read("/good").as_deref(), Ok("a"));
        assert_eq!(root.stat("/absolute"), None);
    }

    #[test]
    fn what_is_no_file_is_not_opened() {
        let folder = tempfile::tempdir().unwrap();
        rustix::fs::mknodat(CWD, folder.path().join("pipe"), FileType::Fifo, Mode::from_raw_mode(0o600), 0).unwrap();
        std::fs::create_dir(folder.path().join("d")).unwrap();
        let large = std::fs::File::create(folder.path().join("large")).unwrap();
        large.set_len(MOST_BYTES + 1).unwrap();
        let root = root(folder.path());
        assert_eq!(root.read("/pipe"), Err(Unread::Refused));
        assert_eq!(root.read("/d"), Err(Unread::Directory));
        assert_eq!(root.read("/large"), Err(Unread::Refused));
        assert_eq!(root.read("/none"), Err(Unread::Missing));
        assert_eq!(root.list("/").unwrap(), ["d", "large", "pipe"]);
        assert_eq!(root.list("/none"), None);
    }

    #[test]
    fn modes_and_owners_are_those_of_the_file() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("etc")).unwrap();
        let owner =
            fstat(rustix::fs::openat(CWD, folder.path(), OFlags::RDONLY, Mode::empty()).unwrap()).unwrap().st_uid;
        std::fs::write(folder.path().join("etc/passwd"), format!("someone:x:{owner}:0::/:/bin/sh\nbroken\n")).unwrap();
        std::fs::set_permissions(folder.path().join("etc/passwd"), std::fs::Permissions::from_mode(0o640)).unwrap();
        let root = root(folder.path());
        let stat = root.stat("/etc/passwd").unwrap();
        assert_eq!((stat.mode, stat.kind), (0o640, Kind::File));
        assert_eq!(root.user_name(stat.uid).as_deref(), Some("someone"));
    }
}

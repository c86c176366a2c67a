//! What may be asked of a machine that was collected: files beneath its root, processes, names of users.

/// What kind of file a path leads to, links followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    File,
    Directory,
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stat {
    pub kind: Kind,
    /// The permission bits with setuid, setgid and sticky: `0o4755`.
    pub mode: u32,
    pub uid: u32,
    pub gid: u32,
    pub size: u64,
}

/// A running program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Process {
    /// What `ps -C` compares: the name of the program.
    pub name: String,
    pub arguments: Vec<String>,
}

impl Process {
    pub fn command_line(&self) -> String {
        self.arguments.join(" ")
    }
}

/// Why a file has no content here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    Missing,
    Denied,
    Directory,
    /// A device, a pipe, or larger than we read.
    Refused,
}

/// A collected node. Paths are absolute and mean places beneath the node's root.
pub trait Node {
    /// None where there is nothing, or it may not be seen.
    fn stat(&self, path: &str) -> Option<Stat>;

    /// # Errors
    /// There is no text to be had there.
    fn read(&self, path: &str) -> Result<String, Unread>;

    /// Names in a directory, sorted; none where it is no directory or may not be read.
    fn list(&self, path: &str) -> Option<Vec<String>>;

    fn processes(&self) -> &[Process];

    fn user_name(&self, uid: u32) -> Option<String>;

    fn group_name(&self, gid: u32) -> Option<String>;
}

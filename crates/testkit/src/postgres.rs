//! A real PostgreSQL in a temporary folder, started by the test that needs it and gone with the test's process.
//!
//! PostgreSQL refuses to run as root, so root starts it as `nobody`. A shell holds it: it reads from a pipe that closes
//! when the test's process ends, however it ends, then stops the server and removes the folder.

#![expect(clippy::expect_used, reason = "a test whose database cannot start has failed")]

use std::io::Write as _;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// `nobody` and `nogroup` of Debian.
const NOBODY: u32 = 65534;

pub struct Server {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
    keeper: Option<Child>,
    databases: AtomicU32,
}

/// One server for all tests of a process; none where PostgreSQL is not installed.
pub fn shared() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    SERVER.get_or_init(Server::start).as_ref()
}

/// Where `initdb` and `postgres` are.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = versions.map(|entry| entry.path().join("bin")).collect();
    folders.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    folders.into_iter().rev().chain(std::env::split_paths(&path)).find(|folder| folder.join("initdb").exists())
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|metadata| std::os::unix::fs::MetadataExt::uid(&metadata) == 0)
}

impl Server {
    /// A server of the caller's own, such as for a test that restarts it. None where PostgreSQL is not installed.
    ///
    /// # Panics
    /// PostgreSQL is there and does not start.
    pub fn start() -> Option<Self> {
        let programs = programs()?;
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = PathBuf::from(format!("/tmp/rampart-postgres-{}-{count}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder for PostgreSQL");
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o700)).expect("rights of the folder");
        if is_root() {
            chown(&folder, Some(NOBODY), Some(NOBODY)).expect("the folder for nobody");
        }
        let port = free_port();
        let mut server = Self { programs, folder, port, keeper: None, databases: AtomicU32::new(0) };
        let data = server.folder.join("data");
        let made = server
            .as_user("initdb")
            .args(["-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "-D"])
            .arg(&data)
            .output()
            .expect("initdb");
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        server.up();
        Some(server)
    }

    /// The program as the user that PostgreSQL accepts.
    fn as_user(&self, program: &str) -> Command {
        let mut command = if is_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(self.programs.join(program));
            command
        } else {
            Command::new(self.programs.join(program))
        };
        command.current_dir(&self.folder).env("HOME", &self.folder).env("LC_ALL", "C");
        command
    }

    /// Starts the server again after [`Self::down`].
    ///
    /// # Panics
    /// It does not start.
    pub fn up(&mut self) {
        const KEEP: &str = r#"
            folder=$1; shift
            "$@" >>"$folder/log" 2>&1 &
            server=$!
            read -r order
            case $order in crash) kill -QUIT $server ;; *) kill -INT $server ;; esac
            wait $server
            [ -n "$order" ] || rm -rf "$folder"
        "#;
        let program = self.as_user("postgres");
        let mut keeper = Command::new("sh");
        keeper.args(["-c", KEEP, "keeper"]).arg(&self.folder);
        keeper.arg(program.get_program()).args(program.get_args());
        keeper.arg("-D").arg(self.folder.join("data"));
        let folder = self.folder.display();
        for setting in [
            "listen_addresses=127.0.0.1".to_owned(),
            format!("port={}", self.port),
            format!("unix_socket_directories={folder}"),
            "fsync=off".to_owned(),
            "max_connections=200".to_owned(),
            "shared_buffers=64MB".to_owned(),
        ] {
            keeper.args(["-c", &setting]);
        }
        keeper.current_dir(&self.folder).env("LC_ALL", "C").stdin(Stdio::piped());
        self.keeper = Some(keeper.spawn().expect("a shell for PostgreSQL"));
        let start = Instant::now();
        while !self.psql("postgres", "select 1") {
            assert!(start.elapsed() < Duration::from_secs(30), "PostgreSQL does not answer: {}", self.log());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Stops the server: connections break at once, what was committed stays.
    pub fn down(&mut self) {
        self.end("stop\n");
    }

    /// Stops the server as a power cut would.
    pub fn crash(&mut self) {
        self.end("crash\n");
    }

    fn end(&mut self, order: &str) {
        if let Some(mut keeper) = self.keeper.take() {
            if let Some(mut input) = keeper.stdin.take() {
                // Fails where the shell has ended already, and then there is nothing to stop.
                let _ = input.write_all(order.as_bytes());
            }
            let _ = keeper.wait();
        }
    }

    /// The address of a new, empty database.
    ///
    /// # Panics
    /// It cannot be made.
    pub fn database(&self) -> String {
        let name = format!("t_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        assert!(self.psql("postgres", &format!("create database {name}")), "create database: {}", self.log());
        format!("postgres://postgres@127.0.0.1:{}/{name}", self.port)
    }

    fn psql(&self, database: &str, sql: &str) -> bool {
        let mut command = Command::new(self.programs.join("psql"));
        command.args(["-h", "127.0.0.1", "-U", "postgres", "-XAtq", "-p"]).arg(self.port.to_string());
        command.args(["-d", database, "-c", sql]);
        command.output().is_ok_and(|output| output.status.success())
    }

    fn log(&self) -> String {
        std::fs::read_to_string(Path::new(&self.folder).join("log")).unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end("stop\n");
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("its number").port()
}

//! Running a program of the user's: without a shell, without input, for a bounded time and to a bounded length.

use std::ffi::OsStr;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// Bytes of standard output that are taken.
const OUTPUT_BYTES: u64 = 256 << 20;

/// Bytes of standard error that are looked at.
const ERROR_BYTES: u64 = 64 << 10;

/// What the program wrote; the error is the first line of its complaint, or what kept it from ending well.
pub(super) fn run(program: &Path, arguments: &[&OsStr], time: Duration) -> Result<String, String> {
    let shown = program.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let end = Instant::now() + time;
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("`{shown}` cannot be started: {error}"))?;
    let output = drain(child.stdout.take(), OUTPUT_BYTES + 1);
    let complaint = drain(child.stderr.take(), ERROR_BYTES);
    let Ok(output) = output.recv_timeout(time) else {
        stop(&mut child);
        return Err(format!("`{shown}` did not end within {} s", time.as_secs()));
    };
    if output.len() as u64 > OUTPUT_BYTES {
        stop(&mut child);
        return Err(format!("`{shown}` wrote more than {OUTPUT_BYTES} bytes"));
    }
    let is_good = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status.success(),
            Ok(None) if Instant::now() < end => std::thread::sleep(Duration::from_millis(5)),
            Ok(None) => {
                stop(&mut child);
                return Err(format!("`{shown}` did not end within {} s", time.as_secs()));
            }
            Err(error) => return Err(format!("`{shown}` was lost: {error}")),
        }
    };
    if !is_good {
        let complaint = complaint.recv_timeout(Duration::from_secs(1)).unwrap_or_default();
        let complaint = String::from_utf8_lossy(&complaint);
        let first = complaint.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("it does not say why");
        let first: String = first.trim_start_matches("Error: ").chars().take(300).collect();
        return Err(format!("`{shown}` failed: {first}"));
    }
    String::from_utf8(output).map_err(|_| format!("`{shown}` wrote what is not UTF-8 text"))
}

/// Reads a stream on a thread of its own, so that the program never waits for us; the rest beyond `bytes` is dropped.
fn drain(stream: Option<impl Read + Send + 'static>, bytes: u64) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut taken = Vec::new();
        if let Some(mut stream) = stream {
            // What was read before a failure is all there is.
            let _ = stream.by_ref().take(bytes).read_to_end(&mut taken);
            let _ = sender.send(taken);
            let _ = std::io::copy(&mut stream, &mut std::io::sink());
        }
    });
    receiver
}

fn stop(child: &mut Child) {
    // It may have ended by itself in between.
    let _ = child.kill();
    let _ = child.wait();
}

//! Files that a run writes and reads beside its targets.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rampart_report::Format;

use crate::exit::Refused;

/// Reads `FORMAT=FILE`.
///
/// # Errors
/// There is no `=`, or the format is unknown.
pub fn parse(word: &str) -> Result<(Format, PathBuf), Refused> {
    let (format, path) = word
        .split_once('=')
        .ok_or_else(|| Refused::usage(format!("`{word}` is not FORMAT=FILE, such as sarif=out.sarif")))?;
    let format = format.parse::<Format>().map_err(Refused::usage)?;
    Ok((format, PathBuf::from(path)))
}

/// # Errors
/// The file cannot be written.
pub fn write(path: &Path, text: &str) -> Result<(), Refused> {
    write_with(path, |out| out.write_all(text.as_bytes()))
}

/// Writes a whole file or nothing: a reader never sees half of a report.
///
/// # Errors
/// The file cannot be written.
pub fn write_with(path: &Path, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Refused> {
    let refused = |error: io::Error| {
        let cause = cause(&error);
        Refused::error(format!(
            "cannot write `{}`: {cause}; name a file in a folder that you may write to",
            path.display()
        ))
    };
    let create = |path: &Path| -> io::Result<()> {
        let mut out = io::BufWriter::new(std::fs::File::create(path)?);
        fill(&mut out)?;
        out.flush()
    };
    // Devices such as /dev/stdout and pipes are written in place.
    if std::fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        return create(path).map_err(refused);
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let part = path.with_file_name(name);
    create(&part).and_then(|()| std::fs::rename(&part, path)).map_err(refused)
}

/// # Errors
/// The file cannot be read as UTF-8 text.
pub fn read(path: &Path) -> Result<String, Refused> {
    std::fs::read_to_string(path).map_err(|error| {
        let cause = cause(&error);
        Refused::usage(format!("cannot read `{}`: {cause}; name a text file that is there", path.display()))
    })
}

/// An error of the system in the words of this program.
pub fn cause(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        io::ErrorKind::InvalidData => "it is not UTF-8 text".to_owned(),
        _ => error.to_string(),
    }
}

/// A line without control characters, which a hostile name could use to rewrite the terminal.
pub fn plain(line: &str) -> String {
    line.chars().map(|character| if character.is_control() { '\u{fffd}' } else { character }).collect()
}

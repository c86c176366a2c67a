//! Where words go: results to standard output, talk to standard error, colour only where it is wanted.

use std::io::{IsTerminal, Write};

use crate::cli::Color;
use crate::exit::Refused;

pub struct Terminal {
    pub color: bool,
    /// Columns of standard output; 100 where there is no terminal.
    pub width: usize,
}

impl Terminal {
    pub fn new(color: Color) -> Self {
        let wanted = match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
            }
        };
        let width = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).unwrap_or(100);
        Self { color: wanted, width: width.clamp(80, 120) }
    }

    /// Writes a line of talk.
    pub fn say(&self, line: &str) {
        // Nothing can be done, and nothing is lost, where standard error is closed.
        let _ = writeln!(std::io::stderr().lock(), "{}", line.trim_end());
    }

    /// Writes the result.
    ///
    /// # Errors
    /// As [`Terminal::print_with`].
    pub fn print(&self, text: &str) -> Result<(), Refused> {
        self.print_with(|out| out.write_all(text.as_bytes()))
    }

    /// Lets `write` write the result. A reader that has gone away, as `head` does, is no error.
    ///
    /// # Errors
    /// Standard output cannot be written for another reason.
    pub fn print_with(&self, write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> Result<(), Refused> {
        let mut stdout = std::io::BufWriter::new(std::io::stdout().lock());
        match write(&mut stdout).and_then(|()| stdout.flush()) {
            Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
                Err(Refused::error(format!("standard output cannot be written: {error}")))
            }
            _ => Ok(()),
        }
    }
}

//! A shell that runs nothing: scripts of a few shapes, with the tools that they call written anew over a collected node.
//!
//! Standard output and error of a script come as one text, as the caller of a shell sees them. Programs that are not
//! among the tools are told of as a shell tells of what is not installed, and noted. Steps, output and depth are bounded.

mod arithmetic;
mod ast;
mod expand;
mod parse;
mod pattern;
mod run;
mod test;
mod tool;

use rampart_model::Node;

/// What a script printed and how it ended.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Output {
    pub text: String,
    pub code: u8,
    /// Programs that the script asked for and that are no tools of ours, each once.
    pub missing: Vec<String>,
}

/// Why a script cannot be interpreted here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsupported(pub String);

impl std::fmt::Display for Unsupported {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Runs a script as `/bin/sh` would with the script on its standard input.
///
/// # Errors
/// The script uses something that is not interpreted, or goes beyond the limits.
pub fn run(script: &str, node: &dyn Node) -> Result<Output, Unsupported> {
    let list = parse::script(script)?;
    let mut machine = run::Machine::new(node);
    let code = machine.script(&list)?;
    Ok(Output { text: machine.printed(), code, missing: machine.missing() })
}

#[cfg(test)]
mod tests;

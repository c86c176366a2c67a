//! `rampart pod-security check`: one pod a file, one verdict a pod, by a level and a release of the standard.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};

use rampart_controls::pod_security::shape::malformed;
use rampart_controls::pod_security::standard::{Level, Violation, evaluate, policy_version};
use rampart_model::document::read_documents;
use rampart_model::{Diagnostic, Document, Evidence, KubernetesVersion, Limits, Object, Pod, SourceText};

use crate::exit::{Exit, Refused};
use crate::output::plain;
use crate::terminal::Terminal;

#[derive(Debug, Subcommand)]
pub enum PodSecurity {
    /// Say of each Pod whether a level of the Pod Security Standards allows it.
    Check(Check),
}

#[derive(Debug, Args)]
pub struct Check {
    /// The level to judge by: `baseline` or `restricted`.
    #[arg(long, value_parser = level)]
    pub level: Level,
    /// The release whose standard counts: `v1.31` or `latest`.
    #[arg(long, default_value = "latest", value_parser = version)]
    pub version: Version,
    #[arg(short, long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Manifests in YAML or JSON, each with one Pod; `-` is standard input.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Text,
    Json,
}

/// A release, and how the user named it.
#[derive(Debug, Clone)]
pub struct Version {
    release: KubernetesVersion,
    name: String,
}

fn level(text: &str) -> Result<Level, String> {
    match text.parse() {
        Ok(level @ (Level::Baseline | Level::Restricted)) => Ok(level),
        _ => Err("use baseline or restricted".to_owned()),
    }
}

fn version(text: &str) -> Result<Version, String> {
    policy_version(text).map(|release| Version { release, name: text.to_owned() })
}

pub fn run(command: &PodSecurity, terminal: &Terminal) -> Result<Exit, Refused> {
    match command {
        PodSecurity::Check(arguments) => check(arguments, terminal),
    }
}

fn check(arguments: &Check, terminal: &Terminal) -> Result<Exit, Refused> {
    let mut rows = Vec::new();
    let (mut denied, mut refused) = (0usize, 0usize);
    let mut text = String::new();
    for path in &arguments.files {
        let file = path.to_string_lossy();
        let verdict = read(path).and_then(|documents| {
            notices(&documents, terminal);
            judge(&documents, arguments, |violations| describe(&file, violations))
        });
        match verdict {
            Ok(lines) => {
                denied += usize::from(!lines.is_empty());
                let name = serde_json::Value::from(file.as_ref());
                rows.push(format!("{{\"file\":{name},\"allowed\":{}}}", lines.is_empty()));
                let verdict = if lines.is_empty() { "allowed" } else { "denied" };
                text.push_str(&format!("{}: {verdict}\n", plain(&file)));
                lines.iter().for_each(|line| text.push_str(&format!("  {line}\n")));
            }
            Err(reason) => {
                refused += 1;
                terminal.say(&plain(&format!("rampart: `{file}` is refused: {reason}")));
            }
        }
    }
    match arguments.format {
        Format::Text => terminal.print(&text)?,
        Format::Json => terminal.print(&format!("[{}]\n", rows.join(",")))?,
    }
    let exit = match (refused, denied) {
        (0, 0) => Exit::Pass,
        (0, _) => Exit::Gate,
        _ => Exit::Usage,
    };
    let standard = format!("`{}` of {}", arguments.level, arguments.version.name);
    let judged = arguments.files.len() - refused;
    let also = match refused {
        0 => String::new(),
        1 => "; 1 file refused".to_owned(),
        _ => format!("; {refused} files refused"),
    };
    let pods = if judged == 1 { "pod" } else { "pods" };
    terminal.say(&format!("exit {}: {standard} denies {denied} of {judged} {pods}{also}", exit.number()));
    Ok(exit)
}

/// The documents of a file that hold anything at all.
fn read(path: &Path) -> Result<Vec<Document>, String> {
    let limit = u64::from(Limits::STANDARD.bytes);
    let mut bytes = Vec::new();
    let mut take = |reader: &mut dyn Read| reader.take(limit + 1).read_to_end(&mut bytes);
    let outcome = match path.to_str() {
        Some("-") => take(&mut std::io::stdin().lock()),
        _ => std::fs::File::open(path).and_then(|mut file| take(&mut file)),
    };
    outcome.map_err(|error| format!("cannot be read: {}; name a file with one Pod", crate::output::cause(&error)))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        format!("not UTF-8 text, from byte {} on; name a manifest in YAML or JSON", error.utf8_error().valid_up_to())
    })?;
    if text.len() as u64 > limit {
        return Err(format!("larger than {limit} bytes; name a file with one Pod"));
    }
    let (mut documents, errors) = read_documents(SourceText::new(path.to_string_lossy(), text), &Limits::STANDARD);
    if let Some(Diagnostic { line, column, message, .. }) = errors.first() {
        return Err(format!("line {line}, column {column}: {message}"));
    }
    documents.retain(|document| !document.root().is_null());
    Ok(documents)
}

fn notices(documents: &[Document], terminal: &Terminal) {
    let notices = documents.iter().flat_map(|document| document.notices());
    notices.for_each(|notice| terminal.say(&plain(&format!("rampart: {notice}"))));
}

/// Lets `tell` say what is wrong with the only Pod of a file.
fn judge<T>(documents: &[Document], arguments: &Check, tell: impl FnOnce(&[Violation<'_>]) -> T) -> Result<T, String> {
    let [document] = documents else {
        return Err(format!("it holds {} documents; give each Pod a file of its own", documents.len()));
    };
    let object =
        Object::of(document.root()).ok_or("it holds no Kubernetes object; `apiVersion` and `kind` are missing")?;
    if (object.api_version(), object.kind()) != ("v1", "Pod") {
        let (version, kind) = (object.api_version(), object.kind());
        return Err(format!("it holds a `{version}` `{kind}`; only a `v1` `Pod` can be judged"));
    }
    let pod = Pod::all(object).into_iter().next().ok_or("the Pod has no `spec`")?;
    if let Some(reason) = malformed(&pod) {
        return Err(reason);
    }
    Ok(tell(&evaluate(arguments.level, arguments.version.release, &pod)))
}

fn describe(file: &str, violations: &[Violation<'_>]) -> Vec<String> {
    let line = |violation: &Violation<'_>| {
        let evidence = Evidence::from(violation.place);
        let place = evidence.location.map_or_else(|| file.to_owned(), |location| location.to_string());
        plain(&format!("{place} {}: {}", violation.rule, violation.message))
    };
    violations.iter().map(line).collect()
}

//! The words of the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use rampart_model::{KubernetesVersion, Severity};
use rampart_report::Format;

use crate::account::{Login, Whoami};
use crate::admin_link::AdminLink;
use crate::agent::Agent;
use crate::backup::Backup;
use crate::gate::FailOn;
use crate::node::NodeCommand;
use crate::pod_security::PodSecurity;
use crate::policy::PolicyCommand;
use crate::restore::Restore;
use crate::serve::Serve;
use crate::trail::Trail;

/// Validates and audits Kubernetes security across fifteen controls, with evidence and fixes.
#[derive(Debug, Parser)]
#[command(name = "rampart", version, max_term_width = 100, disable_help_subcommand = true)]
pub struct Cli {
    /// When to use colour; `auto` honours NO_COLOR and whether a terminal is there.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    pub color: Color,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Scan folders, files, standard input (`-`), kube contexts or snapshots.
    Scan(Scan),
    /// Compare two JSON reports: what is new, what is fixed.
    Diff(Diff),
    /// Show a rule: why it matters and how it is put right. Without a rule, list all.
    Explain(Explain),
    /// List compliance frameworks, or the requirements of one.
    Frameworks(Frameworks),
    /// Propose changes to manifests that remove findings, as a unified diff.
    Fix(Fix),
    /// Run the plane: API, web UI, store and the clusters that it reads itself.
    Serve(Box<Serve>),
    /// Follow a cluster, judge it there, and tell a plane what was found.
    Agent(Box<Agent>),
    /// Sign in to a plane: confirm a code in a browser.
    Login(Login),
    /// Sign out of the plane and forget the token.
    Logout,
    /// Who is signed in, and what they may do.
    Whoami(Whoami),
    /// Print a one-time link that makes an administrator, where nobody can sign in any more.
    AdminLink(AdminLink),
    /// Write all that a plane knows to a file, while it runs.
    Backup(Backup),
    /// Read a backup into an empty database.
    Restore(Restore),
    /// Check the plane's own audit trail.
    #[command(subcommand)]
    Trail(Trail),
    /// Judge pods by the Pod Security Standards.
    #[command(subcommand)]
    PodSecurity(PodSecurity),
    /// Run policies that you own.
    #[command(subcommand)]
    Policy(PolicyCommand),
    /// Look at one machine.
    #[command(subcommand)]
    Node(Box<NodeCommand>),
}

/// What to read and how to judge it.
#[derive(Debug, Args)]
pub struct Input {
    /// Folder, file, `-`, snapshot, or kube context (`context:NAME` where a file has that name).
    #[arg(value_name = "TARGET")]
    pub targets: Vec<String>,
    /// Scan this context of the kubeconfig.
    #[arg(long, value_name = "NAME")]
    pub context: Vec<String>,
    /// The kubeconfig to use instead of $KUBECONFIG or ~/.kube/config.
    #[arg(long, value_name = "FILE")]
    pub kubeconfig: Option<PathBuf>,
    /// Judge only these namespaces (repeatable).
    #[arg(short, long, value_name = "NAME")]
    pub namespace: Vec<String>,
    /// Settings and waivers; without it, `.rampart.yaml` of the target folder or of this one.
    #[arg(long, value_name = "FILE")]
    pub settings: Option<PathBuf>,
    /// The release to judge by, such as v1.36; without it, what the cluster says, else the newest known.
    #[arg(long, value_name = "VERSION")]
    pub kubernetes_version: Option<KubernetesVersion>,
    /// The instant to take for now (RFC 3339), for waivers and certificates: repeatable runs.
    #[arg(long, value_name = "TIME")]
    pub now: Option<jiff::Timestamp>,
}

#[derive(Debug, Args)]
pub struct Scan {
    #[command(flatten)]
    pub input: Input,
    /// What to print: terminal, json, ndjson, yaml, sarif, junit, csv, markdown, html, gitlab, policyreport, openreports,
    /// oscal, pdf.
    #[arg(short, long, default_value = "terminal")]
    pub format: Format,
    /// Also write a report to a file (repeatable).
    #[arg(short, long, value_name = "FORMAT=FILE")]
    pub output: Vec<String>,
    /// Answer to a compliance framework: its id (`rampart frameworks` lists them) or a file of your own.
    #[arg(long, value_name = "ID|FILE")]
    pub framework: Option<String>,
    /// Show only findings of this severity or graver.
    #[arg(long, value_name = "SEVERITY")]
    pub severity: Option<Severity>,
    /// Exit 1 on findings of this severity or graver: `high`, `high,fixable`, `medium,new` (new: not in the baseline).
    #[arg(long, value_name = "SEVERITY[,fixable][,new]")]
    pub fail_on: Option<FailOn>,
    /// Exit 1 where the overall score is below this (0 to 100).
    #[arg(long, value_name = "SCORE", value_parser = clap::value_parser!(u8).range(0..=100))]
    pub fail_below: Option<u8>,
    /// Findings known from before, which `--fail-on ..,new` does not count; a baseline or a JSON report.
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Write the findings of this run as a baseline.
    #[arg(long, value_name = "FILE")]
    pub save_baseline: Option<PathBuf>,
    /// Write what was read, secrets redacted, to scan it again later.
    #[arg(long, value_name = "FILE")]
    pub save_snapshot: Option<PathBuf>,
    /// Print at most so many findings in full in the terminal; 0 prints all.
    #[arg(long, value_name = "COUNT", default_value_t = 20)]
    pub limit: usize,
    /// Exit 4 where something could not be checked.
    #[arg(long)]
    pub strict: bool,
}

#[derive(Debug, Args)]
pub struct Diff {
    /// The earlier report (`--format json`).
    pub before: PathBuf,
    /// The later report.
    pub after: PathBuf,
    /// terminal, json or markdown.
    #[arg(short, long, default_value = "terminal")]
    pub format: Format,
    /// Exit 1 where there are new findings of this severity or graver.
    #[arg(long, value_name = "SEVERITY")]
    pub fail_on: Option<Severity>,
}

#[derive(Debug, Args)]
pub struct Explain {
    /// A rule id such as `pod-security/privileged`, or the beginning of one.
    pub rule: Option<String>,
    /// terminal or markdown.
    #[arg(short, long, default_value = "terminal")]
    pub format: Format,
}

#[derive(Debug, Args)]
pub struct Frameworks {
    /// A framework's id, or a file with one of your own, which is checked.
    #[arg(value_name = "ID|FILE")]
    pub framework: Option<String>,
}

#[derive(Debug, Args)]
pub struct Fix {
    #[command(flatten)]
    pub input: Input,
    /// Print the changes as a unified diff and write nothing.
    #[arg(long, conflicts_with = "write", required_unless_present = "write")]
    pub dry_run: bool,
    /// Change the files. Read the dry run first: agents of nodes and networks may need what a rule forbids.
    #[arg(long)]
    pub write: bool,
    /// Only fix this rule, or rules that begin so (repeatable).
    #[arg(long, value_name = "RULE")]
    pub rule: Vec<String>,
}

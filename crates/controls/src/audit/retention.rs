//! The shape of the three rules about how long audit log files are kept.

use rampart_model::Reporter;
use rampart_model::facts::Facts;
use rampart_model::facts::control_plane::Role;

use crate::flag::Complaint;

/// Complains where the flag `name` is absent, no number, or below `least`; only of servers that write a log file.
pub(super) fn at_least(name: &str, least: u32, unit: &str, facts: &Facts, report: &mut Reporter<'_>) {
    let wanted = least.to_string();
    for server in facts.components(Role::ApiServer, report) {
        // `-` is the standard output, which has no files to keep.
        if server.value("audit-log-path").is_none_or(|path| path == "-") {
            report.not_concerned();
            continue;
        }
        let message = match server.value(name) {
            None => format!("`--{name}` is not set; at least {least} {unit} are advised"),
            Some(value) if value.parse::<u32>().is_ok_and(|number| number >= least) => continue,
            Some(value) => format!("`--{name}` is {value}; at least {least} {unit} are advised"),
        };
        Complaint::new(name, message).wanted(&wanted).report(server, report);
    }
}

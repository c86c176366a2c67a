//! The worker that writes reports by the clock into the data folder. The store gives each turn to one replica, once.

use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rampart_report::write_report;
use rampart_store::report_schedule::{self, Schedule};
use rampart_store::{Scope, route};

use super::build::{self, Wanted};
use super::{download, frameworks};
use crate::bus::{ChangeKind, Poke};
use crate::notify::{Outcome, Sender, announcement, shared_settings};
use crate::plane::blocking;
use crate::reconcile::{Reconciler, start as reconcile};
use crate::{Plane, Problem};

const EVERY: Duration = Duration::from_secs(60);
/// Reports of one schedule that are kept.
const KEPT: usize = 30;

/// Starts the worker; of several replicas the leading one writes.
pub(crate) fn start(plane: &Plane) {
    let reconciler = Reconciler { name: "reports", every: EVERY, poke: Some(Poke::Schedules), alone: true };
    reconcile(plane, reconciler, turn);
}

/// Writes what is due.
pub(super) async fn turn(plane: Plane) -> Result<(), String> {
    let now = plane.now();
    let due = plane.write(move |tx| report_schedule::take_due(tx, now)).await.map_err(|problem| problem.message)?;
    for schedule in due {
        let outcome = match write(&plane, &schedule).await {
            Ok(name) => tell(&plane, &schedule, &name).await,
            Err(problem) => {
                tracing::warn!(schedule = schedule.id, %problem, "a report could not be written");
                format!("failed: {problem}")
            }
        };
        let id = schedule.id.clone();
        let noted = plane.write(move |tx| report_schedule::finished(tx, &id, &outcome)).await;
        noted.map_err(|problem| problem.message)?;
        plane.bus().publish(ChangeKind::Delivery, None);
    }
    Ok(())
}

pub(super) fn folder(plane: &Plane, schedule: &str) -> PathBuf {
    plane.options().data.join("reports").join(schedule)
}

async fn write(plane: &Plane, schedule: &Schedule) -> Result<String, Problem> {
    let format = download::format(&schedule.format, schedule.framework.as_deref())?;
    let (asked, state, now) = (schedule.clone(), plane.clone(), plane.now());
    let report = plane
        .read(move |tx| {
            let framework = asked.framework.as_deref().map(|id| frameworks::one(tx, id)).transpose()?;
            let wanted = Wanted {
                scope: Scope::all(),
                cluster: asked.cluster.clone(),
                framework: framework.map(|(framework, _)| framework),
                sums: download::sums(format),
                now,
            };
            build::report(tx, &state, &wanted)
        })
        .await?;
    let day = now.to_string().chars().take(10).collect::<String>();
    let name = format!("{day}.{}", format.extension());
    let (folder, file) = (folder(plane, &schedule.id), name.clone());
    blocking(move || {
        let written = fill(&folder, &file, |out| write_report(&report, &download::layout(), format, out));
        written.map_err(|error| Problem::unavailable(format!("cannot write `{}`: {error}", folder.display())))
    })
    .await?;
    Ok(name)
}

/// A whole file or none, and not more of them than are kept.
fn fill(folder: &Path, name: &str, write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    let draft = folder.join(".draft");
    let mut out = BufWriter::new(fs::File::create(&draft)?);
    write(&mut out)?;
    out.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
    fs::rename(&draft, folder.join(name))?;
    let names = names(folder)?;
    for old in names.iter().rev().skip(KEPT) {
        fs::remove_file(folder.join(old))?;
    }
    Ok(())
}

/// Oldest first: names begin with their day.
fn names(folder: &Path) -> std::io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// # Errors
/// None was written here yet.
pub(super) fn newest(folder: &Path) -> Result<(String, Vec<u8>), Problem> {
    let none = |_| Problem::not_found("no report of this schedule was written here yet");
    let name = names(folder).map_err(none)?.pop();
    let name = name.ok_or_else(|| Problem::not_found("no report of this schedule was written here yet"))?;
    let bytes = fs::read(folder.join(&name)).map_err(none)?;
    Ok((name, bytes))
}

/// Tells the route of the schedule. The report is there whether or not that works; the outcome says both.
async fn tell(plane: &Plane, schedule: &Schedule, name: &str) -> String {
    let Some(id) = schedule.route.clone() else { return format!("written: {name}") };
    let found = plane.read(move |tx| Ok((route::get(tx, &id)?, shared_settings(tx)?))).await;
    let told = match found {
        Err(problem) => Err(problem.message),
        Ok((route, settings)) => match Sender::new(settings) {
            Err(why) => Err(why),
            Ok(sender) => {
                let target = schedule.cluster.as_deref().unwrap_or("all clusters");
                let text = format!("The {} report of {target} is written: {name}", schedule.format);
                let link = plane.options().public_url.as_ref().map(|url| {
                    format!("{}/api/v1/reports/schedules/{}/latest", url.trim_end_matches('/'), schedule.id)
                });
                let key = format!("{}-{name}", schedule.id);
                let message = announcement(key, &text, link, plane.now());
                match sender.send(&route, plane.sign_in().seal(), &message, plane.now().as_second()).await {
                    Outcome::Sent => Ok(()),
                    Outcome::Later(why) | Outcome::Never(why) => Err(why),
                }
            }
        },
    };
    match told {
        Ok(()) => format!("written and told: {name}"),
        Err(why) => format!("written: {name}; the route was not told: {why}"),
    }
}

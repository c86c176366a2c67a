//! The run: join, first sync, an hour's churn, everybody reconnecting at once, and what the UI asks meanwhile.

use std::time::{Duration, Instant};

use futures_util::StreamExt;
use rampart_protocol::Batch;

use crate::administrator::Administrator;
use crate::simulated::Simulated;
use crate::{cluster, process};

/// Agents that talk at once.
const AT_ONCE: usize = 32;
const ASKED: usize = 50;

pub struct Load {
    pub agents: usize,
    pub findings: usize,
    /// The plane's process id.
    pub plane: u32,
}

pub async fn run(administrator: Administrator, load: &Load) {
    let token = administrator.join_token(load.agents).await;
    let (mut agents, took) = join(&administrator, &token, load).await;
    report("join", load, took, "");

    let start = Instant::now();
    agents = each(agents, |mut agent| async move {
        agent.sync(&cluster::state(agent.number, load.findings, 0)).await;
        agent
    })
    .await;
    let rate = (load.agents * load.findings) as f64 / start.elapsed().as_secs_f64();
    report("first sync", load, start.elapsed(), &format!("{rate:.0} findings/s"));

    let start = Instant::now();
    agents = each(agents, |mut agent| async move {
        let before = cluster::state(agent.number, load.findings, 0);
        let after = cluster::state(agent.number, load.findings, 1);
        agent.send(Batch::between(Some(&before), &after)).await;
        agent
    })
    .await;
    report("an hour's churn of 1 %", load, start.elapsed(), "");

    let rows = changed_rows(&administrator).await;
    let start = Instant::now();
    each(agents, |mut agent| async move {
        let requests = agent.sync(&cluster::state(agent.number, load.findings, 1)).await;
        assert_eq!(requests, 1, "a reconnecting agent had to send findings");
        agent
    })
    .await;
    let written = changed_rows(&administrator).await.zip(rows).map(|(after, before)| after - before);
    let written = written.map_or_else(|| "rows not counted".to_owned(), |rows| format!("{rows} rows written"));
    report("all reconnect at once", load, start.elapsed(), &written);
    questions(&administrator).await;
}

async fn join(administrator: &Administrator, token: &str, load: &Load) -> (Vec<Simulated>, Duration) {
    let start = Instant::now();
    let agents = futures_util::stream::iter(0..load.agents)
        .map(|number| Simulated::join(administrator.http.clone(), &administrator.url, token, number))
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    (agents, start.elapsed())
}

async fn each<F: Future<Output = Simulated>>(agents: Vec<Simulated>, work: impl Fn(Simulated) -> F) -> Vec<Simulated> {
    futures_util::stream::iter(agents).map(work).buffer_unordered(AT_ONCE).collect().await
}

/// Rows of findings and drift that ingests have written so far, as the plane counts them.
async fn changed_rows(administrator: &Administrator) -> Option<i64> {
    let answer = administrator.http.get(format!("{}/metrics", administrator.url)).send().await.ok()?;
    let text = answer.text().await.ok()?;
    let lines = text.lines().filter(|line| line.starts_with("rampart_ingest_records_total"));
    let counts = lines.filter_map(|line| line.rsplit_once(' ')?.1.parse::<f64>().ok());
    let (count, sum) = counts.fold((0, 0.0), |(count, sum), rows| (count + 1, sum + rows));
    #[expect(clippy::cast_possible_truncation, reason = "a count of rows, far below 2^53")]
    (count > 0).then_some(sum as i64)
}

/// What the pages of the UI ask, one after the other, and how long the slow ones took.
async fn questions(administrator: &Administrator) {
    let (first, _) = administrator.get("/api/v1/findings?limit=1").await;
    let finding = format!(
        "/api/v1/findings/{}/{}",
        first["items"][0]["cluster"].as_str().unwrap_or_default(),
        first["items"][0]["fingerprint"].as_str().unwrap_or_default()
    );
    let subject = &first["items"][0]["subject"];
    let word = |name: &str| subject[name].as_str().unwrap_or_default().to_owned();
    let workload = format!(
        "/api/v1/workloads/{}/{}/{}/{}",
        first["items"][0]["cluster"].as_str().unwrap_or_default(),
        word("kind"),
        word("namespace"),
        word("name")
    );
    let paths = [
        "/api/v1/overview",
        "/api/v1/clusters?limit=100",
        "/api/v1/clusters/cluster-0000",
        "/api/v1/compliance",
        "/api/v1/findings?limit=100",
        "/api/v1/findings?limit=100&severity=critical&sort=newest",
        "/api/v1/findings?limit=100&cluster=cluster-0001&namespace=team-3",
        "/api/v1/findings?limit=100&rule=pod-security/privileged",
        "/api/v1/findings?limit=100&q=service-77",
        "/api/v1/findings/groups?by=rule",
        "/api/v1/findings/groups?by=cluster&severity=high",
        "/api/v1/findings/groups?by=namespace&cluster=cluster-0001",
        &finding,
        &workload,
        "/api/v1/rules",
    ];
    for path in paths {
        let mut times = Vec::new();
        for _ in 0..ASKED {
            times.push(administrator.get(path).await.1);
            if times.iter().sum::<Duration>() > Duration::from_secs(30) {
                break;
            }
        }
        times.sort();
        let at = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)].as_secs_f64() * 1000.0;
        println!("GET {path}: p50 {:.1} ms, p95 {:.1} ms of {} (budget 200 ms)", at(50), at(95), times.len());
    }
}

fn report(phase: &str, load: &Load, took: Duration, more: &str) {
    let (peak, cpu) = process::cost(load.plane);
    let more = if more.is_empty() { String::new() } else { format!(", {more}") };
    let seconds = took.as_secs_f64();
    println!(
        "{phase}: {} agents, {seconds:.1} s wall{more}; plane {peak} MB at most, {cpu:.0} CPU-s so far",
        load.agents
    );
}

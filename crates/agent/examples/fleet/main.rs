//! Many agents in one process, speaking the real protocol to a plane: the load of `cargo xtask bench plane`.
//!
//! Usage: fleet URL CA-FILE FIRST-RUN-TOKEN AGENTS FINDINGS PLANE-PID. Prints a line for each phase. Every agent has its own
//! key and signs its requests, as behind an ingress that ends TLS, so that one pool of connections serves them all.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a load generator prints its figures and stops where the plane does not answer as it must"
)]

mod administrator;
mod cluster;
mod phases;
mod process;
mod simulated;

use administrator::Administrator;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [url, authority, first_run, agents, findings, pid] = words.as_slice() else {
        println!("usage: fleet URL CA-FILE FIRST-RUN-TOKEN AGENTS FINDINGS PLANE-PID");
        std::process::exit(2);
    };
    let run = async {
        let administrator = Administrator::sign_in(url, authority, first_run).await;
        let load = phases::Load {
            agents: agents.parse().unwrap(),
            findings: findings.parse().unwrap(),
            plane: pid.parse().unwrap(),
        };
        phases::run(administrator, &load).await;
    };
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(run);
}

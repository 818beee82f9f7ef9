//! What the engine and the connections count, in Prometheus' text format.

use std::fmt::{Display, Write};

use engine::meter::Counted;
use engine::watch::Figures;

use crate::state::Server;

/// What this process counted since its start.
pub(super) fn process(server: &Server, text: &mut String) {
    let meter = server.engine.meter();
    histogram(text, "terrace_commit_group_size", "Writes that shared a commit.", &meter.group_size.read());
    histogram(
        text,
        "terrace_deeds_together",
        "Deeds of the queue, of one kind, that were done by the same statements.",
        &meter.together.read(),
    );
    histogram(
        text,
        "terrace_commit_seconds",
        "Time from the beginning of a write to its commit.",
        &meter.commit.read(),
    );
    histogram(text, "terrace_write_wait_seconds", "Time that a write waited to begin.", &meter.wait.read());
    let (open, refused) = server.open.counted();
    let (worked, turned_away) = server.crowd.counted();
    for (name, kind, help, value) in [
        ("terrace_writes_run_again_total", "counter", "Writes that collided and were run again.", meter.again()),
        ("terrace_claims_total", "counter", "Claims handed out.", meter.claimed()),
        ("terrace_claim_misses_total", "counter", "Calls for work that got none.", meter.missed()),
        ("terrace_requests", "gauge", "Requests that are worked.", u64::try_from(worked).unwrap_or(u64::MAX)),
        ("terrace_requests_turned_away_total", "counter", "Requests told to come again.", turned_away),
        ("terrace_connections", "gauge", "Open connections.", u64::try_from(open).unwrap_or(u64::MAX)),
        ("terrace_connections_refused_total", "counter", "Connections for which there was no place.", refused),
    ] {
        head(text, name, kind, help);
        line(text, name, "", value);
    }
}

/// How the installation stands; the same on every node.
pub(super) fn installation(figures: &Figures, text: &mut String) {
    head(text, "terrace_items", "gauge", "Items of all projects by state.");
    for (state, n) in &figures.items {
        line(text, "terrace_items", &format!("{{state=\"{state}\"}}"), n);
    }
    // Also where there are none: a rule tells nothing from a line that is missing.
    let jobs: Vec<_> = ["import", "export"]
        .into_iter()
        .flat_map(|kind| ["queued", "running"].map(|state| (kind, state)))
        .map(|(kind, state)| {
            let found = figures.jobs.iter().find(|jobs| jobs.kind == kind && jobs.state == state);
            let (n, oldest_ms) = found.map_or((0, 0), |jobs| (jobs.n, jobs.oldest_ms));
            (format!("{{kind=\"{kind}\",state=\"{state}\"}}"), n, oldest_ms / 1_000)
        })
        .collect();
    head(text, "terrace_jobs", "gauge", "Jobs that wait or run.");
    for (labels, n, _) in &jobs {
        line(text, "terrace_jobs", labels, n);
    }
    head(text, "terrace_job_age_seconds", "gauge", "Time since the oldest of them was asked for.");
    for (labels, _, seconds) in &jobs {
        line(text, "terrace_job_age_seconds", labels, seconds);
    }
    head(text, "terrace_jobs_failed_day", "gauge", "Jobs that failed within a day.");
    for (kind, n) in &figures.failed {
        line(text, "terrace_jobs_failed_day", &format!("{{kind=\"{kind}\"}}"), n);
    }
    head(text, "terrace_database_connections", "gauge", "Connections to PostgreSQL of this process.");
    if let Some((open, idle)) = figures.connections {
        let open = usize::try_from(open).unwrap_or(usize::MAX);
        line(text, "terrace_database_connections", "{state=\"used\"}", open.saturating_sub(idle));
        line(text, "terrace_database_connections", "{state=\"idle\"}", idle);
    }
}

// Writing to a string cannot fail.
fn head(text: &mut String, name: &str, kind: &str, help: &str) {
    let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
}

fn line(text: &mut String, name: &str, labels: &str, value: impl Display) {
    let _ = writeln!(text, "{name}{labels} {value}");
}

fn histogram(text: &mut String, name: &str, help: &str, counted: &Counted) {
    head(text, name, "histogram", help);
    for (bound, n) in &counted.buckets {
        line(text, &format!("{name}_bucket"), &format!("{{le=\"{bound}\"}}"), n);
    }
    line(text, &format!("{name}_bucket"), "{le=\"+Inf\"}", counted.count);
    line(text, &format!("{name}_sum"), "", counted.sum);
    line(text, &format!("{name}_count"), "", counted.count);
}

//! The rules and the dashboard in `deploy`: what they ask for is what `/metrics` tells.

use std::collections::{BTreeMap, BTreeSet};

use domain::account::PlatformRole;
use serde_json::{Value, json};

use crate::support::{Job, Site};

const RULES: &str = include_str!("../../../deploy/alerts.yml");
const DASHBOARD: &str = include_str!("../../../deploy/grafana.json");

type Labels = BTreeMap<String, String>;

/// What is told: the labels of every sample, by its name. One that is declared and has none is there, too.
fn told(text: &str) -> BTreeMap<String, Vec<Labels>> {
    let mut told = BTreeMap::<String, Vec<Labels>>::new();
    for line in text.lines() {
        if let Some(declared) = line.strip_prefix("# TYPE ") {
            let (name, kind) = declared.split_once(' ').unwrap();
            let parts: &[&str] = if kind == "histogram" { &["_bucket", "_sum", "_count"] } else { &[""] };
            for part in parts {
                told.entry(format!("{name}{part}")).or_default();
            }
        } else if !line.starts_with('#') {
            let (sample, value) = line.rsplit_once(' ').unwrap();
            value.parse::<f64>().unwrap();
            let (name, labels) = sample.split_once('{').unwrap_or((sample, ""));
            let samples = told.get_mut(name).unwrap_or_else(|| panic!("{name} has no type"));
            let matchers = matchers(labels.trim_end_matches('}'));
            samples.push(matchers.into_iter().map(|matcher| (matcher.label, matcher.value)).collect());
        }
    }
    told
}

#[derive(Debug)]
struct Matcher {
    label: String,
    sign: String,
    value: String,
}

/// `a="b",c!="d"`; a `}` or `,` in a value is no end of it.
fn matchers(mut text: &str) -> Vec<Matcher> {
    let mut found = Vec::new();
    while let Some((head, rest)) = text.split_once('"') {
        let (value, rest) = rest.split_once('"').unwrap();
        let head = head.trim_start_matches([',', ' ']);
        let label = head.trim_end_matches(['=', '!', '~']);
        let (label, sign) = (label.to_owned(), head[label.len()..].to_owned());
        found.push(Matcher { label, sign, value: value.to_owned() });
        text = rest;
    }
    found
}

/// The metrics of ours that an expression names, each with what it asks of their labels.
fn asked(expression: &str) -> Vec<(String, Vec<Matcher>)> {
    let mut found = Vec::new();
    for (at, _) in expression.match_indices("terrace_") {
        let rest = &expression[at..];
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        let asked = rest[end..].strip_prefix('{').map(|labels| {
            let mut quoted = false;
            let end = labels.find(|c: char| {
                quoted ^= c == '"';
                c == '}' && !quoted
            });
            matchers(&labels[..end.unwrap()])
        });
        found.push((rest[..end].to_owned(), asked.unwrap_or_default()));
    }
    found
}

/// The labels by which an expression adds up, and those that a legend shows.
fn shown(expression: &str, legend: &str) -> BTreeSet<String> {
    let by = expression.split("by (").skip(1).map(|rest| rest.split_once(')').unwrap().0);
    let by = by.flat_map(|labels| labels.split(',')).map(|label| label.trim().to_owned());
    let legend = legend.split("{{").skip(1).map(|rest| rest.split_once("}}").unwrap().0.trim().to_owned());
    by.chain(legend).collect()
}

/// Expressions and legends, with where they stand.
fn expressions() -> Vec<(String, String, String)> {
    let mut all = Vec::new();
    let mut rule = "";
    for line in RULES.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix("- alert: ") {
            rule = name;
        } else if let Some(expression) = line.strip_prefix("expr: ") {
            all.push((rule.to_owned(), expression.to_owned(), String::new()));
        }
    }
    let dashboard: Value = serde_json::from_str(DASHBOARD).unwrap();
    for panel in dashboard["panels"].as_array().unwrap() {
        for target in panel["targets"].as_array().unwrap() {
            let text = |key: &str| target[key].as_str().unwrap_or_default().to_owned();
            all.push((panel["title"].as_str().unwrap().to_owned(), text("expr"), text("legendFormat")));
        }
    }
    all
}

/// A site on which everything was done that makes a metric appear, and what it tells.
async fn metrics() -> String {
    let site = Site::new().await;
    let job = Job::texts(&site, 1, json!({ "overlap": 1 }), "{\"text\": \"one\"}\n{\"text\": \"two\"}\n").await;
    let claim = job.claim(0).await;
    job.submit(0, &claim, job.value("pos")).await;
    let browser = site.cookie("ann0").await;
    for name in ["take_claims", "submit_claim"] {
        browser.call(name, json!({})).await;
    }
    assert_eq!(site.token("anybody", PlatformRole::Member).await.get("/readyz").await.status, 200);
    site.anonymous().get("/metrics").await.text()
}

/// The status of a fault is not to be had from a server without faults; everything else that is asked for is told here.
#[tokio::test]
async fn rules_and_dashboard_ask_for_what_is_told() {
    let text = metrics().await;
    let told = told(&text);
    // What Prometheus itself adds.
    let added = ["instance", "job"];
    let mut seen = 0;
    for (place, expression, legend) in expressions() {
        let asked = asked(&expression);
        assert!(!asked.is_empty() || expression == "up{job=\"terrace\"} == 0", "{place}: {expression}");
        let mut labels = BTreeSet::new();
        for (name, matchers) in &asked {
            let samples = told.get(name).unwrap_or_else(|| panic!("{place}: {name} is not told:\n{text}"));
            labels.extend(samples.iter().flat_map(Labels::keys).cloned());
            // Only PostgreSQL has connections to count.
            if name == "terrace_database_connections" {
                labels.insert("state".to_owned());
                continue;
            }
            assert!(!samples.is_empty(), "{place}: there is no {name}");
            for Matcher { label, sign, value } in matchers {
                let values: BTreeSet<&String> = samples.iter().filter_map(|labels| labels.get(label)).collect();
                assert!(!values.is_empty(), "{place}: {name} has no {label}");
                let pattern = regex::Regex::new(&format!("^(?:{value})$")).unwrap();
                let fits = match sign.as_str() {
                    "=" | "!=" => values.contains(value),
                    "=~" | "!~" => values.iter().any(|value| pattern.is_match(value)),
                    other => panic!("{place}: {other}"),
                };
                assert!(fits || label == "status", "{place}: {label}{sign}{value:?}, but there are {values:?}");
            }
        }
        for label in shown(&expression, &legend) {
            assert!(labels.contains(&label) || added.contains(&label.as_str()), "{place}: {label} of {expression}");
        }
        seen += 1;
    }
    assert!(seen >= 18, "{seen} expressions");
}

/// People claim and submit in the browser, programs over REST: the rule about slowness looks at both.
#[tokio::test]
async fn slowness_is_looked_for_where_people_work() {
    let (_, expression, _) = expressions().into_iter().find(|(rule, ..)| rule == "TerraceSlow").unwrap();
    let asked = asked(&expression);
    let pattern = asked[0].1.iter().find(|matcher| matcher.label == "route").unwrap();
    let pattern = regex::Regex::new(&format!("^(?:{})$", pattern.value)).unwrap();
    let told = told(&metrics().await);
    let routes: BTreeSet<&str> =
        told["terrace_http_request_seconds_count"].iter().map(|labels| labels["route"].as_str()).collect();
    let looked_at: Vec<&str> = routes.into_iter().filter(|route| pattern.is_match(route)).collect();
    assert_eq!(
        looked_at,
        ["/api/v1/claims/{id}/submit", "/api/v1/projects/{id}/claims", "/rpc/submit_claim", "/rpc/take_claims"]
    );
}

/// A node that is about to end says 503 at `/readyz`, on purpose: no rule may call that a fault, nor people turned away.
#[test]
fn draining_is_no_fault() {
    for (place, expression, _) in expressions() {
        for (name, matchers) in asked(&expression) {
            let says = |label: &str, sign: &str, value: &str| {
                matchers.iter().any(|m| m.label == label && m.sign == sign && m.value == value)
            };
            let looks_at_faults = matchers.iter().any(|m| m.label == "status" && m.sign.starts_with('='));
            if place.starts_with("Terrace") && looks_at_faults {
                assert!(
                    says("status", "!=", "503") || says("route", "!=", "/readyz"),
                    "{place}: {name} counts nodes that end as asked"
                );
            }
        }
    }
}

//! The report of a list of people, a line for each row, and the form that sends one.

use crate::components::{Button, ButtonKind, Doing, DropZone, Icon, TextArea, Tone, icon, problem_line};
use crate::error::AppError;
use crate::lang::use_lang;
use crate::text::{Pick, fill, now, t};
use crate::{browser, format};
use domain::account::{RosterLine, RosterOutcome, RosterReport};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::future::Future;
use std::pin::Pin;

/// The report of a list that was sent.
pub type Sent = Pin<Box<dyn Future<Output = Result<RosterReport, AppError>> + Send>>;

/// A file or pasted lines, and the report of what became of them.
pub fn form(hint: Pick, example: &'static str, send: Callback<String, Sent>, done: Callback<()>) -> AnyView {
    let text = RwSignal::new(String::new());
    let report = RwSignal::new(None::<RosterReport>);
    let doing = Doing::new();
    let take = move |files: Vec<web_sys::File>| {
        let Some(file) = files.into_iter().next() else { return };
        spawn_local(async move {
            if let Some(content) = browser::read_text(&file).await {
                text.try_set(content);
            }
        });
    };
    let give = move |()| {
        let csv = text.get_untracked();
        let sent = send.run(csv);
        doing.run(async move {
            report.set(Some(sent.await?));
            done.run(());
            Ok(())
        });
    };
    view! {
        <div class="form">
            <DropZone id="roster-file" title=t(|t| t.project.import_drop_text) hint=t(hint) accept=".csv,text/csv" on_files=Callback::new(take)/>
            <TextArea id="roster-text" label=t(|t| t.people.roster_text) value=text rows=6 code=true hint=move || format!("{} {}", now(|t| t.people.roster_example), example.replace('\n', " ⏎ "))/>
            {problem_line(doing.sentence())}
            <div class="actions">
                <Button label=t(|t| t.people.roster_send) kind=ButtonKind::Main icon_before=Icon::Upload on_press=give busy=doing.busy disabled=Signal::derive(move || text.with(|text| text.trim().is_empty()))/>
            </div>
            {move || report.get().map(show)}
        </div>
    }
    .into_any()
}

fn word(outcome: RosterOutcome) -> (Tone, Icon, Pick) {
    match outcome {
        RosterOutcome::Added => (Tone::Green, Icon::Check, |t| t.people.roster_added),
        RosterOutcome::Exists => (Tone::Grey, Icon::Dot, |t| t.people.roster_exists),
        RosterOutcome::Rejected => (Tone::Red, Icon::Alert, |t| t.people.roster_rejected),
    }
}

/// The report: figures, a table of the lines, and the table as a file, because the passwords are shown only here.
fn show(report: RosterReport) -> AnyView {
    let lang = use_lang();
    let has_passwords = report.lines.iter().any(|line| line.initial_password.is_some());
    let figures: [(Pick, u32); 3] = [
        (|t| t.people.roster_added, report.added),
        (|t| t.people.roster_exists, report.existing),
        (|t| t.people.roster_rejected, report.rejected),
    ];
    let lines = StoredValue::new(report.lines);
    let download = move |()| {
        let lang = lang.get_untracked();
        let head = ["line", "username", "outcome", "initial_password", "message"].map(str::to_owned).to_vec();
        let rows = lines.with_value(|lines| lines.iter().map(|line| file_row(line, lang)).collect::<Vec<_>>());
        let all: Vec<Vec<String>> = std::iter::once(head).chain(rows).collect();
        browser::save_file("roster-report.csv", "text/csv;charset=utf-8", &format::csv(&all));
    };
    // A roster of twenty thousand is read as a file; the first lines tell what to expect, problems first.
    let mut shown = lines.get_value();
    shown.sort_by_key(|line| (line.outcome != RosterOutcome::Rejected, line.line));
    let total = shown.len();
    shown.truncate(200);
    let cut = total - shown.len();
    view! {
        <section aria-live="polite" class="form">
            <dl class="facts">{figures.into_iter().map(|(word, n)| view! { <div><dt>{t(word)}</dt><dd>{format::count(u64::from(n))}</dd></div> }).collect_view()}</dl>
            {has_passwords.then(|| view! { <p class="note note-warn">{icon(Icon::Alert)}<span>{t(|t| t.people.passwords_once)}</span></p> })}
            <div class="actions"><Button label=t(|t| t.people.roster_download) icon_before=Icon::Download on_press=download/></div>
            <div class="table-box roster-table" tabindex="0" role="region" aria-label=t(|t| t.people.roster_report)>
                <table class="table">
                    <caption class="visually-hidden">{t(|t| t.people.roster_report)}</caption>
                    <thead>
                        <tr>
                            <th scope="col" class="num">{t(|t| t.project.import_line)}</th>
                            <th scope="col">{t(|t| t.words.username)}</th>
                            <th scope="col">{t(|t| t.words.state)}</th>
                            <th scope="col">{t(|t| t.people.one_time_password)}</th>
                            <th scope="col">{t(|t| t.project.import_reason)}</th>
                        </tr>
                    </thead>
                    <tbody>
                        {shown
                            .into_iter()
                            .map(|line| {
                                let (tone, shape, outcome) = word(line.outcome);
                                view! {
                                    <tr>
                                        <td class="num">{line.line}</td>
                                        <th scope="row">{line.username}</th>
                                        <td><span class=format!("badge {}", tone.class())>{icon(shape)}<span>{t(outcome)}</span></span></td>
                                        <td><code>{line.initial_password}</code></td>
                                        <td>{move || line.message.as_ref().map(|words| words.get(lang.get()).to_owned())}</td>
                                    </tr>
                                }
                            })
                            .collect_view()}
                    </tbody>
                </table>
            </div>
            {(cut > 0).then(|| view! { <p class="muted">{move || fill(now(|t| t.people.roster_cut), &[("n", &format::count(cut as u64))])}</p> })}
        </section>
    }
    .into_any()
}

fn file_row(line: &RosterLine, lang: domain::Lang) -> Vec<String> {
    let outcome = match line.outcome {
        RosterOutcome::Added => "added",
        RosterOutcome::Exists => "exists",
        RosterOutcome::Rejected => "rejected",
    };
    vec![
        line.line.to_string(),
        line.username.clone(),
        outcome.to_owned(),
        line.initial_password.clone().unwrap_or_default(),
        line.message.as_ref().map(|words| words.get(lang).to_owned()).unwrap_or_default(),
    ]
}

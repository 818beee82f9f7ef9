//! The batches of a project, and the dialog that gathers a new one.

use super::{Project, head, sub_title};
use crate::components::chips::Chip;
use crate::components::{
    Badge, Button, ButtonKind, Chips, Dialog, Doing, Empty, Icon, Paged, TextField, ask, badge, crumbs, loaded,
    problem_line, toast,
};
use crate::text::{fill, now, t};
use crate::{address, format, rpc};
use domain::Page;
use domain::batch::{BatchFilter, BatchQuery, BatchState, BatchView, NewBatch};
use domain::policy::Action;
use domain::time::Day;
use leptos::prelude::*;
use leptos_router::components::A;

/// The list.
pub fn page(project: Project) -> AnyView {
    crumbs(project.crumbs(|t| t.project.tab_batches));
    let state = address::query("state");
    let query = move || BatchQuery { state: state_of(&state.get()), ..BatchQuery::default() };
    let batches = ask(query, move |query| rpc::list_batches(project.id(), query));
    let base = project.at("/batches");
    let chips = Signal::derive(move || {
        let on = state.get();
        let all = Chip { label: t(|t| t.words.all).into(), count: None, href: base.clone(), on: on.is_empty() };
        let each = BatchState::ALL.into_iter().map(|state| {
            let (_, _, word) = state.badge();
            let href = address::with(&base, &[("state", state.code())]);
            Chip { label: t(word).into(), count: None, href, on: on == state.code() }
        });
        std::iter::once(all).chain(each).collect::<Vec<_>>()
    });
    let open = RwSignal::new(false);
    let creates = project.can(Action::Create);
    let actions = creates.then(|| {
        view! { <div class="actions"><Button label=t(|t| t.project.batch_new) kind=ButtonKind::Main icon_before=Icon::Plus on_press=move |()| open.set(true)/></div> }
    });
    view! {
        <div class="page">
            {head(project, "/batches", actions.into_any())}
            {sub_title(|t| t.project.tab_batches)}
            <div class="filters"><Chips label=t(|t| t.project.batches_filter) chips/></div>
            {loaded(batches, move |page| untrack(|| table(project, page, query(), creates.then_some(open))))}
            {creates.then(|| new(project, open, Callback::new(move |()| batches.refetch())))}
        </div>
    }
    .into_any()
}

fn state_of(code: &str) -> Option<BatchState> {
    BatchState::ALL.into_iter().find(|state| state.code() == code)
}

/// `gathers` opens the dialog of a new batch, for who may make one.
fn table(project: Project, page: Page<BatchView>, query: BatchQuery, gathers: Option<RwSignal<bool>>) -> AnyView {
    if page.rows.is_empty() && query.state.is_some() {
        return view! { <section class="panel"><Empty title=t(|t| t.project.batches_empty_filter) picture=Icon::Search/></section> }.into_any();
    }
    if page.rows.is_empty() {
        return view! {
            <section class="panel">
                <Empty title=t(|t| t.project.batches_empty) text=t(|t| t.project.batches_empty_text) picture=Icon::Review>
                    {gathers.map(|open| view! { <Button label=t(|t| t.project.batch_new) kind=ButtonKind::Main icon_before=Icon::Plus on_press=move |()| open.set(true)/> })}
                </Empty>
            </section>
        }
        .into_any();
    }
    let paged = Paged::new(page, move |after| {
        rpc::list_batches(project.id(), BatchQuery { after: Some(after), ..query.clone() })
    });
    let rows = paged.rows;
    view! {
        <div class="table-box">
            <table class="table">
                <caption class="visually-hidden">{t(|t| t.project.tab_batches)}</caption>
                <thead>
                    <tr>
                        <th scope="col" class="num">{t(|t| t.project.batch_number)}</th>
                        <th scope="col">{t(|t| t.words.state)}</th>
                        <th scope="col" class="num">{t(|t| t.project.batch_items)}</th>
                        <th scope="col" class="num">{t(|t| t.project.batch_inspected)}</th>
                        <th scope="col" class="num">{t(|t| t.project.batch_failed)}</th>
                        <th scope="col">{t(|t| t.project.batch_reviewer)}</th>
                        <th scope="col">{t(|t| t.project.batch_decided)}</th>
                        <th scope="col">{t(|t| t.words.created_at)}</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || rows.get() key=|row| row.id let(row)>{line(row)}</For>
                </tbody>
            </table>
            {paged.foot()}
        </div>
    }
    .into_any()
}

fn line(batch: BatchView) -> AnyView {
    let number = batch.number.to_string();
    let (hint, reason) = (batch.reason.clone(), batch.reason);
    let decided = batch.decided_at.map(|at| {
        let who = batch.decided_by.clone().unwrap_or_default();
        format!("{who} · {}", at.local_minute())
    });
    let (inspected, failed, reviewer) = batch.inspection.as_ref().map_or_else(
        || ("–".to_owned(), "–".to_owned(), String::new()),
        |run| {
            (
                format!("{} / {}", run.passed + run.failed + run.fixed, run.n),
                format!("{} (Ac {} / Re {})", run.failed, run.ac, run.re),
                run.reviewer_name.clone(),
            )
        },
    );
    view! {
        <tr>
            <th scope="row" class="num"><A href=format!("/review/{}", batch.id)>{move || fill(now(|t| t.project.batch_n), &[("n", &number)])}</A></th>
            <td>{badge(batch.state)}</td>
            <td class="num">{format::count(u64::from(batch.size))}</td>
            <td class="num">{inspected}</td>
            <td class="num">{failed}</td>
            <td>{reviewer}</td>
            <td class="cell-clip" title=hint>{decided} {reason.map(|reason| view! { <q>{reason}</q> })}</td>
            <td>{batch.created_at.local_minute()}</td>
        </tr>
    }
    .into_any()
}

fn new(project: Project, open: RwSignal<bool>, done: Callback<()>) -> AnyView {
    let settings = project.0.with_untracked(|view| view.settings);
    let size = RwSignal::new(settings.batch_size.to_string());
    let [annotator, prefix, from, to] = [(); 4].map(|()| RwSignal::new(String::new()));
    let doing = Doing::new();
    let wrong = RwSignal::new(None::<String>);
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let Ok(count) = size.get_untracked().trim().parse::<u32>() else {
            wrong.set(Some(now(|t| t.project.number_wrong).to_owned()));
            return;
        };
        wrong.set(None);
        let given =
            |field: RwSignal<String>| Some(field.get_untracked().trim().to_owned()).filter(|text| !text.is_empty());
        let filter = BatchFilter {
            annotator: given(annotator),
            key_prefix: given(prefix),
            from: given(from).and_then(|day| Day::parse(&day)).map(Day::start),
            // Up to and with the day.
            to: given(to).and_then(|day| Day::parse(&day)).map(|day| day.plus(1).start()),
        };
        let batch = NewBatch { size: Some(count), filter: (filter != BatchFilter::default()).then_some(filter) };
        doing.run(async move {
            let made = rpc::create_batch(project.id(), batch).await?;
            open.set(false);
            toast(fill(now(|t| t.project.batch_n), &[("n", &made.number.to_string())]));
            done.run(());
            project.reload().await
        });
    };
    view! {
        <Dialog open title=t(|t| t.project.batch_new)>
            <form class="form" on:submit=send>
                <p>{move || fill(now(|t| t.project.batch_new_text), &[("n", &format::count(project.0.with(|view| view.summary.counts.labeled)))])}</p>
                <TextField id="batch-size" label=t(|t| t.project.batch_size) kind="number" value=size error=wrong/>
                <TextField id="batch-annotator" label=t(|t| t.project.batch_annotator) value=annotator/>
                <TextField id="batch-prefix" label=t(|t| t.project.batch_prefix) value=prefix/>
                <div class="form-row">
                    <TextField id="batch-from" label=t(|t| t.project.batch_from) kind="date" value=from/>
                    <TextField id="batch-to" label=t(|t| t.project.batch_to) kind="date" value=to/>
                </div>
                {problem_line(doing.sentence())}
                <div class="actions">
                    <Button label=t(|t| t.project.batch_new) kind=ButtonKind::Main submit=true busy=doing.busy/>
                    <Button label=t(|t| t.words.cancel) on_press=move |()| open.set(false)/>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}

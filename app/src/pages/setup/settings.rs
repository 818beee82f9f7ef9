//! Name, field and the rules of the work.

use super::Project;
use crate::components::{Button, ButtonKind, Checkbox, Doing, Select, TextField, announce, problem_line, toast};
use crate::pages::projects::field_options;
use crate::rpc;
use crate::text::{now, t};
use domain::project::{Order, ProjectChange, Review, Settings};
use leptos::prelude::*;
use std::str::FromStr;

pub(super) fn content(project: Project) -> AnyView {
    let view = project.0.get_untracked();
    let settings = view.settings;
    let text = |words: String| RwSignal::new(words);
    let name = text(view.summary.name);
    let field = text(view.summary.field.unwrap_or_default());
    let overlap = text(settings.overlap.to_string());
    let lease = text(settings.lease_minutes.to_string());
    let order = text(if settings.order == Order::Random { "random" } else { "imported" }.to_owned());
    let review = text(if settings.review == Review::All { "all" } else { "sample" }.to_owned());
    let percent = text(format!("{}", (settings.sample_rate * 10_000.0).round() / 100.0));
    let batch_size = text(settings.batch_size.to_string());
    let auto_submit = RwSignal::new(settings.auto_submit);
    let has_items = view.summary.counts.total() > 0;
    let doing = Doing::new();
    let tried = RwSignal::new(false);
    let wrong = move |field: RwSignal<String>, fits: fn(&str) -> bool| {
        Signal::derive(move || {
            (tried.get() && !field.with(|text| fits(text.trim()))).then(|| now(|t| t.project.number_wrong).to_owned())
        })
    };
    let either = move |local: Signal<Option<String>>, place: &'static str| {
        let told = doing.at(place);
        Signal::derive(move || local.get().or_else(|| told.get()))
    };
    let save = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        tried.set(true);
        let (Some(overlap), Some(lease_minutes), Some(percent), Some(batch_size)) =
            (read(overlap), read(lease), read::<f64>(percent), read(batch_size))
        else {
            announce(now(|t| t.project.number_wrong));
            return;
        };
        let settings = Settings {
            overlap,
            lease_minutes,
            order: if order.get_untracked() == "random" { Order::Random } else { Order::Imported },
            review: if review.get_untracked() == "all" { Review::All } else { Review::Sample },
            sample_rate: percent / 100.0,
            batch_size,
            auto_submit: auto_submit.get_untracked(),
        };
        let change = ProjectChange {
            name: Some(name.get_untracked().trim().to_owned()),
            field: Some(field.get_untracked()),
            settings: Some(settings),
            ..ProjectChange::default()
        };
        doing.run(async move {
            project.0.set(rpc::change_project(project.id(), change).await?);
            toast(now(|t| t.words.saved));
            Ok(())
        });
    };
    let orders = Signal::derive(|| {
        vec![
            ("imported".to_owned(), now(|t| t.project.order_imported).to_owned()),
            ("random".to_owned(), now(|t| t.project.order_random).to_owned()),
        ]
    });
    let reviews = Signal::derive(|| {
        vec![
            ("sample".to_owned(), now(|t| t.project.review_sample).to_owned()),
            ("all".to_owned(), now(|t| t.project.review_all).to_owned()),
        ]
    });
    view! {
        <form class="form" on:submit=save>
            <section class="panel form" aria-labelledby="general">
                <h2 id="general">{t(|t| t.project.general)}</h2>
                <div class="form-row">
                    <TextField id="name" label=t(|t| t.project.name) value=name error=doing.at("name")/>
                    <Select id="field" label=t(|t| t.project.field) value=field options=field_options()/>
                </div>
            </section>
            <section class="panel form" aria-labelledby="rules">
                <h2 id="rules">{t(|t| t.project.settings_title)}</h2>
                <div class="form-row">
                    <TextField id="overlap" label=t(|t| t.project.overlap) hint=t(|t| t.project.overlap_hint) kind="number" value=overlap disabled=Signal::stored(has_items) error=either(wrong(overlap, |text| text.parse::<u8>().is_ok()), "overlap")/>
                    <TextField id="lease" label=t(|t| t.project.lease) hint=t(|t| t.project.lease_hint) kind="number" value=lease error=either(wrong(lease, |text| text.parse::<u16>().is_ok()), "lease_minutes")/>
                    <Select id="order" label=t(|t| t.project.order) value=order options=orders/>
                </div>
                <div class="form-row">
                    <Select id="review" label=t(|t| t.project.review_mode) value=review options=reviews/>
                    <TextField id="rate" label=t(|t| t.project.sample_rate) kind="number" value=percent disabled=Signal::derive(move || review.with(|review| review == "all")) error=either(wrong(percent, |text| text.parse::<f64>().is_ok()), "sample_rate")/>
                    <TextField id="batch-size" label=t(|t| t.project.batch_size_setting) kind="number" value=batch_size error=either(wrong(batch_size, |text| text.parse::<u32>().is_ok()), "batch_size")/>
                </div>
                <Checkbox id="auto-submit" label=t(|t| t.project.auto_submit) hint=t(|t| t.project.auto_submit_hint) value=auto_submit/>
            </section>
            {problem_line(doing.sentence())}
            <div class="actions"><Button label=t(|t| t.words.save) kind=ButtonKind::Main submit=true busy=doing.busy/></div>
        </form>
    }
    .into_any()
}

fn read<T: FromStr>(field: RwSignal<String>) -> Option<T> {
    field.with_untracked(|text| text.trim().parse().ok())
}

//! The batches that wait for this reviewer, oldest first.

use super::progress_words;
use crate::components::{ButtonKind, Empty, Icon, LinkButton, ask, badge, loaded};
use crate::error::AppError;
use crate::rpc;
use crate::text::{fill, now, t, title};
use domain::batch::BatchView;
use leptos::prelude::*;
use leptos_meta::Title;

/// The list of batches.
pub fn list() -> AnyView {
    let batches = ask(
        || (),
        |()| async move {
            let batches = rpc::list_reviewable_batches().await?;
            let names =
                rpc::list_projects().await?.into_iter().map(|project| (project.id, project.name)).collect::<Vec<_>>();
            Ok::<_, AppError>((batches, names))
        },
    );
    view! {
        <Title text=title(|| now(|t| t.review.title).to_owned())/>
        <div class="page">
            <h1>{t(|t| t.review.title)}</h1>
            {loaded(batches, |(batches, names)| {
                if batches.is_empty() {
                    return view! {
                        <Empty title=t(|t| t.review.none_title) text=t(|t| t.review.none_text) picture=Icon::Review>
                            <LinkButton label=t(|t| t.work.to_home) href="/"/>
                        </Empty>
                    }
                    .into_any();
                }
                let rows = batches
                    .into_iter()
                    .map(|batch| {
                        let name = names.iter().find(|(id, _)| *id == batch.project).map(|(_, name)| name.clone());
                        row(batch, name.unwrap_or_default())
                    })
                    .collect_view();
                view! { <ul class="batch-list" aria-label=t(|t| t.review.list_label)>{rows}</ul> }.into_any()
            })}
        </div>
    }
    .into_any()
}

fn row(batch: BatchView, project: String) -> AnyView {
    let number = batch.number.to_string();
    let size = batch.size.to_string();
    let summary = batch.inspection.clone();
    let resumes = summary.is_some();
    let label = move || if resumes { now(|t| t.review.resume) } else { now(|t| t.review.open) };
    view! {
        <li class="batch-row">
            <h2>{project} " · " {move || fill(now(|t| t.review.batch_n), &[("n", &number)])}</h2>
            <span>{move || fill(now(|t| t.words.items), &[("n", &size)])}" "{badge(batch.state)}</span>
            <span class="batch-when">
                {batch.created_at.local_minute()}
                {summary.map(|summary| view! { " · " {move || progress_words(&summary)} })}
            </span>
            <LinkButton label href=format!("/review/{}", batch.id) kind=ButtonKind::Main/>
        </li>
    }
    .into_any()
}

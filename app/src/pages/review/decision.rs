//! The dialog that decides on the batch.

use super::desk::Desk;
use super::judged;
use crate::components::{
    Button, ButtonKind, Dialog, Doing, Icon, LinkButton, TextArea, announce, badge, icon, problem_line,
};
use crate::rpc;
use crate::text::{fill, now, t};
use domain::batch::{BatchView, Decide, DecisionKind};
use leptos::prelude::*;

pub(super) fn decision(desk: Desk) -> AnyView {
    let doing = Doing::new();
    let pick = RwSignal::new(None::<DecisionKind>);
    let reason = RwSignal::new(String::new());
    let size = desk.inspection.with_value(|inspection| inspection.batch.size);
    let batch = desk.inspection.with_value(|inspection| inspection.batch.id);
    let failed = move || desk.summary.with(|summary| summary.failed);
    let missing = move || desk.summary.with(|summary| summary.n.saturating_sub(judged(summary)));
    let done = RwSignal::new(None::<BatchView>);
    let choice = move |kind: DecisionKind, title: crate::text::Pick, words: Signal<String>, open: Signal<bool>| {
        let id = match kind {
            DecisionKind::Accept => "decide-accept",
            DecisionKind::ReturnFailed => "decide-return-failed",
            DecisionKind::ReturnAll => "decide-return-all",
        };
        view! {
            <label class="decision-choice" for=id>
                <input
                    type="radio" name="decision" id=id
                    disabled=move || !open.get()
                    prop:checked=move || pick.get() == Some(kind)
                    on:change=move |_| pick.set(Some(kind))
                />
                <strong>{t(title)}</strong>
                <span>{words}</span>
            </label>
        }
    };
    let decide = move || {
        let Some(decision) = pick.get_untracked() else { return };
        let words = reason.get_untracked().trim().to_owned();
        doing.run(async move {
            let decided =
                rpc::decide_batch(batch, Decide { decision, reason: (!words.is_empty()).then_some(words) }).await?;
            announce(now(|t| t.review.decided_title));
            done.set(Some(decided));
            Ok(())
        });
    };
    let needs_reason = move || {
        pick.get().is_some_and(|kind| kind == DecisionKind::ReturnAll) && reason.with(|reason| reason.trim().is_empty())
            || missing() > 0 && reason.with(|reason| reason.trim().is_empty())
    };
    view! {
        <Dialog open=desk.deciding title=t(|t| t.review.decide)>
            {move || match done.get() {
                Some(batch) => view! {
                    <div class="decision">
                        <p>{t(|t| t.review.decided_title)}" "{badge(batch.state)}</p>
                        <LinkButton label=t(|t| t.review.to_list) href="/review" kind=ButtonKind::Main/>
                    </div>
                }.into_any(),
                None => view! {
                    <form class="decision" on:submit=move |event| { event.prevent_default(); decide(); }>
                        {move || (missing() > 0).then(|| view! {
                            <p class="work-notice notice-warning decision-missing">
                                {icon(Icon::Alert)}
                                <span>{fill(now(|t| t.review.decision_missing), &[("n", &missing().to_string())])}</span>
                            </p>
                        })}
                        {choice(
                            DecisionKind::Accept,
                            |t| t.review.accept,
                            Signal::derive(move || if failed() > 0 {
                                now(|t| t.review.decision_failed).to_owned()
                            } else {
                                fill(now(|t| t.review.accept_words), &[("n", &size.to_string())])
                            }),
                            Signal::derive(move || failed() == 0),
                        )}
                        {choice(
                            DecisionKind::ReturnFailed,
                            |t| t.review.return_failed,
                            Signal::derive(move || fill(
                                now(|t| t.review.return_failed_words),
                                &[("failed", &failed().to_string()), ("rest", &size.saturating_sub(failed()).to_string())],
                            )),
                            Signal::derive(move || failed() > 0),
                        )}
                        {choice(
                            DecisionKind::ReturnAll,
                            |t| t.review.return_all,
                            Signal::derive(move || fill(now(|t| t.review.return_all_words), &[("n", &size.to_string())])),
                            Signal::stored(true),
                        )}
                        <TextArea
                            id="decision-reason"
                            label=t(|t| t.review.decision_reason)
                            hint=t(|t| t.review.decision_reason_hint)
                            value=reason
                            rows=2
                        />
                        {problem_line(doing.sentence())}
                        <div class="actions">
                            <Button
                                label=t(|t| t.review.decide) kind=ButtonKind::Main submit=true busy=doing.busy
                                disabled=Signal::derive(move || pick.get().is_none() || needs_reason())
                            />
                        </div>
                    </form>
                }.into_any(),
            }}
        </Dialog>
    }
    .into_any()
}

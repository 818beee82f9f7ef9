//! A reviewer at a batch: the item on the screen and those fetched ahead, verdicts on their way, a fix in the making.

use super::verdict_word;
use crate::browser;
use crate::components::{Doing, announce};
use crate::error::AppError;
use crate::rpc;
use crate::text::{fill, now};
use crate::workbench::compare::{self, Differences};
use crate::workbench::document::Document;
use crate::workbench::editor::Editor;
use crate::workbench::images;
use domain::annotation::{AnnotationView, Reason, VerdictKind};
use domain::batch::{InspectionSummary, InspectionView, SampleDetail, Verdict};
use domain::id::{AnnotationId, ItemId};
use domain::project::ProjectView;
use domain::schema::Subject;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::HashMap;

/// How many items after the one on the screen are fetched ahead.
const AHEAD: usize = 2;

/// What a reviewer is doing to the item on the screen.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Mode {
    /// Looking.
    Look,
    /// Saying why it fails.
    Fail,
    /// Putting it right, beginning with one author's work.
    Fix(String),
}

/// What stands in the middle.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shown {
    Failed(AppError),
    Waiting,
    Fix(String),
    Authors,
}

/// One author's work on the screen.
#[derive(Debug, Clone)]
pub(super) struct Author {
    pub(super) annotation: AnnotationView,
    pub(super) editor: Editor,
    pub(super) differences: Differences,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Desk {
    pub(super) project: StoredValue<ProjectView>,
    pub(super) inspection: StoredValue<InspectionView>,
    pub(super) summary: RwSignal<InspectionSummary>,
    pub(super) verdicts: RwSignal<HashMap<ItemId, Verdict>>,
    pub(super) at: RwSignal<usize>,
    pub(super) detail: RwSignal<Option<SampleDetail>>,
    pub(super) failed: RwSignal<Option<AppError>>,
    pub(super) authors: RwSignal<Vec<Author>>,
    pub(super) mode: RwSignal<Mode>,
    pub(super) fixing: Editor,
    pub(super) reason: RwSignal<Option<Reason>>,
    pub(super) comment: RwSignal<String>,
    pub(super) returned: RwSignal<Option<AnnotationId>>,
    pub(super) doing: Doing,
    pub(super) deciding: RwSignal<bool>,
    pub(super) kept: StoredValue<HashMap<ItemId, SampleDetail>>,
}

impl Desk {
    pub(super) fn new(inspection: InspectionView, project: ProjectView) -> Self {
        let verdicts = inspection.sample.iter().filter_map(|item| Some((item.item, item.verdict.clone()?))).collect();
        let first_open = inspection.sample.iter().position(|item| item.verdict.is_none()).unwrap_or(0);
        Self {
            summary: RwSignal::new(inspection.summary.clone()),
            verdicts: RwSignal::new(verdicts),
            at: RwSignal::new(first_open),
            detail: RwSignal::new(None),
            failed: RwSignal::new(None),
            authors: RwSignal::new(Vec::new()),
            mode: RwSignal::new(Mode::Look),
            fixing: Editor::new(project.schema.clone()),
            reason: RwSignal::new(None),
            comment: RwSignal::new(String::new()),
            returned: RwSignal::new(None),
            doing: Doing::new(),
            deciding: RwSignal::new(false),
            kept: StoredValue::new(HashMap::new()),
            project: StoredValue::new(project),
            inspection: StoredValue::new(inspection),
        }
    }

    pub(super) fn item(self) -> Option<ItemId> {
        self.item_at(self.at.get_untracked())
    }

    fn item_at(self, at: usize) -> Option<ItemId> {
        self.inspection.with_value(|inspection| inspection.sample.get(at).map(|item| item.item))
    }

    /// Shows the item at this place: from memory, or else from the server.
    pub(super) fn show(self, at: usize) {
        let Some(item) = self.item_at(at) else { return };
        self.at.set(at);
        self.mode.set(Mode::Look);
        self.failed.set(None);
        self.doing.error.set(None);
        match self.kept.with_value(|kept| kept.get(&item).cloned()) {
            Some(detail) => self.lay_out(detail),
            None => {
                self.detail.set(None);
                self.fetch(at, true);
            }
        }
        for next in at + 1..=at + AHEAD {
            self.fetch(next, false);
        }
    }

    fn fetch(self, at: usize, wanted: bool) {
        let Some(item) = self.item_at(at) else { return };
        if self.kept.with_value(|kept| kept.contains_key(&item)) {
            return;
        }
        let inspection = self.inspection.with_value(|inspection| inspection.summary.id);
        spawn_local(async move {
            match rpc::get_sample_item(inspection, item).await {
                Ok(detail) => {
                    if let Some(image) = detail.item.data.image() {
                        images::load(&images::screen_url(detail.item.id, image), None);
                    }
                    if self.kept.try_update_value(|kept| kept.insert(item, detail.clone())).is_none() {
                        return;
                    }
                    let waited_for = self.item() == Some(item) && self.detail.with_untracked(Option::is_none);
                    if waited_for {
                        self.lay_out(detail);
                    }
                }
                Err(error) if wanted => {
                    crate::session::answer(&error);
                    self.failed.try_set(Some(error));
                }
                // Fetched ahead: it is asked for again when it is wanted.
                Err(_) => {}
            }
        });
    }

    fn lay_out(self, detail: SampleDetail) {
        let schema = self.project.with_value(|project| project.schema.clone());
        let values: Vec<_> = detail.annotations.iter().map(|annotation| &annotation.value).collect();
        let differences = compare::differences(&schema, &values);
        let authors = detail
            .annotations
            .iter()
            .zip(differences)
            .map(|(annotation, differences)| {
                let editor = Editor::new(schema.clone());
                editor.editable.set(false);
                editor.marked.set(differences.regions.clone());
                editor.open(detail.item.clone(), Document::new(annotation.value.clone()));
                editor.hand.set(None);
                Author { annotation: annotation.clone(), editor, differences }
            })
            .collect();
        let verdict = self.verdicts.with_untracked(|verdicts| verdicts.get(&detail.item.id).cloned());
        self.reason.set(verdict.as_ref().and_then(|verdict| verdict.reason));
        self.comment.set(verdict.and_then(|verdict| verdict.comment).unwrap_or_default());
        self.returned.set(None);
        let n = (self.at.get_untracked() + 1).to_string();
        announce(fill(now(|t| t.review.item_n), &[("n", &n), ("key", &detail.item.key)]));
        self.authors.set(authors);
        self.detail.set(Some(detail));
        request_animation_frame(|| browser::focus("stage"));
    }

    pub(super) fn step(self, forwards: bool) {
        let count = self.inspection.with_value(|inspection| inspection.sample.len());
        let at = self.at.get_untracked();
        if forwards && at + 1 < count {
            self.show(at + 1);
        } else if !forwards && at > 0 {
            self.show(at - 1);
        }
    }

    /// Gives a verdict and goes on to the next item without one.
    fn judge(self, verdict: Verdict) {
        let Some(item) = self.item() else { return };
        let inspection = self.inspection.with_value(|inspection| inspection.summary.id);
        let words = verdict_word(verdict.verdict);
        self.doing.run(async move {
            let summary = rpc::judge_item(inspection, item, verdict.clone()).await?;
            self.summary.set(summary);
            self.verdicts.update(|verdicts| {
                verdicts.insert(item, verdict);
            });
            // A fix adds an annotation: the item is fetched anew when one comes back to it.
            self.kept.update_value(|kept| {
                kept.remove(&item);
            });
            announce(fill(now(|t| t.review.saved), &[("what", words)]));
            let open = |at: &usize| {
                self.item_at(*at)
                    .is_some_and(|item| !self.verdicts.with_untracked(|verdicts| verdicts.contains_key(&item)))
            };
            let count = self.inspection.with_value(|inspection| inspection.sample.len());
            let at = self.at.get_untracked();
            match (at + 1..count).chain(0..at).find(open) {
                Some(next) => self.show(next),
                None => {
                    self.mode.set(Mode::Look);
                    announce(now(|t| t.review.all_judged));
                    self.deciding.set(true);
                }
            }
            Ok(())
        });
    }

    pub(super) fn pass(self) {
        if self.detail.with_untracked(Option::is_some) {
            self.judge(plain(VerdictKind::Pass));
        }
    }

    pub(super) fn fail(self) {
        let Some(reason) = self.reason.get_untracked() else { return };
        let comment = self.comment.get_untracked().trim().to_owned();
        if reason == Reason::Other && comment.is_empty() {
            browser::focus("review-comment");
            announce(now(|t| t.review.comment_needed));
            return;
        }
        self.judge(Verdict {
            verdict: VerdictKind::Fail,
            reason: Some(reason),
            comment: (!comment.is_empty()).then_some(comment),
            value: None,
            annotations: self.returned.get_untracked().into_iter().collect(),
        });
    }

    pub(super) fn begin_fix(self, annotation: Option<AnnotationId>) {
        let author = self.authors.with_untracked(|authors| {
            let own = authors.iter().find(|author| Some(author.annotation.id) == annotation);
            own.or(authors.last()).map(|author| (author.annotation.clone(), author.editor))
        });
        let Some((annotation, shown)) = author else { return };
        let Some(detail) = self.detail.get_untracked() else { return };
        self.fixing.stage.set(shown.stage.get_untracked());
        self.fixing.open(detail.item, Document::new(annotation.value));
        self.mode.set(Mode::Fix(annotation.annotator_name));
        request_animation_frame(|| browser::focus("stage"));
    }

    pub(super) fn save_fix(self) {
        if self.fixing.finish() {
            return;
        }
        let Some(detail) = self.detail.get_untracked() else { return };
        let value = self.fixing.document.with_untracked(|document| document.value().clone());
        let checked = self.fixing.schema.with_value(|schema| schema.check(&value, Subject::from(&detail.item.data)));
        match checked {
            Ok(checked) => {
                self.judge(Verdict { value: Some(checked.into_inner()), ..plain(VerdictKind::Fixed) });
            }
            Err(problems) => {
                self.doing.error.set(Some(AppError::Refused(domain::Error::Invalid(problems))));
            }
        }
    }
}

fn plain(verdict: VerdictKind) -> Verdict {
    Verdict { verdict, reason: None, comment: None, value: None, annotations: Vec::new() }
}

//! States as colour, word and icon together, so that no state is told by colour alone.

use super::icon::{Icon, icon};
use crate::text::{Pick, t};
use domain::account::PlatformRole;
use domain::batch::BatchState;
use domain::import::JobState;
use domain::item::ItemState;
use domain::project::{Modality, ProjectRole, Status};
use leptos::prelude::*;

/// The colours of states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Nothing yet.
    Grey,
    /// In progress.
    Blue,
    /// In review, wants a look.
    Amber,
    /// Good, accepted.
    Green,
    /// Returned, failed.
    Red,
}

impl Tone {
    /// The class that sets the colour.
    pub fn class(self) -> &'static str {
        match self {
            Tone::Grey => "tone-grey",
            Tone::Blue => "tone-blue",
            Tone::Amber => "tone-amber",
            Tone::Green => "tone-green",
            Tone::Red => "tone-red",
        }
    }
}

/// What can be shown as a badge.
pub trait Badge {
    /// Colour, icon and word.
    fn badge(self) -> (Tone, Icon, Pick);
}

/// The badge of a state.
pub fn badge(of: impl Badge) -> AnyView {
    let (tone, shape, word) = of.badge();
    view! { <span class=format!("badge {}", tone.class())>{icon(shape)}<span>{t(word)}</span></span> }.into_any()
}

impl Badge for ItemState {
    fn badge(self) -> (Tone, Icon, Pick) {
        match self {
            ItemState::Open => (Tone::Grey, Icon::Dot, |t| t.words.item_open),
            ItemState::Labeled => (Tone::Blue, Icon::Pencil, |t| t.words.item_labeled),
            ItemState::InReview => (Tone::Amber, Icon::Review, |t| t.words.item_in_review),
            ItemState::Rework => (Tone::Red, Icon::Return, |t| t.words.item_rework),
            ItemState::Accepted => (Tone::Green, Icon::Check, |t| t.words.item_accepted),
            ItemState::Void => (Tone::Grey, Icon::Void, |t| t.words.item_void),
        }
    }
}

impl Badge for BatchState {
    fn badge(self) -> (Tone, Icon, Pick) {
        match self {
            BatchState::Waiting => (Tone::Grey, Icon::Clock, |t| t.words.batch_waiting),
            BatchState::Inspecting => (Tone::Amber, Icon::Review, |t| t.words.batch_inspecting),
            BatchState::Accepted => (Tone::Green, Icon::Check, |t| t.words.batch_accepted),
            BatchState::PartlyReturned => (Tone::Red, Icon::Return, |t| t.words.batch_partly_returned),
            BatchState::Returned => (Tone::Red, Icon::Return, |t| t.words.batch_returned),
        }
    }
}

impl Badge for JobState {
    fn badge(self) -> (Tone, Icon, Pick) {
        match self {
            JobState::Queued => (Tone::Grey, Icon::Clock, |t| t.words.job_queued),
            JobState::Running => (Tone::Blue, Icon::Play, |t| t.words.job_running),
            JobState::Done => (Tone::Green, Icon::Check, |t| t.words.job_done),
            JobState::Failed => (Tone::Red, Icon::Alert, |t| t.words.job_failed),
        }
    }
}

impl Badge for Status {
    fn badge(self) -> (Tone, Icon, Pick) {
        match self {
            Status::Setup => (Tone::Grey, Icon::Gear, |t| t.words.status_setup),
            Status::Open => (Tone::Green, Icon::Play, |t| t.words.status_open),
            Status::Paused => (Tone::Amber, Icon::Pause, |t| t.words.status_paused),
            Status::Archived => (Tone::Grey, Icon::File, |t| t.words.status_archived),
        }
    }
}

/// The word of a modality.
pub fn modality_word(modality: Modality) -> Pick {
    match modality {
        Modality::Text => |t| t.words.modality_text,
        Modality::Image => |t| t.words.modality_image,
    }
}

/// The word of a role in a project.
pub fn role_word(role: ProjectRole) -> Pick {
    match role {
        ProjectRole::Manager => |t| t.words.role_manager,
        ProjectRole::Reviewer => |t| t.words.role_reviewer,
        ProjectRole::Annotator => |t| t.words.role_annotator,
        ProjectRole::Acceptor => |t| t.words.role_acceptor,
    }
}

/// The word of a platform role.
pub fn platform_word(role: PlatformRole) -> Pick {
    match role {
        PlatformRole::Operator => |t| t.words.platform_operator,
        PlatformRole::Manager => |t| t.words.platform_manager,
        PlatformRole::Member => |t| t.words.platform_member,
    }
}

//! The life of an item: states, what happens to it, and the one function that allows a move.
//! The database applies a move only where the row still has the state this function was asked about.

use crate::lang::Words;
use serde::{Deserialize, Serialize};

/// Where an item stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemState {
    /// Wants annotations.
    Open,
    /// Has all annotations it wants, in no batch.
    Labeled,
    /// In a batch.
    InReview,
    /// Returned to its authors.
    Rework,
    /// Accepted.
    Accepted,
    /// Unusable, with a reason.
    Void,
}

/// What happens to an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemEvent {
    /// The last annotation it wanted was submitted.
    Filled,
    /// An author took the submitted annotation back for correction.
    Reopened,
    /// It joined a batch.
    Joined,
    /// Its batch was accepted.
    Accepted,
    /// It failed, or its batch did: back to its authors.
    Returned,
    /// Its authors have all submitted again.
    Reworked,
    /// Somebody found the data unusable.
    Voided,
    /// A manager took the void back.
    Restored,
}

/// Every state, in the order of the grid.
pub const STATES: [ItemState; 6] =
    [ItemState::Open, ItemState::Labeled, ItemState::InReview, ItemState::Rework, ItemState::Accepted, ItemState::Void];

/// Every event, in the order of the grid.
pub const EVENTS: [ItemEvent; 8] = [
    ItemEvent::Filled,
    ItemEvent::Reopened,
    ItemEvent::Joined,
    ItemEvent::Accepted,
    ItemEvent::Returned,
    ItemEvent::Reworked,
    ItemEvent::Voided,
    ItemEvent::Restored,
];

impl ItemState {
    /// The state after `event`, or nothing where the move is not allowed.
    pub fn apply(self, event: ItemEvent) -> Option<ItemState> {
        use ItemEvent as E;
        use ItemState as S;
        match (self, event) {
            (S::Open, E::Filled) => Some(S::Labeled),
            (S::Labeled, E::Reopened) => Some(S::Rework),
            (S::Labeled, E::Joined) => Some(S::InReview),
            (S::InReview, E::Accepted) => Some(S::Accepted),
            (S::InReview, E::Returned) => Some(S::Rework),
            (S::Rework, E::Reworked) => Some(S::Labeled),
            (S::Open | S::Labeled | S::Rework, E::Voided) => Some(S::Void),
            (S::Void, E::Restored) => Some(S::Open),
            (
                S::Open | S::Labeled | S::InReview | S::Rework | S::Accepted | S::Void,
                E::Filled | E::Reopened | E::Joined | E::Accepted | E::Returned | E::Reworked | E::Voided | E::Restored,
            ) => None,
        }
    }

    /// The code in rows and REST.
    pub fn code(self) -> &'static str {
        match self {
            ItemState::Open => "open",
            ItemState::Labeled => "labeled",
            ItemState::InReview => "in_review",
            ItemState::Rework => "rework",
            ItemState::Accepted => "accepted",
            ItemState::Void => "void",
        }
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<ItemState> {
        STATES.into_iter().find(|state| state.code() == code)
    }

    /// The word on screens.
    pub fn words(self) -> Words {
        match self {
            ItemState::Open => Words::new("待标注", "Open"),
            ItemState::Labeled => Words::new("已标注", "Labeled"),
            ItemState::InReview => Words::new("质检中", "In review"),
            ItemState::Rework => Words::new("返工中", "Rework"),
            ItemState::Accepted => Words::new("已通过", "Accepted"),
            ItemState::Void => Words::new("已作废", "Void"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grid_of_moves() {
        let mut grid = String::new();
        for state in STATES {
            for event in EVENTS {
                if let Some(next) = state.apply(event) {
                    grid.push_str(&format!("{} --{event:?}--> {}\n", state.code(), next.code()));
                }
            }
        }
        insta::assert_snapshot!(grid, @r"
        open --Filled--> labeled
        open --Voided--> void
        labeled --Reopened--> rework
        labeled --Joined--> in_review
        labeled --Voided--> void
        in_review --Accepted--> accepted
        in_review --Returned--> rework
        rework --Reworked--> labeled
        rework --Voided--> void
        void --Restored--> open
        ");
    }

    #[test]
    fn codes_read_back() {
        for state in STATES {
            assert_eq!(ItemState::parse(state.code()), Some(state));
        }
        assert_eq!(ItemState::parse("lost"), None);
    }
}

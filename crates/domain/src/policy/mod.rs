//! Who may do what: one function over actor, action and resource.
//!
//! The screens hide by it and the engine refuses by it. It never looks anything up: the caller brings the actor's role
//! in the project at hand. Everything that is not allowed here is refused. `tests/policy_grid.rs` prints the whole
//! grid for people to review.

use crate::account::{Actor, PlatformRole};
use crate::lang::Words;
use crate::project::ProjectRole;
use serde::{Deserialize, Serialize};

/// What somebody is about to do. Few and uniform: the resource gives the rest of the meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// See one thing and what belongs to it.
    Read,
    /// Make a new one.
    Create,
    /// Change it.
    Change,
    /// Claim items, keep drafts, submit, skip.
    Annotate,
    /// Inspect a batch: draw, judge, decide.
    Review,
    /// Bring data in.
    Import,
    /// Take data out.
    Export,
    /// Decide who belongs to it and with which role; switch accounts on and off.
    Administer,
    /// See everybody's figures there.
    Measure,
}

/// On what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Resource {
    /// The installation: regions, the wall, settings.
    Platform,
    /// Organizations and their teams.
    Organizations,
    /// People; `own` when they belong to the actor's organization.
    People {
        /// In the actor's own organization.
        own: bool,
    },
    /// The actor's own account: password, tokens, sessions, language.
    OwnAccount,
    /// The collection of projects.
    Projects,
    /// One project, with the actor's role in it.
    Project {
        /// The actor's role there, if any.
        role: Option<ProjectRole>,
    },
}

/// Every action, in the order of the grid.
pub const ACTIONS: [Action; 9] = [
    Action::Read,
    Action::Create,
    Action::Change,
    Action::Annotate,
    Action::Review,
    Action::Import,
    Action::Export,
    Action::Administer,
    Action::Measure,
];

/// May `actor` do `action` on `resource`?
pub fn may(actor: &Actor, action: Action, resource: Resource) -> bool {
    if actor.must_change_password {
        // A one-time password opens nothing but its own replacement.
        return matches!((action, resource), (Action::Read | Action::Change, Resource::OwnAccount));
    }
    let operator = actor.role == PlatformRole::Operator;
    match resource {
        Resource::Platform => {
            operator && matches!(action, Action::Read | Action::Change | Action::Measure | Action::Administer)
        }
        Resource::Organizations => match action {
            Action::Read => true,
            Action::Create | Action::Change | Action::Administer => operator,
            Action::Annotate | Action::Review | Action::Import | Action::Export | Action::Measure => false,
        },
        Resource::People { own } => match action {
            Action::Read => operator || (own && actor.role == PlatformRole::Manager),
            Action::Create | Action::Change | Action::Import | Action::Administer | Action::Measure => operator,
            Action::Annotate | Action::Review | Action::Export => false,
        },
        Resource::OwnAccount => matches!(action, Action::Read | Action::Create | Action::Change | Action::Measure),
        Resource::Projects => match action {
            Action::Read => true,
            Action::Create => operator || actor.role == PlatformRole::Manager,
            Action::Change
            | Action::Annotate
            | Action::Review
            | Action::Import
            | Action::Export
            | Action::Administer
            | Action::Measure => false,
        },
        Resource::Project { role } => in_project(operator, action, role),
    }
}

/// Operators administer every project but neither label nor review without a role there: duties stay apart.
fn in_project(operator: bool, action: Action, role: Option<ProjectRole>) -> bool {
    use ProjectRole::{Acceptor, Annotator, Manager, Reviewer};
    match action {
        Action::Read => operator || role.is_some(),
        Action::Change | Action::Import | Action::Administer => operator || role == Some(Manager),
        Action::Export => operator || matches!(role, Some(Manager | Acceptor)),
        Action::Measure => operator || matches!(role, Some(Manager | Acceptor)),
        Action::Annotate => role == Some(Annotator),
        Action::Review => matches!(role, Some(Reviewer)),
        // Batches are made by managers, and by reviewers who find labeled items waiting.
        Action::Create => operator || matches!(role, Some(Manager | Reviewer)),
    }
}

impl Action {
    /// The verb in sentences.
    pub fn words(self) -> Words {
        match self {
            Action::Read => Words::new("查看", "see"),
            Action::Create => Words::new("新建", "create"),
            Action::Change => Words::new("修改", "change"),
            Action::Annotate => Words::new("标注", "annotate in"),
            Action::Review => Words::new("质检", "review in"),
            Action::Import => Words::new("导入数据到", "import into"),
            Action::Export => Words::new("导出", "export"),
            Action::Administer => Words::new("管理", "administer"),
            Action::Measure => Words::new("查看全部统计：", "see everybody's figures in"),
        }
    }
}

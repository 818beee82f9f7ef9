//! Gives roles to many people by a CSV of user names and roles.

use super::access;
use super::entity::member;
use super::set_member;
use crate::Ctx;
use crate::error::Result;
use crate::person::{self, sheet::Sheet};
use domain::Words;
use domain::account::{RosterLine, RosterOutcome, RosterReport};
use domain::id::ProjectId;
use domain::policy::Action;
use domain::project::ProjectRole;
use sea_orm::EntityTrait;

/// Gives roles from a CSV with the columns `username` and, optionally, `role` (annotator where it is empty).
/// A person who has the role already counts as existing; one with another role gets the new one.
pub async fn import_members(ctx: &Ctx, project: ProjectId, csv: Vec<u8>) -> Result<RosterReport> {
    access::project(ctx.read(), ctx, project, Action::Administer).await?;
    let sheet = Sheet::read(&csv)?;
    let mut report = RosterReport { added: 0, existing: 0, rejected: 0, lines: Vec::new() };
    let mut rows = sheet.rows.into_iter().peekable();
    while rows.peek().is_some() {
        let some: Vec<_> = rows.by_ref().take(500).collect();
        let ctx2 = ctx.clone();
        let write = ctx.write(move |tx| {
            Box::pin(async move {
                access::project(tx, &ctx2, project, Action::Administer).await?;
                let mut lines = Vec::with_capacity(some.len());
                for row in some {
                    let username = row.username.trim().to_lowercase();
                    let line = |outcome, message| RosterLine {
                        line: row.line,
                        username: username.clone(),
                        outcome,
                        initial_password: None,
                        message,
                    };
                    let Some(role) = role(&row.role) else {
                        lines.push(line(RosterOutcome::Rejected, Some(unknown_role(&row.role))));
                        continue;
                    };
                    let Some(found) = person::queries::by_username(tx, &username).await? else {
                        let words = Words::new("没有这个用户名。", "There is no such user name.");
                        lines.push(line(RosterOutcome::Rejected, Some(words)));
                        continue;
                    };
                    let has = member::Entity::find_by_id((project.0, found.id)).one(tx).await?;
                    if has.is_some_and(|has| has.role == role.code()) {
                        lines.push(line(RosterOutcome::Exists, None));
                    } else {
                        set_member::write(tx, &ctx2, project.0, found.id, role).await?;
                        lines.push(line(RosterOutcome::Added, None));
                    }
                }
                Ok(lines)
            })
        });
        report.lines.extend(write.await?);
    }
    person::sheet::tally(&mut report);
    Ok(report)
}

fn role(text: &str) -> Option<ProjectRole> {
    match text.trim().to_lowercase().as_str() {
        "" | "annotator" | "标注员" => Some(ProjectRole::Annotator),
        "reviewer" | "质检员" => Some(ProjectRole::Reviewer),
        "manager" | "项目经理" => Some(ProjectRole::Manager),
        "acceptor" | "验收员" => Some(ProjectRole::Acceptor),
        _ => None,
    }
}

fn unknown_role(text: &str) -> Words {
    Words::new(
        format!("没有“{}”这个项目角色。", text.trim()),
        format!("There is no role “{}” in projects.", text.trim()),
    )
}

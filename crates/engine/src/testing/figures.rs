//! Figures of a test world, added as a deed adds them.

use super::{World, told};
use crate::Ctx;
use crate::stats::queries::{Delta, add};
use domain::id::ProjectId;

impl World {
    /// Adds today's work of a person: labels submitted, of these so many accepted and inspected, with minutes of work.
    pub async fn worked(&self, ctx: &Ctx, project: ProjectId, submitted: i64, accepted: i64, minutes: i64) {
        let delta = Delta {
            submitted,
            accepted,
            inspected: submitted,
            passed: accepted,
            active_ms: minutes * 60_000,
            raw_ms: minutes * 90_000,
            ..Delta::default()
        };
        let (at, person) = (self.engine.now(), ctx.actor().person.0);
        let organization = ctx.actor().organization.map(|id| id.0);
        let write = self
            .engine
            .db()
            .write(move |tx| Box::pin(async move { add(tx, at, project.0, person, organization, delta).await }));
        told(write.await, "figures");
    }
}

//! Many people at once.

use crate::room::{mood, room, work};
use domain::claim::{ClaimView, Draft};
use domain::id::ItemId;
use engine::{Ctx, Error, claim};
use futures::future::join_all;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Labels until nothing is left; each submit is sent twice, as a shaky line does.
async fn label_all(who: Ctx, project: domain::id::ProjectId) -> u64 {
    let mut done = 0;
    loop {
        let claims = claim::take(&who, project, 3).await.unwrap().claims;
        if claims.is_empty() {
            return done;
        }
        for held in claims {
            let key = Some(held.id.to_string());
            let (one, two) = tokio::join!(
                claim::submit(&who, held.id, work(mood("good")), key.clone()),
                claim::submit(&who, held.id, work(mood("good")), key)
            );
            let (one, two) = (one.unwrap(), two.unwrap());
            assert_eq!(one.annotation, two.annotation);
            assert!(one.repeated != two.repeated);
            done += 1;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixteen_people_label_everything_exactly_as_often_as_wanted() {
    for (items, overlap) in [(300, 1), (100, 3)] {
        let room = Arc::new(room(items, overlap).await);
        let mut tasks = Vec::new();
        for n in 0..16 {
            let who = room.annotator(&format!("p{n:02}")).await;
            tasks.push(tokio::spawn(label_all(who, room.project)));
        }
        let mut done = 0;
        for task in tasks {
            done += task.await.unwrap();
        }
        let wanted = i64::from(overlap);
        assert_eq!(done, items as u64 * u64::from(overlap));
        assert_eq!(room.world.items_by_authors(room.project).await, [(wanted, items as i64)]);
        room.sound().await;
    }
}

/// All of it at the same moment, twenty times over: what the usual way is, no one goes alone.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_crowd_is_served_together_by_the_rules_for_one() {
    for (items, overlap) in [(400, 1), (150, 2)] {
        let room = room(items, overlap).await;
        let mut people = Vec::new();
        for n in 0..40 {
            people.push(room.annotator(&format!("p{n:02}")).await);
        }
        for round in 0..20 {
            let taken = join_all(people.iter().map(|who| claim::take(who, room.project, 3))).await;
            let taken: Vec<Vec<ClaimView>> = taken.into_iter().map(|taken| taken.unwrap().claims).collect();
            if round == 0 {
                assert!(taken.iter().all(|claims| claims.len() == 3), "there is enough for everybody");
                let again = join_all(people.iter().map(|who| claim::take(who, room.project, 3))).await;
                let again: Vec<Vec<ClaimView>> = again.into_iter().map(|taken| taken.unwrap().claims).collect();
                assert_eq!(again, taken, "what is held comes again, in its order");
            }
            for (who, claims) in people.iter().zip(&taken) {
                let items: BTreeSet<ItemId> = claims.iter().map(|claim| claim.item.id).collect();
                assert_eq!(items.len(), claims.len(), "{} was handed an item twice", who.actor().username);
            }
            let first = || people.iter().zip(&taken).filter_map(|(who, claims)| Some((who, claims.first()?)));
            let draft = |sequence| Draft { value: mood("bad"), active_ms: 100, sequence };
            for saved in join_all(first().map(|(who, held)| claim::save_draft(who, held.id, draft(7)))).await {
                saved.unwrap();
            }
            let older = join_all(first().map(|(who, held)| claim::save_draft(who, held.id, draft(6)))).await;
            assert!(
                older
                    .iter()
                    .all(|saved| matches!(saved, Err(Error::Refused(refusal)) if refusal.code() == "draft-outdated"))
            );
            let key = |held: &ClaimView| Some(held.id.to_string());
            let submits = first().map(|(who, held)| claim::submit(who, held.id, work(mood("good")), key(held)));
            let submitted: Vec<_> = join_all(submits).await.into_iter().map(Result::unwrap).collect();
            assert!(submitted.iter().all(|done| !done.repeated && done.annotation.counted));
            let submits = first().map(|(who, held)| claim::submit(who, held.id, work(mood("good")), key(held)));
            for (again, before) in join_all(submits).await.into_iter().zip(submitted) {
                let again = again.unwrap();
                assert!(again.repeated);
                assert_eq!(again.annotation, before.annotation);
            }
            room.sound().await;
        }
        let finished = i64::try_from(items).unwrap();
        assert_eq!(room.world.items_by_authors(room.project).await, [(i64::from(overlap), finished)]);
        let together = room.world.engine.meter().together.read();
        assert!(together.buckets[4].1 < together.count, "no group was larger than 16: {together:?}");
    }
}

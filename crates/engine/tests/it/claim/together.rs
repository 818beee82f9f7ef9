//! Many people at once.

use crate::room::{mood, room, work};
use engine::{Ctx, claim};
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

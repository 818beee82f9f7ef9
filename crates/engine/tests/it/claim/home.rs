//! The annotator's home and workplace.

use crate::room::room;
use domain::batch::{Decide, DecisionKind};
use engine::{claim, inspection};

#[tokio::test]
async fn the_home_shows_projects_rework_and_the_day() {
    let room = room(3, 1).await;
    let (ann, ben) = (room.annotator("ann").await, room.annotator("ben").await);
    room.label(&ann, 2, "good").await;
    let home = claim::home(&ann).await.unwrap();
    assert_eq!((home.projects.len(), home.projects[0].waiting, home.projects[0].today), (1, 1, 2));
    assert_eq!((home.today.submitted, home.days.len(), home.days[13].figures.submitted), (2, 14, 2));

    let batch = room.batch().await;
    let all = Decide { decision: DecisionKind::ReturnAll, reason: Some("边界请按新规范".into()) };
    inspection::decide(&room.boss().await, batch.id, all).await.unwrap();
    let home = claim::home(&ann).await.unwrap();
    assert_eq!((home.projects[0].rework, home.rework.len()), (2, 2));
    assert_eq!(home.rework[0].key, "k001");
    assert_eq!(home.rework[0].comment.as_deref(), Some("边界请按新规范"));
    assert_eq!(home.today.returned, 2);
    assert!(claim::home(&ben).await.unwrap().rework.is_empty());
    assert!(claim::home(&room.boss().await).await.unwrap().projects.is_empty());
}

#[tokio::test]
async fn the_workplace_has_the_schema_and_counts() {
    let room = room(3, 1).await;
    let ann = room.annotator("ann").await;
    room.label(&ann, 1, "good").await;
    let place = claim::workplace(&ann, room.project).await.unwrap();
    assert_eq!((place.schema.controls.len(), place.schema_version, place.guideline_version), (2, 1, 0));
    assert_eq!((place.today, place.waiting), (1, 2));
    assert_eq!(crate::room::refusal(claim::workplace(&room.boss().await, room.project).await), "not-allowed");
}

//! The wall: all regions, their people, and who is at work today.

use super::room::{Room, room};
use engine::stats;

#[tokio::test]
async fn the_wall_rolls_firms_up_into_all_ten_regions() {
    let Room { world, root, ann, .. } = &room().await;
    let wall = stats::wall(root).await.unwrap();
    assert_eq!((wall.goal, wall.people, wall.working_today), (20_000, 2, 2));
    assert_eq!(wall.today.submitted, 11, "work outside organizations counts for the province");
    let slugs: Vec<&str> = wall.regions.iter().map(|row| row.key.as_str()).collect();
    assert_eq!((slugs.len(), slugs[0], slugs[2], slugs[9]), (10, "guiyang", "zunyi", "guian"));
    let working: Vec<(u32, u32, u64)> =
        wall.regions.iter().map(|row| (row.people, row.working_today, row.today.submitted)).collect();
    assert_eq!((working[0], working[2], working[9]), ((1, 0, 0), (1, 1, 10), (0, 0, 0)));
    let firms: Vec<(&str, Option<&str>, u32)> =
        wall.organizations.iter().map(|row| (row.name.zh.as_str(), row.region.as_deref(), row.people)).collect();
    assert_eq!(firms, [("一家", Some("zunyi"), 1), ("二家", Some("guiyang"), 1)]);

    assert!(stats::wall(ann).await.is_err());
    assert!(stats::wall(&world.boss().await).await.is_err());
}

//! Three people of two firms and none, two projects, two days.

use domain::account::{NewPerson, PlatformRole};
use domain::id::ProjectId;
use domain::project::{Modality, Settings};
use engine::testing::World;
use engine::{Ctx, account, organization, person};
use serde_json::json;

pub(crate) struct Room {
    pub(crate) world: World,
    pub(crate) root: Ctx,
    pub(crate) ann: Ctx,
    pub(crate) p: ProjectId,
}

pub(crate) async fn room() -> Room {
    let world = World::new().await;
    let root = world.operator().await;
    let mut people = Vec::new();
    for (firm, region, username) in [("一家", "zunyi", "ann"), ("二家", "guiyang", "ben")] {
        organization::create(&root, firm.into(), region.into()).await.unwrap();
        let new = NewPerson {
            username: username.into(),
            name: username.into(),
            password: Some("a lasting one".into()),
            must_change_password: false,
            organization: Some(firm.into()),
            team: None,
            role: None,
        };
        person::create(&root, new).await.unwrap();
        let actor = account::sign_in(&world.engine, "::1", username, "a lasting one").await.unwrap();
        people.push(world.engine.ctx(actor));
    }
    let (ben, ann) = (people.pop().unwrap(), people.pop().unwrap());
    let loner = world.person("loner", PlatformRole::Member).await;
    let schema = || json!({ "controls": [{ "id": "note", "kind": "text" }] });
    let p = world.project("P", Modality::Text, schema(), Settings::default()).await;
    let q = world.project("Q", Modality::Text, schema(), Settings::default()).await;
    world.annotator("ann", p).await;

    world.worked(&ann, p, 6, 4, 10).await;
    world.worked(&ann, p, 4, 0, 10).await;
    world.worked(&ann, q, 10, 6, 20).await;
    world.worked(&ben, p, 5, 5, 15).await;
    world.clock.advance(86_400_000);
    world.worked(&ann, p, 10, 2, 20).await;
    world.worked(&loner, p, 1, 0, 1).await;
    Room { world, root, ann, p }
}

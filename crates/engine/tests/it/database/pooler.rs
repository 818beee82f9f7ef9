//! Behind PgBouncer in transaction mode: each transaction, and each statement outside of one, may go over another connection.

use crate::room::{Room, mood, schema, work};
use domain::annotation::VerdictKind;
use domain::batch::{Decide, DecisionKind, Plan, Verdict};
use domain::export::Only;
use domain::item::ItemState;
use domain::project::{Modality, Settings};
use engine::testing::World;
use engine::{Engine, claim, inspection};
use std::collections::BTreeSet;
use std::time::Duration;

/// Fewer than the engine's own, so that many share each.
const CONNECTIONS: u32 = 3;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn from_import_to_export_a_pooler_in_between_changes_nothing() {
    if !World::tests_postgres() {
        return;
    }
    let (world, server, _pooler) = World::behind_pooler(CONNECTIONS).await;
    // Another node starts beside the first one.
    let other: Engine = world.another().await;
    let project = world.project("评论", Modality::Text, schema(), Settings::default()).await;
    let lines: String = (0..240).map(|n| format!("{{\"id\":\"k{n:03}\",\"text\":\"第 {n} 条\"}}\n")).collect();
    let import = world.import(project, "texts.jsonl", lines.as_bytes()).await;
    assert_eq!(import.added, 240, "{import:?}");

    // Twelve people on two nodes, all at once.
    let mut crowd = Vec::new();
    for n in 0..12 {
        let who = world.annotator(&format!("p{n}"), project).await;
        let who = if n % 2 == 0 { who } else { other.ctx(who.actor().clone()) };
        crowd.push(tokio::spawn(async move {
            let (mut done, mut idle) = (Vec::new(), 0);
            // Who finds nothing looks again: others may hold the rows at this moment.
            while idle < 20 {
                let claims = claim::take(&who, project, 3).await.unwrap().claims;
                if claims.is_empty() {
                    idle += 1;
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                for held in claims {
                    let key = Some(held.id.to_string());
                    done.push(claim::submit(&who, held.id, work(mood("good")), key).await.unwrap().annotation.item);
                }
            }
            done
        }));
    }
    let mut labeled = Vec::new();
    for person in crowd {
        labeled.extend(person.await.unwrap());
    }
    assert_eq!((labeled.len(), labeled.iter().collect::<BTreeSet<_>>().len()), (240, 240), "each item once");
    let used = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = 'own' AND backend_type = 'client backend' \
                AND pid <> pg_backend_pid()";
    let used: u32 = server.sql("own", used).unwrap().parse().unwrap();
    assert!((1..=CONNECTIONS).contains(&used), "{used} connections");

    let room = Room { world, project, items: labeled };
    let rita = room.reviewer("rita").await;
    let made = room.batch().await;
    let view = inspection::open(&rita, made.id, Some(Plan::All)).await.unwrap();
    let pass =
        Verdict { verdict: VerdictKind::Pass, reason: None, comment: None, value: None, annotations: Vec::new() };
    for drawn in &view.sample {
        inspection::judge(&rita, view.summary.id, drawn.item, pass.clone()).await.unwrap();
    }
    let accept = Decide { decision: DecisionKind::Accept, reason: None };
    inspection::decide(&rita, made.id, accept).await.unwrap();
    assert_eq!(room.count(ItemState::Accepted).await, view.sample.len() as u64);
    let export = room.world.exported(project, "jsonl", Only::Accepted).await;
    assert_eq!(String::from_utf8(export).unwrap().lines().count(), view.sample.len());
    room.sound().await;

    // No session of ours has to say so: PgBouncer's next connection knows it too, and nobody else's does.
    assert_eq!(server.sql("own", "SHOW plan_cache_mode").unwrap(), "force_custom_plan");
    assert_eq!(server.sql("own", "SHOW jit").unwrap(), "off");
    assert_eq!(server.sql("postgres", "SHOW plan_cache_mode").unwrap(), "auto");
    other.close().await;
}

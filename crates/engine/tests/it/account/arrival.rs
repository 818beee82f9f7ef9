//! People who come in the same moment are read together, and each finds what they would have found alone.

use crate::room::{mood, work};
use domain::account::{Actor, Me, PlatformRole};
use domain::claim::Home;
use domain::project::{Modality, ProjectRole, ProjectSummary, ProjectView, Settings};
use engine::testing::World;
use engine::{Ctx, account, claim, person, project};
use futures::future::join_all;
use serde_json::json;

/// What somebody sees who comes to work in a project.
#[derive(Debug, PartialEq)]
struct Seen {
    actor: Actor,
    me: Me,
    projects: Vec<ProjectSummary>,
    home: Home,
    /// Nothing where it does not exist for them.
    project: Option<ProjectView>,
}

async fn come(who: &Ctx, token: &str, id: domain::id::ProjectId) -> Seen {
    let actor = account::actor_by_token(who.engine(), token).await.unwrap();
    let who = who.engine().ctx(actor.clone());
    let project = match project::get(&who, id).await {
        Ok(project) => Some(project),
        Err(refused) => {
            assert_eq!(refused.refusal().unwrap().code(), "project-not-found");
            None
        }
    };
    Seen {
        actor,
        me: account::me(&who).await.unwrap(),
        projects: project::list(&who).await.unwrap(),
        home: claim::home(&who).await.unwrap(),
        project,
    }
}

#[tokio::test]
async fn a_crowd_that_comes_at_once_finds_what_each_would_find_alone() {
    let world = World::new().await;
    let schema =
        json!({ "controls": [{ "id": "mood", "kind": "choice", "options": [{ "id": "good" }, { "id": "bad" }] }] });
    let mut projects = Vec::new();
    for name in ["评论", "病历"] {
        let project = world.project(name, Modality::Text, schema.clone(), Settings::default()).await;
        let records: Vec<(String, String)> = (0..5).map(|n| (format!("k{n}"), format!("{name}{n}"))).collect();
        let records: Vec<(&str, &str)> = records.iter().map(|(key, text)| (key.as_str(), text.as_str())).collect();
        world.texts(project, &records).await;
        projects.push(project);
    }
    let (first, second) = (projects[0], projects[1]);
    let mut people = Vec::new();
    for n in 0..90 {
        let name = format!("p{n:02}");
        // A third annotates, a third reviews in the second project too, a third belongs nowhere.
        let who = match n % 3 {
            0 => world.annotator(&name, first).await,
            1 => {
                let who = world.annotator(&name, first).await;
                let boss = world.boss().await;
                project::set_member(&boss, second, name.clone(), ProjectRole::Reviewer).await.unwrap();
                who
            }
            _ => world.person(&name, PlatformRole::Member).await,
        };
        let token = account::create_token(&who, "鼠标".into(), 1).await.unwrap().token;
        people.push((who, token));
    }
    let one = claim::take(&people[0].0, first, 1).await.unwrap().claims.remove(0);
    claim::submit(&people[0].0, one.id, work(mood("good")), None).await.unwrap();
    let gone = people.pop().unwrap();
    person::set_active(&world.operator().await, gone.0.actor().person, false).await.unwrap();

    // Nothing is known yet in another process.
    let (crowd, quiet) = (world.another().await, world.another().await);
    let there: Vec<(Ctx, &String)> =
        people.iter().map(|(who, token)| (crowd.ctx(who.actor().clone()), token)).collect();
    let before = crowd.meter().together.read();
    let (seen, refused) = tokio::join!(
        join_all(there.iter().map(|(who, token)| come(who, token, first))),
        account::actor_by_token(&crowd, &gone.1),
    );
    assert_eq!(refused.unwrap_err().refusal().unwrap().code(), "sign-in-required");
    let after = crowd.meter().together.read();
    let large = |counted: &engine::meter::Counted| counted.count - counted.buckets[4].1;
    assert!(large(&after) > large(&before), "no group was larger than 16: {after:?}");
    for ((who, token), seen) in people.iter().zip(seen) {
        let alone = come(&quiet.ctx(who.actor().clone()), token, first).await;
        assert_eq!(seen, alone, "{}", who.actor().username);
        assert_eq!(seen.actor, *who.actor());
        let n: usize = who.actor().username[1..].parse().unwrap();
        let own = |id| seen.projects.iter().find(|project| project.id == id).map(|project| project.role.unwrap());
        let (annotates, reviews) = (n % 3 != 2, n % 3 == 1);
        assert_eq!(own(first), annotates.then_some(ProjectRole::Annotator));
        assert_eq!(own(second), reviews.then_some(ProjectRole::Reviewer));
        assert_eq!((seen.me.annotates, seen.me.reviews, seen.me.manages), (annotates, reviews, false));
        assert_eq!(
            seen.home.projects.iter().map(|home| home.project.id).collect::<Vec<_>>(),
            if annotates { vec![first] } else { vec![] }
        );
        assert_eq!(
            seen.project.as_ref().map(|project| (project.summary.counts.open, project.summary.counts.labeled)),
            annotates.then_some((4, 1))
        );
    }
    crowd.close().await;
    quiet.close().await;
}

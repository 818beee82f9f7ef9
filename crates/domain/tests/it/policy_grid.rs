//! Prints role × action × resource for people to review.

use domain::account::{Actor, PlatformRole};
use domain::policy::{ACTIONS, Resource, may};
use domain::project::ProjectRole;
use uuid::Uuid;

fn actor(role: PlatformRole) -> Actor {
    Actor {
        person: Uuid::from_u128(1).into(),
        username: "ann".into(),
        name: "Ann".into(),
        role,
        organization: None,
        must_change_password: false,
        lang: None,
    }
}

#[test]
fn the_whole_grid() {
    let platform =
        [("operator", PlatformRole::Operator), ("manager", PlatformRole::Manager), ("member", PlatformRole::Member)];
    let resources = [
        ("platform", Resource::Platform),
        ("organizations", Resource::Organizations),
        ("people of own organization", Resource::People { own: true }),
        ("people elsewhere", Resource::People { own: false }),
        ("own account", Resource::OwnAccount),
        ("projects", Resource::Projects),
    ];
    let mut grid = String::new();
    let mut line = |who: String, on: &str, actor: &Actor, resource: Resource| {
        let allowed: Vec<String> = ACTIONS
            .iter()
            .filter(|action| may(actor, **action, resource))
            .map(|action| format!("{action:?}"))
            .collect();
        let allowed = if allowed.is_empty() { "-".to_owned() } else { allowed.join(" ") };
        grid.push_str(&format!("{on:28} {who:24} {allowed}\n"));
    };
    for (on, resource) in resources {
        for (name, role) in platform {
            line(name.to_owned(), on, &actor(role), resource);
        }
    }
    for (name, role) in [("operator", PlatformRole::Operator), ("member", PlatformRole::Member)] {
        line(format!("{name}, stranger"), "project", &actor(role), Resource::Project { role: None });
        for member in ProjectRole::ALL {
            line(
                format!("{name}, {}", member.code()),
                "project",
                &actor(role),
                Resource::Project { role: Some(member) },
            );
        }
    }
    let fresh = Actor { must_change_password: true, ..actor(PlatformRole::Operator) };
    for (on, resource) in resources {
        line("operator, first password".to_owned(), on, &fresh, resource);
    }
    line(
        "operator, first password".to_owned(),
        "project",
        &fresh,
        Resource::Project { role: Some(ProjectRole::Manager) },
    );
    insta::assert_snapshot!(grid);
}

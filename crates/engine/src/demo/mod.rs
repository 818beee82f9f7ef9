//! People, projects and generated data for a first look, and the work of three days before, done through the use cases
//! by a clock of its own. Everything in it is made up here.

mod days;
mod picture;
mod text;

use crate::Engine;
use crate::blob;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::import::insert::{NewItem, insert};
use crate::person::entity::person;
use crate::{organization, person as people, project};
use domain::Words;
use domain::account::{NewPerson, PlatformRole};
use domain::id::ProjectId;
use domain::item::{ImageRef, ItemData};
use domain::project::{Modality, NewProject, ProjectRole, Settings};
use sea_orm::EntityTrait;
use serde_json::{Map, json};

/// A sign-in of the demo.
#[derive(Debug, Clone)]
pub struct DemoAccount {
    /// User name.
    pub username: String,
    /// Password.
    pub password: String,
    /// What the person is.
    pub role: Words,
}

/// The one password of all demo accounts. Nobody but the demo has it: [`make`] does nothing where there are people.
const PASSWORD: &str = "terrace-demo";
/// Texts of the text project.
const TEXTS: usize = 60;
/// Pictures of the image project.
const PICTURES: u32 = 12;

/// Someone of the demo: user name, name, platform role, organization and team, role in the projects, what they are.
struct Cast(&'static str, &'static str, PlatformRole, Option<usize>, Option<ProjectRole>, &'static str, &'static str);

const FIRMS: [(&str, &str, &str); 2] = [("黔图数据", "guiyang", "图像一班"), ("乌江标注", "zunyi", "文本一班")];

const CAST: [Cast; 8] = {
    use PlatformRole::{Manager, Member, Operator};
    use ProjectRole::{Acceptor, Annotator, Reviewer};
    [
        Cast("admin", "运营管理员", Operator, None, None, "运营管理员", "Operator"),
        Cast("manager", "项目经理 石榴", Manager, Some(0), None, "项目经理", "Project manager"),
        Cast("reviewer1", "质检员 木叶", Member, Some(0), Some(Reviewer), "质检员", "Reviewer"),
        Cast("reviewer2", "质检员 山雀", Member, Some(1), Some(Reviewer), "质检员", "Reviewer"),
        Cast("annotator1", "标注员 清溪", Member, Some(0), Some(Annotator), "标注员", "Annotator"),
        Cast("annotator2", "标注员 云朵", Member, Some(1), Some(Annotator), "标注员", "Annotator"),
        Cast("annotator3", "标注员 稻穗", Member, Some(1), Some(Annotator), "标注员", "Annotator"),
        Cast("client", "验收方 晨光", Member, None, Some(Acceptor), "验收员", "Acceptor"),
    ]
};

/// Fills an empty data folder; nothing on a filled one.
pub async fn make(engine: &Engine) -> Result<Vec<DemoAccount>> {
    if person::Entity::find().one(engine.db().read()).await?.is_some() {
        return Ok(Vec::new());
    }
    people::make_on_command(engine, "admin", "运营管理员", PASSWORD, PlatformRole::Operator).await?;
    let admin = someone(engine, "admin").await?;
    for (name, region, _) in FIRMS {
        organization::create(&admin, name.to_owned(), region.to_owned()).await?;
    }
    for Cast(username, name, role, firm, ..) in CAST.iter().filter(|Cast(username, ..)| *username != "admin") {
        let firm = firm.and_then(|firm| FIRMS.get(firm));
        let new = NewPerson {
            username: (*username).to_owned(),
            name: (*name).to_owned(),
            password: Some(PASSWORD.to_owned()),
            must_change_password: false,
            organization: firm.map(|(name, ..)| (*name).to_owned()),
            team: firm.map(|(.., team)| (*team).to_owned()),
            role: Some(*role),
        };
        people::create(&admin, new).await?;
    }
    let manager = someone(engine, "manager").await?;
    let texts = text_project(&manager).await?;
    let pictures = picture_project(&manager).await?;
    for project in [texts, pictures] {
        for Cast(username, .., role, _, _) in &CAST {
            if let Some(role) = role {
                project::set_member(&manager, project, (*username).to_owned(), *role).await?;
            }
        }
    }
    days::work(engine, texts, pictures).await?;
    let account = |Cast(username, .., zh, en): &Cast| DemoAccount {
        username: (*username).to_owned(),
        password: PASSWORD.to_owned(),
        role: Words::new(*zh, *en),
    };
    Ok(CAST.iter().map(account).collect())
}

/// The context of someone of the demo.
async fn someone(engine: &Engine, username: &str) -> Result<Ctx> {
    let actor = people::actor_by_name(engine, username).await?;
    Ok(engine.ctx(actor.ok_or_else(|| anyhow::anyhow!("{username} was made"))?))
}

async fn text_project(manager: &Ctx) -> Result<ProjectId> {
    let new = NewProject {
        name: "新闻短句：主题与实体".to_owned(),
        modality: Modality::Text,
        field: Some("broadcasting".to_owned()),
        schema: Some(text::schema()),
        guideline: Some(text::GUIDELINE.to_owned()),
        settings: Settings { batch_size: 12, sample_rate: 0.5, ..Settings::default() },
    };
    let project = project::create(manager, new).await?.summary.id;
    let item = |n: usize| {
        let meta = Map::from_iter([("来源".to_owned(), json!("演示数据"))]);
        NewItem::open(Some(text::key(n)), ItemData::Text(text::sentence(n).text), meta)
    };
    let items = (0..TEXTS).map(item).collect();
    let now = manager.now();
    let added = manager.write(move |tx| Box::pin(async move { insert(tx, now, project.0, None, items).await }));
    added.await?;
    Ok(project)
}

async fn picture_project(manager: &Ctx) -> Result<ProjectId> {
    let new = NewProject {
        name: "街景：车辆、房屋与道路".to_owned(),
        modality: Modality::Image,
        field: Some("city-operation".to_owned()),
        schema: Some(picture::schema()),
        guideline: Some(picture::GUIDELINE.to_owned()),
        settings: Settings { batch_size: 6, sample_rate: 1.0, ..Settings::default() },
    };
    let project = project::create(manager, new).await?.summary.id;
    let (mut items, mut stored) = (Vec::new(), Vec::new());
    for n in 0..PICTURES {
        let name = picture::name(n);
        let file = manager.data().join("uploads").join(format!("demo-{name}"));
        let target = file.clone();
        let drawn = tokio::task::spawn_blocking(move || picture::draw(n).0.save(&target));
        drawn.await.map_err(anyhow::Error::from)?.map_err(anyhow::Error::from)?;
        let taken = blob::take_in(manager.engine(), file, name.clone()).await?;
        let taken = taken.map_err(|fault| anyhow::anyhow!("{name} was drawn here: {fault:?}"))?;
        let data = ItemData::Image(ImageRef {
            url: String::new(),
            width: taken.width,
            height: taken.height,
            sha256: taken.sha256.clone(),
            name: name.clone(),
            tiles: taken.tiles,
        });
        items.push(NewItem::open(Some(name), data, Map::new()));
        stored.push(taken);
    }
    let now = manager.now();
    let added = manager.write(move |tx| {
        Box::pin(async move {
            for picture in &stored {
                blob::record(tx, now, picture).await?;
            }
            insert(tx, now, project.0, None, items).await
        })
    });
    added.await?;
    Ok(project)
}

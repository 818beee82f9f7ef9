//! Much at once, for measurements: accounts, members, items and figures as rows in bulk, as the use cases leave them.
//!
//! What a measurement then does goes through the use cases. Nothing here is drawn by chance: the same seed makes the same
//! accounts and tokens, and items differ only by their project.

use crate::account::entity::token;
use crate::account::password::{self, Origin};
use crate::blob;
use crate::db::rows::raw;
use crate::error::Result;
use crate::item::queries::count;
use crate::person::entity::person;
use crate::project::entity::member;
use crate::project::queries::code;
use crate::{Ctx, Engine};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use domain::account::PlatformRole;
use domain::id::{OrganizationId, PersonId, ProjectId};
use domain::item::{ImageRef, ItemData, ItemState};
use domain::project::{ProjectRole, Settings};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbBackend, EntityTrait};

/// Rows of one statement.
const ROWS: usize = 500;
/// Items of one write.
const ITEMS: u64 = 50_000;
/// Stands for a row's own part in the JSON of its data.
const OWN: &str = "@own@";
/// The life of a token.
const TOKEN_MS: i64 = 30 * 86_400_000;

/// A made account.
#[derive(Debug, Clone)]
pub struct Account {
    /// The person.
    pub id: PersonId,
    /// The user name.
    pub username: String,
    /// A bearer token of theirs.
    pub token: String,
}

/// Which accounts.
#[derive(Debug, Clone, Copy)]
pub struct NewAccounts<'a> {
    /// User names are this and a number.
    pub prefix: &'a str,
    /// How many.
    pub count: u32,
    /// They belong to these in turn.
    pub organizations: &'a [OrganizationId],
    /// The password of all: hashed once, with the work of a password that people choose.
    pub password: &'a str,
    /// Of the tokens.
    pub seed: u64,
}

/// What items hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// Their number and this text.
    Text(&'static str),
    /// Pictures of this width and height, of which only the names are there.
    Image(u32, u32),
}

/// An operator with this user name, made if need be, who cannot sign in then.
pub async fn operator(engine: &Engine, username: &str) -> Result<Ctx> {
    Ok(engine.ctx(crate::person::find_or_make(engine, username, PlatformRole::Operator).await?))
}

/// Accounts that can sign in, each with a token.
pub async fn accounts(engine: &Engine, new: NewAccounts<'_>) -> Result<Vec<Account>> {
    let stored = password::hash(engine, new.password.to_owned(), Origin::Chosen).await?;
    let (now, role) = (engine.now(), code(PlatformRole::Member)?);
    let mut made = Vec::new();
    let (mut people, mut tokens) = (Vec::new(), Vec::new());
    for n in 0..new.count {
        let secret = blake3::hash(format!("{} {} {n}", new.seed, new.prefix).as_bytes());
        let secret = format!("tr_{}", BASE64_URL_SAFE_NO_PAD.encode(secret.as_bytes()));
        let (id, username) = (engine.new_id(), format!("{}{n:05}", new.prefix));
        let organization = new.organizations.get(n as usize % new.organizations.len().max(1));
        people.push(person::ActiveModel {
            id: Set(id),
            username: Set(username.clone()),
            name: Set(username.clone()),
            role: Set(role.clone()),
            organization_id: Set(organization.map(|id| id.0)),
            team_id: Set(None),
            password_hash: Set(stored.clone()),
            must_change_password: Set(false),
            active: Set(true),
            lang: Set(None),
            created_at: Set(now.0),
        });
        tokens.push(token::ActiveModel {
            id: Set(engine.new_id()),
            person_id: Set(id),
            name: Set("bench".to_owned()),
            hash: Set(crate::account::create_token::hash(&secret)),
            created_at: Set(now.0),
            expires_at: Set(now.plus(TOKEN_MS).0),
            revoked_at: Set(None),
            last_used_at: Set(None),
        });
        made.push(Account { id: PersonId(id), username, token: secret });
    }
    let write = engine.db().write(move |tx| {
        Box::pin(async move {
            for some in people.chunks(ROWS) {
                person::Entity::insert_many(some.iter().cloned()).exec_without_returning(tx).await?;
            }
            for some in tokens.chunks(ROWS) {
                token::Entity::insert_many(some.iter().cloned()).exec_without_returning(tx).await?;
            }
            Ok(())
        })
    });
    write.await?;
    Ok(made)
}

/// Makes these people members of a project.
pub async fn members(engine: &Engine, project: ProjectId, role: ProjectRole, people: Vec<PersonId>) -> Result<()> {
    let (now, role) = (engine.now(), role.code());
    let write = engine.db().write(move |tx| {
        Box::pin(async move {
            for some in people.chunks(ROWS) {
                let rows = some.iter().map(|person| member::ActiveModel {
                    project_id: Set(project.0),
                    person_id: Set(person.0),
                    role: Set(role.to_owned()),
                    created_at: Set(now.0),
                });
                member::Entity::insert_many(rows).exec_without_returning(tx).await?;
            }
            Ok(())
        })
    });
    write.await
}

/// Adds this many open items behind those that a project has.
pub async fn items(engine: &Engine, project: ProjectId, content: Content, count: u64) -> Result<()> {
    let sha256 = match content {
        Content::Text(_) => String::new(),
        Content::Image(width, height) => picture(engine, width, height).await?,
    };
    let mut left = count;
    while left > 0 {
        let some = left.min(ITEMS);
        let (engine2, sha256, rows) = (engine.clone(), sha256.clone(), i64::try_from(some).unwrap_or(i64::MAX));
        let write = engine
            .db()
            .write(move |tx| Box::pin(async move { some_items(&engine2, tx, project, (content, sha256), rows).await }));
        write.await?;
        left -= some;
    }
    Ok(())
}

/// Annotates every open item of a project in this person's name, whose one slot that fills: as submitted, without the claims
/// and events that stand behind it elsewhere.
pub async fn labels(engine: &Engine, project: ProjectId, person: PersonId, value: &str) -> Result<()> {
    let last = "SELECT max(sort_key) FROM items WHERE project_id = $1";
    let last = engine.db().read().query_one_raw(raw(engine.db().read(), last, [project.0.into()])).await?;
    let last: i64 = last.map(|row| row.try_get_by_index::<Option<i64>>(0)).transpose()?.flatten().unwrap_or(-1);
    let now = engine.now().0;
    for first in (0..=last).step_by(ITEMS as usize) {
        let value = value.to_owned();
        let write = engine.db().write(move |tx| {
            Box::pin(async move {
                let id = match tx.get_database_backend() {
                    DbBackend::Postgres => "gen_random_uuid()",
                    _ => "randomblob(16)",
                };
                let of = "project_id = $1 AND sort_key >= $2 AND sort_key < $3 AND state = 'open' AND overlap = 1";
                let sql = format!(
                    "INSERT INTO annotations (id, project_id, item_id, person_id, kind, revision, counted, value, \
                     schema_version, guideline_version, active_ms, raw_ms, submitted_at, claim_id) \
                     SELECT {id}, project_id, id, $4, 'label', 1, TRUE, $5, 1, 1, 12000, 15000, $6, NULL FROM items WHERE {of}"
                );
                let range = [project.0.into(), first.into(), (first + ITEMS as i64).into()];
                let values = range.clone().into_iter().chain([person.0.into(), value.clone().into(), now.into()]);
                tx.execute_raw(raw(tx, &sql, values)).await?;
                let sql = format!(
                    "UPDATE items SET state = 'labeled', free = 0, filled = 1, value = $4, finished_at = $5, updated_at = $5 \
                     WHERE {of}"
                );
                let values = range.into_iter().chain([value.into(), now.into()]);
                let moved = tx.execute_raw(raw(tx, &sql, values)).await?.rows_affected();
                let moved = i64::try_from(moved).unwrap_or(i64::MAX);
                count(tx, project.0, vec![(ItemState::Open, -moved), (ItemState::Labeled, moved)]).await
            })
        });
        write.await?;
    }
    Ok(())
}

/// Takes in the one picture that all items show, and gives its SHA-256.
async fn picture(engine: &Engine, width: u32, height: u32) -> Result<String> {
    let file = engine.data().join("uploads").join(format!("bulk-{width}x{height}.png"));
    let drawn = file.clone();
    let drawn = tokio::task::spawn_blocking(move || image::GrayImage::new(width, height).save(drawn));
    drawn.await.map_err(anyhow::Error::from)?.map_err(anyhow::Error::from)?;
    let taken = blob::take_in(engine, file, "picture.png".to_owned()).await?;
    let picture = taken.map_err(|fault| anyhow::anyhow!("the picture was drawn here: {fault:?}"))?;
    let (sha256, now) = (picture.sha256.clone(), engine.now());
    let write = engine.db().write(move |tx| Box::pin(async move { blob::record(tx, now, &picture).await }));
    write.await?;
    Ok(sha256)
}

async fn some_items(
    engine: &Engine,
    tx: &crate::db::Tx,
    project: ProjectId,
    (content, sha256): (Content, String),
    some: i64,
) -> Result<()> {
    let sql = "UPDATE projects SET next_ordinal = next_ordinal + $2 WHERE id = $1 RETURNING next_ordinal, settings";
    let row = tx.query_one_raw(raw(tx, sql, [project.0.into(), some.into()])).await?;
    let row = row.ok_or_else(|| anyhow::anyhow!("no project {project:?}"))?;
    let (end, settings): (i64, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    let settings: Settings = serde_json::from_str(&settings)?;
    let (hash_length, own, data) = match content {
        // What is its own stands behind, so that one value with spans over the text fits all.
        Content::Text(text) => (32, "'（第' || n || '条）'", ItemData::Text(format!("{text}{OWN}"))),
        Content::Image(width, height) => {
            let (url, name) = (String::new(), format!("{OWN}.png"));
            (64, "h", ItemData::Image(ImageRef { url, width, height, sha256, name, tiles: None }))
        }
    };
    let data = serde_json::to_string(&data)?;
    let (head, tail) = data.split_once(OWN).unwrap_or((&data, ""));
    // A number's four images under odd multipliers: no two numbers share one, and neighbours lie far apart, as hashes do.
    let spread = |n: &str| {
        [2_654_435_761_u64, 2_246_822_519, 3_266_489_917, 1].map(|odd| format!("(({n}) * {odd}) % 4294967296"))
    };
    let of_project = project.0.simple().to_string();
    let of_project = of_project.get(24..).unwrap_or_default();
    let is_postgres = tx.get_database_backend() == DbBackend::Postgres;
    // Version 7 by its first half; the rest tells projects and numbers apart.
    let (eight, tail_of_id) = (
        of_project.get(1..4).unwrap_or_default(),
        format!("'{}' || substr(h, 1, 8)", of_project.get(4..).unwrap_or_default()),
    );
    let hex: fn(&str) -> String = match is_postgres {
        true => |number| format!("lpad(to_hex({number}), 8, '0')"),
        false => |number| format!("printf('%08x', {number})"),
    };
    let (numbers, id) = match is_postgres {
        true => (
            "s(n) AS (SELECT generate_series($2::bigint, $3::bigint))",
            format!(
                "(lpad(to_hex($4::bigint + n / 4096), 12, '0') || to_hex(28672 + n % 4096) || '8{eight}' || {tail_of_id})::uuid"
            ),
        ),
        false => (
            "s(n) AS (SELECT $2 UNION ALL SELECT n + 1 FROM s WHERE n < $3)",
            format!(
                "unhex(printf('%012x', $4 + n / 4096) || printf('%x', 28672 + n % 4096) || '8{eight}' || {tail_of_id})"
            ),
        ),
    };
    let half: Vec<String> = spread("n").iter().map(|number| hex(number)).collect();
    let half = half.join(" || ");
    let sql = format!(
        "WITH RECURSIVE {numbers}, r(n, h) AS (SELECT n, {half} || {half} FROM s) \
         INSERT INTO items (id, project_id, key, content_hash, data, meta, state, overlap, filled, free, lane, sort_key, \
         batch_id, value, finished_at, import_id, created_at, updated_at) \
         SELECT {id}, $1, 'k' || n, substr(h, 1, {hash_length}), CAST($5 AS text) || {own} || CAST($6 AS text), '{{}}', 'open', {overlap}, 0, {overlap}, 1, \
         n, NULL, NULL, NULL, NULL, $4, $4 FROM r WHERE true ORDER BY n",
        overlap = settings.overlap
    );
    let (first, last) = (end - some, end - 1);
    let values = [project.0.into(), first.into(), last.into(), engine.now().0.into(), head.into(), tail.into()];
    tx.execute_raw(raw(tx, &sql, values)).await?;
    count(tx, project.0, vec![(ItemState::Open, some)]).await
}

/// Figures of each member of a project for so many days until yesterday, as if each had worked all of them. No annotation
/// stands behind them: an audit would say so. Those that are over are closed, as every hour on a server; once for an engine,
/// since nothing can be added to a day that is closed.
pub async fn figures(engine: &Engine, project: ProjectId, days: i32) -> Result<()> {
    let today = engine.now().day().0;
    let write = engine.db().write(move |tx| {
        Box::pin(async move {
            for day in today - days..today {
                let sql = "INSERT INTO day_figures (project_id, person_id, day, organization_id, submitted, accepted, rework, \
                           returned, skipped, extra, inspected, passed, reviewed, active_ms, raw_ms) \
                           SELECT m.project_id, m.person_id, $2, p.organization_id, 900, 850, 20, 30, 15, 0, 180, 170, 0, \
                           21600000, 25200000 FROM members m JOIN people p ON p.id = m.person_id \
                           WHERE m.project_id = $1 AND m.role = 'annotator'";
                tx.execute_raw(raw(tx, sql, [project.0.into(), day.into()])).await?;
            }
            Ok(())
        })
    });
    write.await?;
    crate::stats::close_days(engine).await
}

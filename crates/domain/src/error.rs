//! The one error that every layer returns, named for what the caller can do about it.
//!
//! `code`, `status`, `sentence` and `retryable` are exhaustive tables: a new variant makes the compiler list the work.
//! It never carries a cause: what went wrong inside is logged where it happened, under the reference that people see.

use crate::lang::{Lang, Words};
use crate::policy::Action;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A refusal, in terms of the caller's next step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "error", content = "detail", rename_all = "snake_case")]
pub enum Error {
    /// Nobody is signed in, or the session or token has ended.
    SignInRequired,
    /// User name and password do not fit; which of the two is not told.
    WrongCredentials,
    /// The account was switched off.
    Deactivated,
    /// The one-time password must be replaced before anything else.
    PasswordChangeRequired,
    /// There is no such thing, or the caller may not know of it.
    NotFound(Noun),
    /// The caller may see it but not do this.
    NotAllowed(Action, Noun),
    /// The input breaks rules; each problem names its place.
    Invalid(Vec<Problem>),
    /// The input is fine but the state of things forbids it.
    Conflict(Conflict),
    /// The body is larger than the limit, in bytes.
    TooLarge(u64),
    /// The media type or format is not one that is understood here.
    Unsupported(String),
    /// Too many tries; seconds to wait.
    TooMany(u32),
    /// The server cannot answer now but will soon.
    Unavailable,
    /// A fault on our side; the reference finds it in the log.
    Broken(String),
}

/// What a sentence is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Noun {
    /// A page or path.
    Page,
    /// The installation as a whole.
    Platform,
    /// A labeling firm, base or school.
    Organization,
    /// A team.
    Team,
    /// An account.
    Person,
    /// A bearer token.
    Token,
    /// A labeling job.
    Project,
    /// A person's role in a project.
    Member,
    /// One unit of data.
    Item,
    /// A hold on an item.
    Claim,
    /// A submitted value.
    Annotation,
    /// A lot.
    Batch,
    /// A pass over a lot.
    Inspection,
    /// An import job.
    Import,
    /// An export job.
    Export,
}

/// Why the state of things forbids an otherwise correct request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Conflict {
    /// The user name, organization, team or project name is in use.
    NameTaken,
    /// The claim was already submitted with another key.
    AlreadySubmitted,
    /// The claim was released, skipped or taken back.
    ClaimGone,
    /// The draft on the server is newer than the one sent.
    DraftOutdated,
    /// The schema changed since the work was begun.
    SchemaOutdated,
    /// Saving would orphan existing annotations; repeat with consent.
    WouldOrphan,
    /// Somebody else changed the same thing in between.
    Changed,
    /// The item is in review or accepted: it cannot be reopened.
    InReview,
    /// The batch is already decided.
    Decided,
    /// Verdicts of the sample are still missing.
    VerdictsMissing,
    /// Failed items are in the batch: accept is not open, return them.
    FailedItems,
    /// Nobody reviews their own work.
    OwnWork,
    /// The project is not open for this now (paused or archived).
    ProjectClosed,
    /// There is nothing that fits, so that nothing was made.
    Nothing,
    /// The last operator cannot be removed or deactivated.
    LastOperator,
    /// The export is not finished or has failed.
    NotReady,
    /// The same `Idempotency-Key` came with another request.
    KeyReused,
    /// Another reviewer holds this batch.
    HeldByOther,
}

/// One broken rule and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The place in the input, `value.persons[2].label`; empty for the whole.
    pub at: String,
    /// A stable code, `unknown-label`.
    pub code: String,
    /// The sentence in both languages.
    pub message: Words,
}

impl Problem {
    /// A problem at a place.
    pub fn new(at: impl Into<String>, code: &str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { at: at.into(), code: code.to_owned(), message: Words::new(zh, en) }
    }
}

impl Error {
    /// One broken rule at one place.
    pub fn invalid(at: impl Into<String>, code: &str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Error::Invalid(vec![Problem::new(at, code, zh, en)])
    }

    /// The stable code that programs switch on.
    pub fn code(&self) -> String {
        match self {
            Error::SignInRequired => "sign-in-required".into(),
            Error::WrongCredentials => "wrong-credentials".into(),
            Error::Deactivated => "deactivated".into(),
            Error::PasswordChangeRequired => "password-change-required".into(),
            Error::NotFound(noun) => format!("{}-not-found", noun.slug()),
            Error::NotAllowed(..) => "not-allowed".into(),
            Error::Invalid(_) => "invalid".into(),
            Error::Conflict(conflict) => conflict.code().into(),
            Error::TooLarge(_) => "too-large".into(),
            Error::Unsupported(_) => "unsupported".into(),
            Error::TooMany(_) => "too-many".into(),
            Error::Unavailable => "unavailable".into(),
            Error::Broken(_) => "internal".into(),
        }
    }

    /// The HTTP status of the refusal.
    pub fn status(&self) -> u16 {
        match self {
            Error::SignInRequired | Error::WrongCredentials => 401,
            Error::Deactivated | Error::PasswordChangeRequired | Error::NotAllowed(..) => 403,
            Error::NotFound(_) => 404,
            Error::Invalid(_) => 422,
            Error::Conflict(_) => 409,
            Error::TooLarge(_) => 413,
            Error::Unsupported(_) => 415,
            Error::TooMany(_) => 429,
            Error::Unavailable => 503,
            Error::Broken(_) => 500,
        }
    }

    /// The same request may succeed later without the caller changing anything.
    pub fn retryable(&self) -> bool {
        match self {
            Error::TooMany(_) | Error::Unavailable | Error::Broken(_) => true,
            Error::SignInRequired
            | Error::WrongCredentials
            | Error::Deactivated
            | Error::PasswordChangeRequired
            | Error::NotFound(_)
            | Error::NotAllowed(..)
            | Error::Invalid(_)
            | Error::Conflict(_)
            | Error::TooLarge(_)
            | Error::Unsupported(_) => false,
        }
    }

    /// A sentence that a person may read: what happened and what to do.
    pub fn sentence(&self, lang: Lang) -> String {
        let zh = lang == Lang::Zh;
        match self {
            Error::SignInRequired => pick(zh, "请先登录。", "Sign in to continue."),
            Error::WrongCredentials => pick(zh, "用户名或密码不对。", "The user name or password is wrong."),
            Error::Deactivated => {
                pick(zh, "该账号已停用，请联系本机构负责人。", "This account is switched off. Ask your organization.")
            }
            Error::PasswordChangeRequired => pick(zh, "请先修改初始密码。", "Replace the initial password first."),
            Error::NotFound(noun) => {
                if zh {
                    format!("{}不存在，或者您无权查看。", noun.words().zh)
                } else {
                    format!("This {} does not exist, or you may not see it.", noun.words().en)
                }
            }
            Error::NotAllowed(action, noun) => {
                if zh {
                    format!("您没有权限{}{}。", action.words().zh, noun.words().zh)
                } else {
                    format!("You may not {} this {}.", action.words().en, noun.words().en)
                }
            }
            Error::Invalid(problems) => match problems.as_slice() {
                [only] => only.message.get(lang).to_owned(),
                [first, rest @ ..] => {
                    if zh {
                        format!("{}（另有 {} 处问题）", first.message.get(lang), rest.len())
                    } else {
                        format!("{} ({} more problems)", first.message.get(lang), rest.len())
                    }
                }
                [] => pick(zh, "内容不符合要求。", "The input breaks a rule."),
            },
            Error::Conflict(conflict) => conflict.words().get(lang).to_owned(),
            Error::TooLarge(limit) => {
                let size = human_bytes(*limit);
                if zh {
                    format!("内容过大，上限为 {size}。")
                } else {
                    format!("Too large: the limit is {size}.")
                }
            }
            Error::Unsupported(what) => {
                if zh {
                    format!("不支持的类型：{what}。")
                } else {
                    format!("This type is not supported: {what}.")
                }
            }
            Error::TooMany(seconds) => {
                if zh {
                    format!("尝试次数过多，请 {seconds} 秒后再试。")
                } else {
                    format!("Too many tries. Wait {seconds} seconds.")
                }
            }
            Error::Unavailable => {
                pick(zh, "系统繁忙，您的内容已保留，正在重试。", "Busy. Your work is kept; trying again.")
            }
            Error::Broken(reference) => {
                if zh {
                    format!("系统出错，编号 {reference}。您的内容已保留。")
                } else {
                    format!("Something broke on our side. Reference {reference}. Your work is kept.")
                }
            }
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence(Lang::En))
    }
}

impl std::error::Error for Error {}

fn pick(zh: bool, chinese: &str, english: &str) -> String {
    if zh { chinese } else { english }.to_owned()
}

/// A size for people, in binary units with at most one decimal.
pub fn human_bytes(bytes: u64) -> String {
    let units = [(1_u64 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    for (size, unit) in units {
        if bytes >= size {
            let tenths = bytes / (size / 10);
            return if tenths.is_multiple_of(10) {
                format!("{} {unit}", tenths / 10)
            } else {
                format!("{}.{} {unit}", tenths / 10, tenths % 10)
            };
        }
    }
    format!("{bytes} B")
}

impl Noun {
    /// The name in codes: `project-not-found`.
    pub fn slug(self) -> &'static str {
        match self {
            Noun::Page => "page",
            Noun::Platform => "platform",
            Noun::Organization => "organization",
            Noun::Team => "team",
            Noun::Person => "person",
            Noun::Token => "token",
            Noun::Project => "project",
            Noun::Member => "member",
            Noun::Item => "item",
            Noun::Claim => "claim",
            Noun::Annotation => "annotation",
            Noun::Batch => "batch",
            Noun::Inspection => "inspection",
            Noun::Import => "import",
            Noun::Export => "export",
        }
    }

    /// The name in sentences.
    pub fn words(self) -> Words {
        match self {
            Noun::Page => Words::new("页面", "page"),
            Noun::Platform => Words::new("平台", "platform"),
            Noun::Organization => Words::new("机构", "organization"),
            Noun::Team => Words::new("班组", "team"),
            Noun::Person => Words::new("人员", "person"),
            Noun::Token => Words::new("令牌", "token"),
            Noun::Project => Words::new("项目", "project"),
            Noun::Member => Words::new("项目成员", "member"),
            Noun::Item => Words::new("条目", "item"),
            Noun::Claim => Words::new("领取记录", "claim"),
            Noun::Annotation => Words::new("标注", "annotation"),
            Noun::Batch => Words::new("批次", "batch"),
            Noun::Inspection => Words::new("质检", "inspection"),
            Noun::Import => Words::new("导入任务", "import"),
            Noun::Export => Words::new("导出任务", "export"),
        }
    }
}

impl Conflict {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Conflict::NameTaken => "name-taken",
            Conflict::AlreadySubmitted => "already-submitted",
            Conflict::ClaimGone => "claim-gone",
            Conflict::DraftOutdated => "draft-outdated",
            Conflict::SchemaOutdated => "schema-outdated",
            Conflict::WouldOrphan => "would-orphan",
            Conflict::Changed => "changed",
            Conflict::InReview => "in-review",
            Conflict::Decided => "decided",
            Conflict::VerdictsMissing => "verdicts-missing",
            Conflict::FailedItems => "failed-items",
            Conflict::OwnWork => "own-work",
            Conflict::ProjectClosed => "project-closed",
            Conflict::Nothing => "nothing",
            Conflict::LastOperator => "last-operator",
            Conflict::NotReady => "not-ready",
            Conflict::KeyReused => "key-reused",
            Conflict::HeldByOther => "held-by-other",
        }
    }

    /// What happened and what to do.
    pub fn words(self) -> Words {
        match self {
            Conflict::NameTaken => Words::new("名称已被占用，请换一个。", "This name is taken. Choose another."),
            Conflict::AlreadySubmitted => Words::new("这一条已经提交过了。", "This claim was already submitted."),
            Conflict::ClaimGone => {
                Words::new("这一条已不在您手中，请领取下一条。", "You no longer hold this item. Take the next one.")
            }
            Conflict::DraftOutdated => Words::new(
                "另一个窗口保存了更新的内容，请刷新后再改。",
                "Another window saved newer work. Reload before you go on.",
            ),
            Conflict::SchemaOutdated => Words::new(
                "标注方案已更新，请刷新后再提交。",
                "The schema has changed. Reload, check, and submit again.",
            ),
            Conflict::WouldOrphan => Words::new(
                "保存后，部分已有标注将不符合新方案，请确认。",
                "Some existing annotations would no longer fit the schema. Confirm to save.",
            ),
            Conflict::Changed => Words::new(
                "内容已被他人修改，请刷新后再试。",
                "Somebody changed this in between. Reload and try again.",
            ),
            Conflict::InReview => {
                Words::new("这一条已进入质检，不能再改。", "This item is in review and can no longer be reopened.")
            }
            Conflict::Decided => Words::new("该批次已有结论。", "This batch is already decided."),
            Conflict::VerdictsMissing => {
                Words::new("抽样中还有未判定的条目。", "Some items of the sample have no verdict yet.")
            }
            Conflict::FailedItems => Words::new(
                "批次中有不合格条目，请退回这些条目或整批退回。",
                "The batch holds failed items. Return them, or the whole batch.",
            ),
            Conflict::OwnWork => Words::new("不能质检自己标注的条目。", "Nobody reviews their own work."),
            Conflict::ProjectClosed => Words::new("项目当前未开放作业。", "The project is not open for work now."),
            Conflict::Nothing => Words::new("没有符合条件的条目。", "Nothing fits, so nothing was made."),
            Conflict::LastOperator => Words::new("至少要保留一名运营管理员。", "At least one operator must remain."),
            Conflict::NotReady => Words::new("文件尚未生成。", "The file is not ready."),
            Conflict::KeyReused => {
                Words::new("同一幂等键对应了不同的请求。", "The idempotency key was used for another request.")
            }
            Conflict::HeldByOther => Words::new("该批次正由其他质检员检查。", "Another reviewer holds this batch."),
        }
    }
}

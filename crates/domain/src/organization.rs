//! Organizations, teams, and the ten regions of Guizhou.

use crate::id::{OrganizationId, TeamId};
use crate::lang::Words;
use serde::{Deserialize, Serialize};

/// A region that figures roll up to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Region {
    /// The key: a slug, because Guian New Area has no code of GB/T 2260.
    pub slug: String,
    /// The name.
    pub title: Words,
    /// The code of GB/T 2260, where there is one.
    pub gb_code: Option<String>,
}

/// An organization as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationView {
    /// The organization.
    pub id: OrganizationId,
    /// Its unique name.
    pub name: String,
    /// Its region's slug.
    pub region: String,
    /// Its teams, by name.
    pub teams: Vec<TeamView>,
    /// Its active people.
    pub people: u32,
}

/// A team as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamView {
    /// The team.
    pub id: TeamId,
    /// Its name, unique in the organization.
    pub name: String,
}

/// The ten regions in the order of official lists: slug, Chinese, English, code of GB/T 2260.
pub const REGIONS: [(&str, &str, &str, Option<&str>); 10] = [
    ("guiyang", "贵阳市", "Guiyang", Some("520100")),
    ("liupanshui", "六盘水市", "Liupanshui", Some("520200")),
    ("zunyi", "遵义市", "Zunyi", Some("520300")),
    ("anshun", "安顺市", "Anshun", Some("520400")),
    ("bijie", "毕节市", "Bijie", Some("520500")),
    ("tongren", "铜仁市", "Tongren", Some("520600")),
    ("qianxinan", "黔西南布依族苗族自治州", "Qianxinan Bouyei and Miao Autonomous Prefecture", Some("522300")),
    ("qiandongnan", "黔东南苗族侗族自治州", "Qiandongnan Miao and Dong Autonomous Prefecture", Some("522600")),
    ("qiannan", "黔南布依族苗族自治州", "Qiannan Bouyei and Miao Autonomous Prefecture", Some("522700")),
    ("guian", "贵安新区", "Guian New Area", None),
];

/// The province's goal for 2026: people who work in data annotation.
pub const PROVINCE_GOAL: u32 = 20_000;

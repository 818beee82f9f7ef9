//! Short lines as a newsroom might write them, put together from pieces, so that their labels are known.

use domain::annotation::AnnotationValue;
use serde_json::{Value, json};

/// A line with what a careful annotator marks in it.
pub(super) struct Sentence {
    pub(super) text: String,
    pub(super) value: AnnotationValue,
}

/// Topic and pattern; `P` stands for a person, `L` for a place, `O` for an organization, `T` for a time.
const PATTERNS: [(&str, &str); 12] = [
    ("economy", "T，O与O签署合作协议，将在L建设数据标注基地。"),
    ("economy", "O负责人P表示，L的新厂房T就能投产，预计产值增长两成。"),
    ("tourism", "T，L迎来旅游高峰，O增开了十条接驳线路。"),
    ("tourism", "P在L举办的非遗集市上展示了蜡染手艺，吸引了不少游客。"),
    ("farming", "L的P种了三十亩辣椒，T第一批已经装车外运。"),
    ("farming", "O的技术员P到L指导茶园防虫，活动将持续到T。"),
    ("school", "T，O为L的学生送去了两百套图书。"),
    ("school", "P老师在L支教五年，T被评为优秀教师。"),
    ("traffic", "T起，L至L的公交线路延长运营到晚上十点。"),
    ("traffic", "O提醒，T，L路段将封闭施工，请提前绕行。"),
    ("economy", "记者从O了解到，T以来，L新增个体工商户三千余户。"),
    ("tourism", "“村里的变化太大了。”T回到L的P感慨地说。"),
];

const PEOPLE: [&str; 7] = ["李明远", "王秀兰", "张小河", "陈阿朵", "杨建国", "龙晓梅", "吴一帆"];
const PLACES: [&str; 11] = [
    "花溪区",
    "遵义市",
    "镇远古镇",
    "湄潭县",
    "黄果树景区",
    "都匀市",
    "兴义市",
    "毕节市",
    "西江",
    "梵净山",
    "贵安新区",
];
const FIRMS: [&str; 6] = ["青山合作社", "乌江运输公司", "溪南小学", "梯田数据公司", "高原茶业公司", "云上文旅公司"];
const TIMES: [&str; 8] =
    ["本周三", "十一月二十日", "昨天上午", "国庆假期", "今年九月", "春节前夕", "上周末", "明年年初"];

/// The key of line `n`.
pub(super) fn key(n: usize) -> String {
    format!("news-{:03}", n + 1)
}

/// Line `n`.
pub(super) fn sentence(n: usize) -> Sentence {
    let (topic, pattern) = PATTERNS.get(n % PATTERNS.len()).copied().unwrap_or(("economy", ""));
    let (mut text, mut length, mut spans) = (String::new(), 0, Vec::<Value>::new());
    for (at, letter) in pattern.chars().enumerate() {
        // Steps that share no factor with the lists' lengths, so that lines and the places in them differ.
        let turn = n / PATTERNS.len() * 5 + n + at;
        let piece = |list: &[&'static str]| list.get(turn % list.len()).copied().unwrap_or_default();
        let (label, piece) = match letter {
            'P' => ("PER", piece(&PEOPLE)),
            'L' => ("LOC", piece(&PLACES)),
            'O' => ("ORG", piece(&FIRMS)),
            'T' => ("TIME", piece(&TIMES)),
            other => {
                text.push(other);
                length += 1;
                continue;
            }
        };
        let end = length + piece.chars().count();
        spans.push(json!({
            "id": format!("s{}", spans.len() + 1), "label": label, "start": length, "end": end, "text": piece,
        }));
        text.push_str(piece);
        length = end;
    }
    let mut value = AnnotationValue::new();
    value.insert("topic".to_owned(), json!([topic]));
    value.insert("entities".to_owned(), Value::Array(spans));
    Sentence { text, value }
}

/// What is asked of a line.
pub(super) fn schema() -> Value {
    json!({ "controls": [
        {
            "id": "topic", "kind": "choice", "required": true, "title": { "zh": "主题", "en": "Topic" },
            "options": [
                { "id": "economy", "title": { "zh": "经济", "en": "Economy" }, "key": "1" },
                { "id": "tourism", "title": { "zh": "文旅", "en": "Tourism" }, "key": "2" },
                { "id": "farming", "title": { "zh": "农业", "en": "Farming" }, "key": "3" },
                { "id": "school", "title": { "zh": "教育", "en": "Education" }, "key": "4" },
                { "id": "traffic", "title": { "zh": "交通", "en": "Traffic" }, "key": "5" },
            ],
        },
        {
            "id": "entities", "kind": "span", "title": { "zh": "实体", "en": "Entities" },
            "labels": [
                { "id": "PER", "title": { "zh": "人名", "en": "Person" }, "key": "q" },
                { "id": "LOC", "title": { "zh": "地名", "en": "Place" }, "key": "w" },
                { "id": "ORG", "title": { "zh": "机构名", "en": "Organization" }, "key": "e" },
                { "id": "TIME", "title": { "zh": "时间", "en": "Time" }, "key": "r" },
            ],
        },
    ] })
}

/// What to go by.
pub(super) const GUIDELINE: &str = "\
# 任务

给每一句选一个**主题**，并标出句中的**人名、地名、机构名和时间**。

## 主题

看这句话主要在说什么，只选一项。同时提到多个主题时，选篇幅最大的一个。

## 实体

| 标签 | 标什么 | 正例 | 反例 |
|---|---|---|---|
| 人名 | 只标姓名，不带称谓 | **李明远**表示 | ~~李明远老师~~ |
| 地名 | 行政区、景区、山川 | 在**湄潭县**举办 | ~~村里~~ |
| 机构名 | 公司、学校、合作社的全称 | **青山合作社**提醒 | ~~这家公司~~ |
| 时间 | 完整的时间词 | **十一月二十日** | ~~以来~~ |

## 常见错误

- 漏标句首的时间词。
- 把标点标进实体里。
- 同一实体出现两次时只标了一次：**每次出现都要标**。

拿不准时，请点“跳过”并选择“规范没有说明”。
";

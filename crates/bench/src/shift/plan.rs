//! When people do what: arrivals, think times and kinds of work, drawn from a seed before anything is measured.

use std::f64::consts::TAU;
use std::time::Duration;

use rand::RngExt;
use rand::rngs::StdRng;
use serde_json::{Value, json};

/// How people arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(crate) enum Shape {
    /// Evenly over the ramp.
    #[default]
    Even,
    /// 08:30: half of them within the first tenth of the ramp, the rest ever fewer.
    Storm,
}

impl Shape {
    /// A moment within the ramp.
    pub(crate) fn arrival(self, rng: &mut StdRng, ramp: Duration) -> Duration {
        let part: f64 = rng.random_range(0.0..1.0);
        let part = match self {
            Shape::Even => part,
            // The median of part⁴ is a sixteenth; of part^3.32 a tenth.
            Shape::Storm => part.powf(3.32),
        };
        ramp.mul_f64(part)
    }
}

/// What a project's people do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One choice for a line of text.
    Choice,
    /// A topic and five spans in a line of text.
    Spans,
    /// Ten boxes in a picture.
    Boxes,
}

/// Text of every text item, behind its number.
pub(crate) const TEXT: &str =
    "今天贵阳的天气很好，王小明和李雷从花溪公园出发，坐地铁二号线去黔灵山看猴子，晚上在青岩古镇吃丝娃娃。";
/// Pixels of every picture.
pub(crate) const PICTURE: (u32, u32) = (1_920, 1_080);

impl Kind {
    /// The kind of a project, and of the people who work in it.
    pub(crate) fn of(project: usize) -> Self {
        match project % 3 {
            0 => Kind::Choice,
            1 => Kind::Spans,
            _ => Kind::Boxes,
        }
    }

    /// The mean time for an item. A third of the people each makes one label in 20 s: 1/15 + 1/20 + 1/30 = 3/20.
    pub(crate) fn mean(self) -> f64 {
        match self {
            Kind::Choice => 15.0,
            Kind::Spans => 20.0,
            Kind::Boxes => 30.0,
        }
    }

    /// Drafts that the workbench saves on the way, 2.5 s after a change: a choice is sent before that.
    pub(crate) fn drafts(self) -> u32 {
        match self {
            Kind::Choice => 0,
            Kind::Spans => 1,
            Kind::Boxes => 2,
        }
    }

    /// Annotations wanted for an item.
    pub(crate) fn overlap(self) -> u8 {
        if self == Kind::Choice { 2 } else { 1 }
    }

    pub(crate) fn schema(self) -> Value {
        let choice = json!({
            "id": "topic", "kind": "choice", "required": true,
            "options": [{ "id": "economy" }, { "id": "tourism" }, { "id": "farming" }, { "id": "school" }],
        });
        let spans = json!({
            "id": "entities", "kind": "span",
            "labels": [{ "id": "PER" }, { "id": "LOC" }, { "id": "ORG" }, { "id": "TIME" }],
        });
        let boxes = json!({
            "id": "objects", "kind": "box", "labels": [{ "id": "car" }, { "id": "house" }, { "id": "tree" }],
        });
        match self {
            Kind::Choice => json!({ "controls": [choice] }),
            Kind::Spans => json!({ "controls": [choice, spans] }),
            Kind::Boxes => json!({ "controls": [boxes] }),
        }
    }

    /// A value for an item; its text where it has one. `share` of the regions are there yet.
    pub(crate) fn value(self, rng: &mut StdRng, text: &str, share: f64) -> Value {
        let topics = ["economy", "tourism", "farming", "school"];
        let topic = json!([pick(rng, &topics)]);
        match self {
            Kind::Choice => json!({ "topic": topic }),
            Kind::Spans => json!({ "topic": topic, "entities": spans(rng, text, part(5, share)) }),
            Kind::Boxes => json!({ "objects": boxes(rng, part(10, share)) }),
        }
    }
}

fn part(whole: usize, share: f64) -> usize {
    ((whole as f64 * share).round() as usize).clamp(1, whole)
}

fn pick<'a>(rng: &mut StdRng, from: &[&'a str]) -> &'a str {
    from.get(rng.random_range(0..from.len())).copied().unwrap_or_default()
}

/// Spans that do not touch each other: one in each of so many equal parts of the text.
fn spans(rng: &mut StdRng, text: &str, count: usize) -> Vec<Value> {
    let letters: Vec<char> = text.chars().collect();
    let room = letters.len() / count.max(1);
    let mut made = Vec::with_capacity(count);
    for n in 0..count {
        if room < 2 {
            break;
        }
        let start = n * room + rng.random_range(0..room / 2);
        let end = (start + rng.random_range(1..=4)).min((n + 1) * room).max(start + 1);
        let covered: String = letters.get(start..end).unwrap_or_default().iter().collect();
        let label = pick(rng, &["PER", "LOC", "ORG", "TIME"]);
        made.push(json!({ "id": format!("s{n}"), "label": label, "start": start, "end": end, "text": covered }));
    }
    made
}

fn boxes(rng: &mut StdRng, count: usize) -> Vec<Value> {
    let one = |n: usize| {
        // Tenths of a pixel, as a mouse on a scaled picture gives them.
        let mut tenth = |from: u32, to: u32| f64::from(rng.random_range(from * 10..to * 10)) / 10.0;
        let (w, h) = (tenth(10, 400), tenth(10, 300));
        let (x, y) = (tenth(0, PICTURE.0 - 400), tenth(0, PICTURE.1 - 300));
        let label = ["car", "house", "tree"].get(n % 3).copied().unwrap_or_default();
        json!({ "id": format!("b{n}"), "label": label, "x": x, "y": y, "w": w, "h": h })
    };
    (0..count).map(one).collect()
}

/// A think time: log-normal with this mean in seconds and σ = 0.5, between a second and five times the mean.
pub(crate) fn think(rng: &mut StdRng, mean: f64) -> Duration {
    const SIGMA: f64 = 0.5;
    let (u, v): (f64, f64) = (rng.random_range(f64::EPSILON..1.0), rng.random_range(0.0..1.0));
    let normal = (-2.0 * u.ln()).sqrt() * (TAU * v).cos();
    let seconds = (mean.ln() - SIGMA * SIGMA / 2.0 + SIGMA * normal).exp();
    Duration::from_secs_f64(seconds.clamp(1.0_f64.min(mean), mean * 5.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::project::Modality;
    use domain::schema::{Schema, Subject};
    use rand::SeedableRng;

    #[test]
    fn think_times_have_their_mean_and_the_same_seed_the_same_times() {
        let draw = |seed| {
            let mut rng = StdRng::seed_from_u64(seed);
            (0..20_000).map(|_| think(&mut rng, 20.0).as_secs_f64()).collect::<Vec<f64>>()
        };
        let times = draw(7);
        let mean = times.iter().sum::<f64>() / times.len() as f64;
        assert!((19.5..20.5).contains(&mean), "{mean}");
        assert_eq!(times, draw(7));
        assert_ne!(times, draw(8));
    }

    #[test]
    fn half_of_a_storm_is_there_after_a_tenth_of_the_ramp() {
        let mut rng = StdRng::seed_from_u64(1);
        let ramp = Duration::from_secs(100);
        let early = (0..10_000).filter(|_| Shape::Storm.arrival(&mut rng, ramp) < ramp / 10).count();
        assert!((4_800..5_200).contains(&early), "{early}");
    }

    #[test]
    fn every_value_fits_its_schema() {
        let mut rng = StdRng::seed_from_u64(3);
        for (kind, modality) in
            [(Kind::Choice, Modality::Text), (Kind::Spans, Modality::Text), (Kind::Boxes, Modality::Image)]
        {
            let schema = Schema::parse(&kind.schema(), modality).unwrap();
            let text = format!("第17条：{TEXT}");
            let data = match modality {
                Modality::Text => domain::item::ItemData::Text(text.clone()),
                Modality::Image => domain::item::ItemData::Image(domain::item::ImageRef {
                    url: String::new(),
                    width: PICTURE.0,
                    height: PICTURE.1,
                    sha256: String::new(),
                    name: String::new(),
                    tiles: None,
                }),
            };
            for _ in 0..200 {
                let value = kind.value(&mut rng, &text, 1.0);
                let value = value.as_object().unwrap();
                if let Err(problems) = schema.check(value, Subject::from(&data)) {
                    panic!("{kind:?}: {value:?}: {problems:?}");
                }
                let regions = value.get("entities").or(value.get("objects")).map(|list| list.as_array().unwrap().len());
                assert_eq!(
                    regions,
                    match kind {
                        Kind::Choice => None,
                        Kind::Spans => Some(5),
                        Kind::Boxes => Some(10),
                    }
                );
            }
        }
    }
}

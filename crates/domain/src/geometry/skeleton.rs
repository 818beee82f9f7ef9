//! The skeleton: named points joined by the edges of a template, for poses and landmarks.

use super::{Fault, Point, Rect, SLACK, Size};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What the points of a skeleton are called, and which are joined. It belongs to the schema.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Template {
    /// The points' names, in the order of drawing and of export.
    pub points: Vec<String>,
    /// Pairs of names that a line joins.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub edges: Vec<(String, String)>,
}

/// The points of one skeleton, in the template's order.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Skeleton {
    /// The points.
    pub points: Vec<Joint>,
}

/// One named point: `{"name", "x", "y"}`, with `"state": "occluded"`, or `{"name", "state": "absent"}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Loose", into = "Loose")]
pub struct Joint {
    /// The template's name for it.
    pub name: String,
    /// Where it is, if it is anywhere.
    pub place: Place,
}

/// Where a point of a skeleton is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Place {
    /// Seen here.
    Present(Point),
    /// Here, but something is before it.
    Occluded(Point),
    /// Not in the image, or nobody can tell where.
    Absent,
}

/// The most points of a template.
pub const POINTS_MAX: usize = 200;

impl Place {
    /// The place, if there is one.
    pub fn at(self) -> Option<Point> {
        match self {
            Place::Present(at) | Place::Occluded(at) => Some(at),
            Place::Absent => None,
        }
    }

    /// The same state at another place; absent stays absent.
    pub fn with(self, at: Point) -> Place {
        match self {
            Place::Present(_) => Place::Present(at),
            Place::Occluded(_) => Place::Occluded(at),
            Place::Absent => Place::Absent,
        }
    }

    /// COCO's visibility flag: 2 seen, 1 labeled but not seen, 0 not labeled.
    pub fn visibility(self) -> u8 {
        match self {
            Place::Present(_) => 2,
            Place::Occluded(_) => 1,
            Place::Absent => 0,
        }
    }
}

impl Template {
    /// Places of the template's edges in the list of points, for drawing.
    pub fn pairs(&self) -> Vec<(usize, usize)> {
        let place = |name: &String| self.points.iter().position(|point| point == name);
        self.edges.iter().filter_map(|(a, b)| Some((place(a)?, place(b)?))).collect()
    }
}

impl Skeleton {
    /// The smallest upright rectangle around the points that are somewhere.
    pub fn bounds(&self) -> Option<Rect> {
        Rect::around(&self.placed().collect::<Vec<_>>())
    }

    /// The points that are somewhere.
    pub fn placed(&self) -> impl Iterator<Item = Point> + '_ {
        self.points.iter().filter_map(|joint| joint.place.at())
    }

    /// Every place put through a function.
    pub fn map(&self, to: impl Fn(Point) -> Point) -> Skeleton {
        let moved = |joint: &Joint| {
            let place = joint.place.at().map_or(Place::Absent, |at| joint.place.with(to(at)));
            Joint { name: joint.name.clone(), place }
        };
        Skeleton { points: self.points.iter().map(moved).collect() }
    }

    /// Is it sound on an image of this size? Whether it fits its template: [`Skeleton::fits`].
    pub fn check(&self, size: Size) -> Result<(), Fault> {
        if self.points.len() > POINTS_MAX {
            return Err(Fault::TooManyPoints { most: POINTS_MAX });
        }
        if !self.placed().all(Point::is_finite) {
            return Err(Fault::NotFinite);
        }
        let mut names = BTreeSet::new();
        if let Some(twice) = self.points.iter().find(|joint| !names.insert(joint.name.as_str())) {
            return Err(Fault::PointTwice { name: twice.name.clone() });
        }
        if self.placed().next().is_none() {
            return Err(Fault::TooFewPoints { least: 1 });
        }
        if !self.placed().all(|p| size.holds(p, SLACK)) {
            return Err(Fault::Outside { size });
        }
        Ok(())
    }

    /// Has it the template's points, each once, and no other?
    pub fn fits(&self, template: &Template) -> Result<(), Fault> {
        let known: BTreeSet<&str> = template.points.iter().map(String::as_str).collect();
        let given: BTreeSet<&str> = self.points.iter().map(|joint| joint.name.as_str()).collect();
        if let Some(name) = given.difference(&known).next() {
            return Err(Fault::UnknownPoint { name: (*name).to_owned() });
        }
        match known.difference(&given).next() {
            Some(name) => Err(Fault::PointMissing { name: (*name).to_owned() }),
            None => Ok(()),
        }
    }

    /// The same points in the template's order; those it does not know go last.
    pub fn in_order(mut self, template: &Template) -> Skeleton {
        let place = |joint: &Joint| template.points.iter().position(|name| *name == joint.name).unwrap_or(usize::MAX);
        self.points.sort_by_key(place);
        self
    }
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Loose {
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    x: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    y: Option<f64>,
    #[serde(default, skip_serializing_if = "State::is_present")]
    state: State,
}

#[derive(Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum State {
    #[default]
    Present,
    Occluded,
    Absent,
}

impl State {
    fn is_present(&self) -> bool {
        *self == State::Present
    }
}

impl TryFrom<Loose> for Joint {
    type Error = &'static str;

    fn try_from(loose: Loose) -> Result<Self, Self::Error> {
        let place = match (loose.state, loose.x, loose.y) {
            (State::Present, Some(x), Some(y)) => Place::Present(Point::new(x, y)),
            (State::Occluded, Some(x), Some(y)) => Place::Occluded(Point::new(x, y)),
            (State::Absent, None, None) => Place::Absent,
            (State::Absent, _, _) => return Err("an absent point has no x and y"),
            (State::Present | State::Occluded, _, _) => return Err("a point has x and y"),
        };
        Ok(Joint { name: loose.name, place })
    }
}

impl From<Joint> for Loose {
    fn from(joint: Joint) -> Self {
        let state = match joint.place {
            Place::Present(_) => State::Present,
            Place::Occluded(_) => State::Occluded,
            Place::Absent => State::Absent,
        };
        let at = joint.place.at();
        Loose { name: joint.name, x: at.map(|at| at.x), y: at.map(|at| at.y), state }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joint(name: &str, place: Place) -> Joint {
        Joint { name: name.to_owned(), place }
    }

    #[test]
    fn states_read_and_write_the_same() {
        let json = r#"{"points":[{"name":"nose","x":1.0,"y":2.0},{"name":"ear","x":3.0,"y":2.0,"state":"occluded"},{"name":"tail","state":"absent"}]}"#;
        let read: Skeleton = serde_json::from_str(json).unwrap();
        assert_eq!(read.points[1].place, Place::Occluded(Point::new(3.0, 2.0)));
        assert_eq!(serde_json::to_string(&read).unwrap(), json);
        for bad in [
            r#"{"name":"a"}"#,
            r#"{"name":"a","x":1}"#,
            r#"{"name":"a","x":1,"y":2,"state":"absent"}"#,
            r#"{"name":"a","x":1,"y":2,"z":3}"#,
        ] {
            assert!(serde_json::from_str::<Joint>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn it_must_fit_its_template() {
        let template =
            Template { points: vec!["nose".into(), "tail".into()], edges: vec![("tail".into(), "nose".into())] };
        assert_eq!(template.pairs(), [(1, 0)]);
        let here = Place::Present(Point::new(1.0, 1.0));
        let with = |points: &[(&str, Place)]| Skeleton { points: points.iter().map(|(n, p)| joint(n, *p)).collect() };
        let whole = with(&[("tail", Place::Absent), ("nose", here)]);
        assert_eq!(whole.fits(&template), Ok(()));
        assert_eq!(whole.clone().in_order(&template).points[0].name, "nose");
        assert_eq!(whole.check(Size::new(4, 4)), Ok(()));
        assert_eq!(with(&[("nose", here)]).fits(&template), Err(Fault::PointMissing { name: "tail".into() }));
        assert_eq!(with(&[("ear", here)]).fits(&template), Err(Fault::UnknownPoint { name: "ear".into() }));
        let size = Size::new(4, 4);
        assert_eq!(with(&[("nose", here), ("nose", here)]).check(size), Err(Fault::PointTwice { name: "nose".into() }));
        assert_eq!(with(&[("nose", Place::Absent)]).check(size), Err(Fault::TooFewPoints { least: 1 }));
        let out = Place::Occluded(Point::new(5.0, 1.0));
        assert_eq!(with(&[("nose", out)]).check(size), Err(Fault::Outside { size }));
    }
}

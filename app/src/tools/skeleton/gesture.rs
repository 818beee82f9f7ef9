//! Setting the points of a skeleton in the template's order, in pixels of the image: a click each, one with Alt for a point
//! that something stands before, a key for one that is not there.

use crate::workbench::viewport::Size;
use domain::geometry::skeleton::{Joint, Place, Skeleton, Template};
use domain::geometry::{Point, Rect};

/// A skeleton being drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Pose {
    names: Vec<String>,
    set: Vec<Place>,
    pointer: Point,
}

impl Pose {
    /// Begins with no point set.
    pub fn new(template: &Template) -> Self {
        Self { names: template.points.clone(), set: Vec::new(), pointer: Point::default() }
    }

    /// The pointer moved.
    pub fn hover(&mut self, p: Point, image: Size) {
        self.pointer = p.clamp(image.w, image.h);
    }

    /// Where the pointer is.
    pub fn pointer(&self) -> Point {
        self.pointer
    }

    /// Sets the next point; the skeleton, when it was the last one.
    pub fn click(&mut self, p: Point, occluded: bool, image: Size) -> Option<Skeleton> {
        self.hover(p, image);
        self.put(if occluded { Place::Occluded(self.pointer) } else { Place::Present(self.pointer) })
    }

    /// The next point is not there; the skeleton, when it was the last one.
    pub fn skip(&mut self) -> Option<Skeleton> {
        self.put(Place::Absent)
    }

    /// The skeleton with what is set; the rest is not there. Nothing where nothing is set.
    pub fn done(&self) -> Option<Skeleton> {
        let so_far = self.so_far();
        let is_somewhere = so_far.placed().next().is_some();
        is_somewhere.then_some(so_far)
    }

    /// The skeleton as it would be if no other point were set.
    pub fn so_far(&self) -> Skeleton {
        let places = self.set.iter().copied().chain(std::iter::repeat(Place::Absent));
        let joints = self.names.iter().zip(places).map(|(name, place)| Joint { name: name.clone(), place });
        Skeleton { points: joints.collect() }
    }

    /// What the next point is called.
    pub fn next(&self) -> Option<&str> {
        self.names.get(self.set.len()).map(String::as_str)
    }

    /// Takes back the last point. False when none is left.
    pub fn back(&mut self) -> bool {
        self.set.pop();
        !self.set.is_empty()
    }

    fn put(&mut self, place: Place) -> Option<Skeleton> {
        self.set.push(place);
        if self.set.len() < self.names.len() { None } else { self.done() }
    }
}

/// A skeleton put down by a key: its points around the rectangle's middle.
pub fn around(template: &Template, rect: Rect) -> Skeleton {
    let (centre, n) = (rect.centre(), template.points.len().max(1) as f64);
    let joint = |(at, name): (usize, &String)| {
        let turned = Point::new(centre.x, rect.y).turned(centre, 360.0 * at as f64 / n);
        let place = Place::Present(Point::new(centre.x + (turned.x - centre.x) * rect.w / rect.h.max(1.0), turned.y));
        Joint { name: name.clone(), place }
    };
    Skeleton { points: template.points.iter().enumerate().map(joint).collect() }
}

/// The skeleton with one point in its next state: seen, behind something, not there, and seen again in the middle of the
/// others. The last one that is there stays.
pub fn cycled(skeleton: &Skeleton, at: usize) -> Skeleton {
    let mut next = skeleton.clone();
    let middle = skeleton.bounds().unwrap_or_default().centre();
    let is_last = skeleton.placed().count() < 2;
    if let Some(joint) = next.points.get_mut(at) {
        joint.place = match joint.place {
            Place::Present(p) => Place::Occluded(p),
            Place::Occluded(p) if is_last => Place::Present(p),
            Place::Occluded(_) => Place::Absent,
            Place::Absent => Place::Present(middle),
        };
    }
    next
}

#[cfg(test)]
mod tests {
    use super::*;

    const IMAGE: Size = Size { w: 200.0, h: 100.0 };

    fn template() -> Template {
        Template {
            points: ["nose", "left", "right"].map(str::to_owned).to_vec(),
            edges: vec![("nose".into(), "left".into())],
        }
    }

    #[test]
    fn points_are_set_in_order_and_taken_back() {
        let mut pose = Pose::new(&template());
        assert_eq!(pose.next(), Some("nose"));
        assert_eq!(pose.done(), None, "nothing is set");
        assert_eq!(pose.click(Point::new(-9.0, 20.0), false, IMAGE), None);
        assert_eq!(pose.skip(), None);
        assert!(pose.back());
        assert_eq!(pose.click(Point::new(50.0, 20.0), true, IMAGE), None);
        assert_eq!(pose.next(), Some("right"));
        let whole = pose.skip().unwrap();
        let places: Vec<Place> = whole.points.iter().map(|joint| joint.place).collect();
        let (first, second) = (Place::Present(Point::new(0.0, 20.0)), Place::Occluded(Point::new(50.0, 20.0)));
        assert_eq!(places, [first, second, Place::Absent]);
        assert_eq!(whole.fits(&template()), Ok(()));
    }

    #[test]
    fn a_skeleton_of_nothing_is_none() {
        let mut pose = Pose::new(&template());
        pose.skip();
        pose.skip();
        assert_eq!(pose.skip(), None);
        assert!(pose.back() && pose.back() && !pose.back());
    }

    #[test]
    fn a_point_goes_through_its_states_and_the_last_one_stays() {
        let start = around(&template(), Rect { x: 20.0, y: 20.0, w: 60.0, h: 40.0 });
        assert_eq!(start.check(domain::geometry::Size::new(200, 100)), Ok(()));
        let state = |skeleton: &Skeleton| skeleton.points[1].place.visibility();
        let occluded = cycled(&start, 1);
        let absent = cycled(&occluded, 1);
        assert_eq!([state(&start), state(&occluded), state(&absent)], [2, 1, 0]);
        assert_eq!(state(&cycled(&absent, 1)), 2);
        let two = cycled(&cycled(&absent, 0), 0);
        assert_eq!(two.placed().count(), 1);
        assert_eq!(cycled(&cycled(&two, 2), 2).placed().count(), 1);
    }
}

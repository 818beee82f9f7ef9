//! What the hand does with the tools that look at the picture. An outline traced with the scissors consists of legs: from
//! click to click, and from the last one to the pointer. Each is a straight line until somebody who sees the picture has
//! said how it runs.

use crate::workbench::region::RegionRef;
use crate::workbench::viewport::Size;
use domain::geometry::{POLYGON_MAX_POINTS, Point, Polygon, boolean, self_intersects};

/// Which of the tools is in hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aid {
    /// What has the colour of a place and hangs together with it.
    Wand,
    /// An outline that lays itself along edges.
    Scissors,
    /// The object in a box.
    CutOut,
}

/// How much the wand takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wand {
    /// How far each of red, green and blue may be from the colour that is touched.
    pub tolerance: u8,
}

impl Default for Wand {
    fn default() -> Self {
        Self { tolerance: 24 }
    }
}

impl Wand {
    /// A step more tolerant or less.
    pub fn resized(self, more: bool) -> Self {
        let step = if self.tolerance < 8 || (self.tolerance == 8 && !more) { 1 } else { 4 };
        let tolerance = if more { self.tolerance.saturating_add(step) } else { self.tolerance.saturating_sub(step) };
        Self { tolerance }
    }
}

/// A part of a traced outline.
#[derive(Debug, Clone, PartialEq)]
struct Leg {
    from: Point,
    to: Point,
    /// How it runs, and between which places that was found.
    found: Option<(Point, Point, Vec<Point>)>,
}

impl Leg {
    fn new(from: Point, to: Point) -> Self {
        Self { from, to, found: None }
    }

    fn is_found(&self) -> bool {
        self.found.as_ref().is_some_and(|(from, to, _)| (*from, *to) == (self.from, self.to))
    }
}

/// An outline being traced with the scissors.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    /// All but the last run from click to click; the last one to the pointer, or back to the first click.
    legs: Vec<Leg>,
    closing: bool,
    /// The shape that gets the outline; none for a new one.
    onto: Option<RegionRef>,
}

impl Trace {
    /// Begins with the first click.
    pub fn new(first: Point, image: Size) -> Self {
        let first = first.clamp(image.w, image.h);
        Self { legs: vec![Leg::new(first, first)], closing: false, onto: None }
    }

    /// Through these places and back to the first, without a pointer: for a shape that is there, or a new one. Nothing where
    /// they are less than three.
    pub fn through(places: &[Point], onto: Option<RegionRef>, image: Size) -> Option<Self> {
        let (first, rest) = places.split_first()?;
        let mut trace = Self { onto, ..Self::new(*first, image) };
        for place in rest {
            trace.click(*place, 0.0, image);
        }
        trace.close().then_some(trace)
    }

    /// The shape that gets the outline; none for a new one.
    pub fn onto(&self) -> Option<&RegionRef> {
        self.onto.as_ref()
    }

    /// The pointer moved.
    pub fn hover(&mut self, p: Point, image: Size) {
        if let (false, Some(live)) = (self.closing, self.legs.last_mut()) {
            live.to = p.clamp(image.w, image.h);
        }
    }

    /// A click: the line to it stays, and the next begins there. On the first place it closes the outline.
    pub fn click(&mut self, p: Point, reach: f64, image: Size) {
        if self.closing {
            return;
        }
        self.hover(p, image);
        let (Some(first), Some(live)) = (self.legs.first().map(|leg| leg.from), self.legs.last()) else { return };
        let at = live.to;
        if self.legs.len() >= 3 && first.distance(at) <= reach {
            self.close();
        } else if live.from.distance(at) > reach / 4.0 && self.legs.len() < POLYGON_MAX_POINTS {
            // The second click of a double click lies where the first one was.
            self.legs.push(Leg::new(at, at));
        }
    }

    /// Leads the line back to the first place. False where less than three were clicked.
    pub fn close(&mut self) -> bool {
        let first = self.legs.first().map(|leg| leg.from);
        let enough = self.legs.len() >= 3;
        if let (true, Some(first), Some(live)) = (enough, first, self.legs.last_mut()) {
            live.to = first;
            self.closing = true;
        }
        self.closing
    }

    /// Takes back the last click. False when none is left.
    pub fn back(&mut self) -> bool {
        let pointer = self.legs.pop().map(|leg| if self.closing { leg.from } else { leg.to });
        self.closing = false;
        if let (Some(pointer), Some(live)) = (pointer, self.legs.last_mut()) {
            live.to = pointer;
        }
        !self.legs.is_empty()
    }

    /// A leg of which it is not known how it runs: its number and its ends. Those that stay come first.
    pub fn wants(&self) -> Option<(usize, Point, Point)> {
        let open = self.legs.iter().enumerate().find(|(_, leg)| !leg.is_found() && leg.from != leg.to);
        open.map(|(at, leg)| (at, leg.from, leg.to))
    }

    /// How a leg runs between two places: kept while it still begins at the first of them. Nothing where nobody could say:
    /// then it is straight.
    pub fn found(&mut self, at: usize, (from, to): (Point, Point), line: Option<Vec<Point>>) {
        if let Some(leg) = self.legs.get_mut(at).filter(|leg| leg.from == from) {
            let line = line.filter(|line| line.len() > 1).unwrap_or_else(|| vec![from, to]);
            leg.found = Some((from, to, line));
        }
    }

    /// The closed outline once all of it is known: sound, of at most as many vertices as a polygon may have. Nothing while
    /// it is not, and an error where it encloses nothing.
    pub fn closed(&self) -> Option<Result<Polygon, Nothing>> {
        if !self.closing || self.wants().is_some() {
            return None;
        }
        let points: Vec<Point> = self.lines().flatten().collect();
        let crossed = Polygon::new(points);
        let sound = |tolerance: f64| {
            // Where two legs run along the same edge for a while they enclose nothing.
            let rounded = Polygon::new(crossed.points.iter().map(|p| p.rounded()).collect());
            let parts = boolean::merged(&[&rounded]);
            let largest = parts.into_iter().max_by(|a, b| a.area().total_cmp(&b.area()))?;
            let mut outline =
                if tolerance > 0.0 { Polygon::new(largest.points).simplified(tolerance) } else { largest };
            outline.holes.clear();
            Some(outline).filter(|found| found.points.len() >= 3 && !self_intersects(&found.points))
        };
        let fits = |outline: &Polygon| outline.points.len() <= POLYGON_MAX_POINTS && outline.area() >= 1.0;
        let found = [0.0, 1.0, 2.0, 4.0, 8.0, 16.0].into_iter().filter_map(sound).find(fits);
        Some(found.ok_or(Nothing))
    }

    /// Where it was clicked.
    pub fn clicks(&self) -> impl Iterator<Item = Point> + '_ {
        self.legs
            .iter()
            .map(|leg| leg.found.as_ref().and_then(|(_, _, line)| line.first().copied()).unwrap_or(leg.from))
    }

    /// The lines as they run, as far as is known.
    pub fn lines(&self) -> impl Iterator<Item = Vec<Point>> + '_ {
        self.legs.iter().map(|leg| match &leg.found {
            Some((_, _, line)) => line.clone(),
            None => vec![leg.from, leg.to],
        })
    }
}

/// An outline encloses nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nothing;

#[cfg(test)]
mod tests {
    use super::*;

    const IMAGE: Size = Size { w: 100.0, h: 80.0 };

    fn at(x: f64, y: f64) -> Point {
        Point::new(x, y)
    }

    /// Clicked, and each leg found to run straight.
    fn traced(points: &[Point]) -> Trace {
        let mut trace = Trace::new(points[0], IMAGE);
        for p in &points[1..] {
            trace.click(*p, 4.0, IMAGE);
        }
        answer(&mut trace);
        trace
    }

    fn answer(trace: &mut Trace) {
        while let Some((n, from, to)) = trace.wants() {
            trace.found(n, (from, to), None);
        }
    }

    #[test]
    fn the_legs_that_stay_are_asked_for_first_and_then_the_one_to_the_pointer() {
        let mut trace = Trace::new(at(10.0, 10.0), IMAGE);
        assert_eq!(trace.wants(), None);
        trace.click(at(50.0, 10.0), 4.0, IMAGE);
        trace.hover(at(60.0, 20.0), IMAGE);
        assert_eq!(trace.wants(), Some((0, at(10.0, 10.0), at(50.0, 10.0))));
        let line = vec![at(10.5, 10.5), at(30.0, 15.0), at(50.5, 10.5)];
        trace.found(0, (at(10.0, 10.0), at(50.0, 10.0)), Some(line.clone()));
        assert_eq!(trace.wants(), Some((1, at(50.0, 10.0), at(60.0, 20.0))));
        // What comes too late for the pointer is shown, and asked for anew.
        trace.hover(at(70.0, 20.0), IMAGE);
        trace.found(1, (at(50.0, 10.0), at(60.0, 20.0)), None);
        assert_eq!(trace.wants(), Some((1, at(50.0, 10.0), at(70.0, 20.0))));
        assert_eq!(trace.lines().next(), Some(line));
        assert_eq!(trace.clicks().next(), Some(at(10.5, 10.5)));
        trace.found(1, (at(9.0, 9.0), at(8.0, 8.0)), Some(vec![at(0.0, 0.0), at(1.0, 1.0)]));
        assert_eq!(trace.lines().nth(1), Some(vec![at(50.0, 10.0), at(60.0, 20.0)]), "of another leg");
    }

    #[test]
    fn it_closes_on_the_first_place_or_by_key_and_waits_for_the_last_line() {
        for by_key in [true, false] {
            let mut trace = traced(&[at(10.0, 10.0), at(60.0, 10.0), at(60.0, 60.0)]);
            assert_eq!(trace.closed(), None);
            if by_key {
                assert!(trace.close());
            } else {
                trace.click(at(12.0, 11.0), 4.0, IMAGE);
            }
            assert_eq!(trace.closed(), None);
            assert_eq!(trace.wants(), Some((2, at(60.0, 60.0), at(10.0, 10.0))));
            trace.click(at(90.0, 70.0), 4.0, IMAGE);
            answer(&mut trace);
            assert_eq!(trace.closed().unwrap().unwrap().area(), 1_250.0);
        }
        assert!(!traced(&[at(10.0, 10.0), at(60.0, 10.0)]).close(), "two places enclose nothing");
    }

    #[test]
    fn it_is_led_through_places_without_a_pointer() {
        let own = RegionRef { control: "areas".into(), id: "r1".into() };
        let corners = [at(10.0, 10.0), at(60.0, 10.0), at(60.0, 60.0), at(10.0, 60.0)];
        let mut trace = Trace::through(&corners, Some(own.clone()), IMAGE).unwrap();
        assert_eq!((trace.clicks().count(), trace.onto()), (4, Some(&own)));
        assert_eq!(trace.closed(), None);
        answer(&mut trace);
        assert_eq!(trace.closed().unwrap().unwrap().area(), 2_500.0);
        assert_eq!(Trace::through(&corners[..2], None, IMAGE), None);
        assert_eq!(Trace::through(&[], None, IMAGE), None);
    }

    #[test]
    fn spurs_are_left_out() {
        let mut trace = traced(&[at(10.0, 10.0), at(60.0, 10.0), at(60.0, 60.0)]);
        trace.close();
        // The way back runs along the way there for a while.
        trace.found(2, (at(60.0, 60.0), at(10.0, 10.0)), Some(vec![at(60.0, 60.0), at(60.0, 40.0), at(10.0, 10.0)]));
        let outline = trace.closed().unwrap().unwrap();
        assert_eq!(outline.points.len(), 3);
        assert!(!self_intersects(&outline.points));
        let mut flat = traced(&[at(10.0, 10.0), at(60.0, 10.0), at(30.0, 10.0)]);
        flat.close();
        answer(&mut flat);
        assert_eq!(flat.closed(), Some(Err(Nothing)));
    }

    #[test]
    fn clicks_are_taken_back_one_by_one_and_a_double_click_is_one() {
        let mut trace = traced(&[at(10.0, 10.0), at(60.0, 10.0), at(60.0, 60.0), at(60.0, 60.4)]);
        assert_eq!(trace.clicks().count(), 3);
        trace.close();
        assert!(trace.back() && trace.back());
        assert_eq!(trace.clicks().collect::<Vec<_>>(), [at(10.0, 10.0)]);
        assert!(!trace.back());
    }

    #[test]
    fn the_tolerance_keeps_within_its_bounds_in_fine_steps_below_eight() {
        let wand = |tolerance| Wand { tolerance };
        assert_eq!((wand(24).resized(true), wand(24).resized(false)), (wand(28), wand(20)));
        assert_eq!((wand(8).resized(true), wand(8).resized(false)), (wand(12), wand(7)));
        assert_eq!((wand(0).resized(false), wand(254).resized(true)), (wand(0), wand(255)));
    }
}

//! Intelligent scissors, or live-wire (Mortensen and Barrett, SIGGRAPH 1995): the person clicks on a border, and from
//! there to the pointer a line lays itself along the strongest edges.
//!
//! A step from pixel to pixel costs little where an edge runs and the step runs with it:
//! `0.43·Z + 0.43·D + 0.14·G`, where Z is 0 on a zero crossing of the Laplacian, G falls with the gradient and D tells how
//! far the step is from the edge's direction. The cheapest ways from the clicked place to all others are found outwards
//! from it (Dijkstra) with a queue of buckets (Dial), and only as far as the pointer has been.

use super::View;
use crate::geometry::{Point, Size};

/// What each pixel costs, computed once for a view.
#[derive(Debug, Clone)]
pub struct Edges {
    size: Size,
    /// `0.43·Z + 0.14·G`, in units of which [`UNIT`] make 1.
    cost: Vec<u8>,
    /// The direction along the edge, a half turn in 32 parts; [`FLAT`] where there is none.
    along: Vec<u8>,
}

/// The cheapest ways from one place.
#[derive(Debug, Clone)]
pub struct Wire {
    /// The least cost to each pixel that was reached.
    total: Vec<u32>,
    /// The step by which each pixel was reached; [`HERE`] at the place itself, [`UNSEEN`] where none was.
    step: Vec<u8>,
    /// Whether the way to a pixel is settled.
    settled: Vec<bool>,
    /// Pixels to look at, by cost modulo the number of buckets.
    buckets: Vec<Vec<u32>>,
    at: u32,
    waiting: usize,
}

const UNIT: f32 = 128.0;
const FLAT: u8 = 255;
const PARTS: u8 = 32;
const HERE: u8 = 8;
const UNSEEN: u8 = 9;

/// No step costs more: (0.43 + 0.43 + 0.14) × √2 and one, in units.
const BUCKETS: u32 = 256;

/// The eight steps, clockwise from the right, as (x, y), with the direction of each in parts of a half turn.
const STEPS: [(i32, i32, u8); 8] =
    [(1, 0, 0), (1, 1, 8), (0, 1, 16), (-1, 1, 24), (-1, 0, 0), (-1, -1, 8), (0, -1, 16), (1, -1, 24)];

impl Edges {
    /// The edges of a view.
    pub fn of(view: &View<'_>) -> Edges {
        let size = view.size();
        let (width, height) = (size.width as usize, size.height as usize);
        let light = smoothed(&view.lightness(), width, height);
        let count = width * height;
        let (mut strength, mut along, mut laplacian) = (vec![0_u16; count], vec![FLAT; count], vec![0_i16; count]);
        let mut strongest = 1_u16;
        for y in 1..height.saturating_sub(1) {
            let row = |y: usize| light.get(y * width..(y + 1) * width).unwrap_or_default();
            let (above, here, below) = (row(y - 1), row(y), row(y + 1));
            let windows = above.windows(3).zip(here.windows(3)).zip(below.windows(3)).enumerate();
            for (x, ((above, here), below)) in windows {
                let ([a, b, c], [d, e, f], [g, h, i]) = (cast(above), cast(here), cast(below));
                // Sobel's gradient; the light was multiplied by 16 in smoothing, which is taken off again.
                let gx = ((c + 2 * f + i) - (a + 2 * d + g)) / 16;
                let gy = ((g + 2 * h + i) - (a + 2 * b + c)) / 16;
                let at = y * width + x + 1;
                let magnitude = ((gx * gx + gy * gy) as f32).sqrt() as u16;
                if let (Some(strength), Some(along), Some(laplacian)) =
                    (strength.get_mut(at), along.get_mut(at), laplacian.get_mut(at))
                {
                    *strength = magnitude;
                    strongest = strongest.max(magnitude);
                    if magnitude > 0 {
                        *along = part_of(gx, gy);
                    }
                    *laplacian = ((b + d + f + h) - 4 * e) as i16;
                }
            }
        }
        let mut cost = vec![(0.57 * UNIT) as u8; count];
        let scale = 0.14 * UNIT / f32::from(strongest);
        for y in 1..height.saturating_sub(1) {
            for x in 1..width.saturating_sub(1) {
                let at = y * width + x;
                let (Some(own), Some(strength)) = (laplacian.get(at), strength.get(at)) else { continue };
                let across = |other: usize| {
                    laplacian.get(other).is_some_and(|other| {
                        // The sign changes here, and this pixel is the nearer one to zero.
                        own.signum() * other.signum() < 0 && own.unsigned_abs() <= other.unsigned_abs()
                    })
                };
                let crossing = *strength > 2
                    && (*own == 0 || across(at - 1) || across(at + 1) || across(at - width) || across(at + width));
                let zero = if crossing { 0.0 } else { 0.43 * UNIT };
                if let Some(cost) = cost.get_mut(at) {
                    *cost = (zero + 0.14 * UNIT - f32::from(*strength) * scale) as u8;
                }
            }
        }
        Edges { size, cost, along }
    }

    /// The size of the view.
    pub fn size(&self) -> Size {
        self.size
    }

    /// The pixel with the strongest edge no further than `reach` pixels away: where a click near a border means to be.
    pub fn strongest_near(&self, x: u32, y: u32, reach: u32) -> (u32, u32) {
        let reach = reach.min(64);
        let Size { width, height } = self.size;
        let columns = x.saturating_sub(reach)..width.min(x.saturating_add(reach).saturating_add(1));
        let near = columns.flat_map(|column| {
            let rows = y.saturating_sub(reach)..height.min(y.saturating_add(reach).saturating_add(1));
            rows.map(move |row| (column, row))
        });
        let rank = |(column, row): &(u32, u32)| {
            let cost = self.cost.get(*row as usize * width as usize + *column as usize).copied().unwrap_or(u8::MAX);
            (cost, column.abs_diff(x) + row.abs_diff(y))
        };
        near.min_by_key(rank).unwrap_or((x, y))
    }

    /// Begins at a place; nothing beyond the border.
    pub fn wire(&self, x: u32, y: u32) -> Option<Wire> {
        let Size { width, height } = self.size;
        if x >= width || y >= height || u32::try_from(self.size.pixels()).is_err() {
            return None;
        }
        let count = self.cost.len();
        let at = y as usize * width as usize + x as usize;
        let mut wire = Wire {
            total: vec![u32::MAX; count],
            step: vec![UNSEEN; count],
            settled: vec![false; count],
            buckets: vec![Vec::new(); BUCKETS as usize],
            at: 0,
            waiting: 1,
        };
        *wire.total.get_mut(at)? = 0;
        *wire.step.get_mut(at)? = HERE;
        wire.buckets.first_mut()?.push(at as u32);
        Some(wire)
    }

    fn step_cost(&self, from: usize, to: usize, direction: u8, slanted: bool) -> u32 {
        let cost = u32::from(self.cost.get(to).copied().unwrap_or(u8::MAX));
        let off = |at: usize| match self.along.get(at) {
            Some(&along) if along != FLAT => {
                let apart = along.abs_diff(direction);
                u32::from(apart.min(PARTS - apart))
            }
            _ => u32::from(PARTS / 2),
        };
        // Two angles of at most a quarter turn, 16 parts each: 0.43 × 128 = 55 units for both at their most.
        let cost = cost + (off(from) + off(to)) * 55 / u32::from(PARTS) + 1;
        if slanted { cost * 181 / 128 } else { cost }
    }
}

impl Wire {
    /// The line from the begun place to another, through the middles of pixels, corners only. It looks at no more than
    /// `most` pixels further than before; nothing where that did not suffice, and then asking again goes on from there.
    pub fn to(&mut self, edges: &Edges, x: u32, y: u32, most: usize) -> Option<Vec<Point>> {
        let Size { width, height } = edges.size;
        if x >= width || y >= height || self.total.len() != edges.cost.len() {
            return None;
        }
        let goal = y as usize * width as usize + x as usize;
        self.spread(edges, goal, most);
        if self.settled.get(goal) == Some(&true) { self.way(width as usize, goal) } else { None }
    }

    fn spread(&mut self, edges: &Edges, goal: usize, most: usize) {
        let (width, height) = (edges.size.width as usize, edges.size.height as usize);
        let mut looked = 0;
        while looked < most && self.waiting > 0 && self.settled.get(goal) == Some(&false) {
            let Some(bucket) = self.buckets.get_mut((self.at % BUCKETS) as usize) else { return };
            let Some(here) = bucket.pop() else {
                self.at += 1;
                continue;
            };
            self.waiting -= 1;
            let from = here as usize;
            let (Some(settled), Some(&total)) = (self.settled.get_mut(from), self.total.get(from)) else { continue };
            // An entry left behind when a cheaper way was found.
            if std::mem::replace(settled, true) {
                continue;
            }
            looked += 1;
            let (x, y) = (from % width, from / width);
            for (n, (dx, dy, direction)) in STEPS.iter().enumerate() {
                let (Some(x), Some(y)) = (x.checked_add_signed(*dx as isize), y.checked_add_signed(*dy as isize))
                else {
                    continue;
                };
                let to = y * width + x;
                if x >= width || y >= height || self.settled.get(to) != Some(&false) {
                    continue;
                }
                let reached = total + edges.step_cost(from, to, *direction, n % 2 == 1);
                let Some(best) = self.total.get_mut(to).filter(|best| reached < **best) else { continue };
                *best = reached;
                if let (Some(step), Some(bucket)) =
                    (self.step.get_mut(to), self.buckets.get_mut((reached % BUCKETS) as usize))
                {
                    *step = n as u8;
                    bucket.push(to as u32);
                    self.waiting += 1;
                }
            }
        }
    }

    fn way(&self, width: usize, goal: usize) -> Option<Vec<Point>> {
        let middle = |at: usize| Point::new((at % width) as f64 + 0.5, (at / width) as f64 + 0.5);
        let mut at = goal;
        let mut line = vec![middle(at)];
        let mut before = UNSEEN;
        loop {
            let step = *self.step.get(at)?;
            let Some((dx, dy, _)) = STEPS.get(usize::from(step)) else { break };
            // In a straight run only the ends are vertices.
            if step == before {
                line.pop();
            }
            let back = i64::try_from(at).ok()? - i64::from(*dy) * i64::try_from(width).ok()? - i64::from(*dx);
            at = usize::try_from(back).ok()?;
            line.push(middle(at));
            before = step;
        }
        line.reverse();
        Some(line)
    }
}

/// The binomial 3 × 3 blur times 16; borders are left dark, as no edge is looked for there.
fn smoothed(light: &[u8], width: usize, height: usize) -> Vec<u16> {
    let across: Vec<u16> = light
        .chunks_exact(width.max(1))
        .flat_map(|row| {
            let at = |x: usize| row.get(x.min(width.saturating_sub(1))).copied().map_or(0, u16::from);
            (0..width).map(move |x| at(x.saturating_sub(1)) + 2 * at(x) + at(x + 1))
        })
        .collect();
    let mut out = vec![0; across.len()];
    for y in 0..height {
        let row = |y: usize| across.get(y * width..(y + 1) * width).unwrap_or_default();
        let (above, here, below) = (row(y.saturating_sub(1)), row(y), row((y + 1).min(height - 1)));
        let Some(into) = out.get_mut(y * width..(y + 1) * width) else { continue };
        for (((into, above), here), below) in into.iter_mut().zip(above).zip(here).zip(below) {
            *into = above + 2 * here + below;
        }
    }
    out
}

fn cast(three: &[u16]) -> [i32; 3] {
    match three {
        [a, b, c] => [i32::from(*a), i32::from(*b), i32::from(*c)],
        _ => [0; 3],
    }
}

/// The direction along an edge with this gradient, in parts of a half turn from the right, clockwise. Which of the
/// eight parts of an eighth of a turn it is follows from comparing with their tangents: an arc tangent for each of two
/// million pixels would take longer than all the rest.
fn part_of(gx: i32, gy: i32) -> u8 {
    // Across the gradient: (−gy, gx), turned to go down.
    let (x, y) = if gx < 0 { (gy, -gx) } else { (-gy, gx) };
    let (wide, high) = (x.abs(), y);
    // 65,536 × the tangents half way between the parts of an eighth of a turn.
    // A gradient has at most 1,020 each way, so nothing overflows.
    const BETWEEN: [i32; 8] = [3_220, 9_721, 16_416, 23_449, 30_996, 39_281, 48_605, 59_398];
    let (short, long) = (wide.min(high), wide.max(high));
    let within = BETWEEN.iter().filter(|tangent| short * 65_536 > long * **tangent).count() as u8;
    let from_level = if high > wide { 16 - within } else { within };
    (if x < 0 { PARTS - from_level } else { from_level }) % PARTS
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A light disc on dark ground.
    fn disc(size: Size, radius: f64) -> Vec<u8> {
        let centre = Point::new(f64::from(size.width) / 2.0, f64::from(size.height) / 2.0);
        let each = (0..size.height).flat_map(|y| (0..size.width).map(move |x| (x, y)));
        each.map(|(x, y)| {
            let p = Point::new(f64::from(x) + 0.5, f64::from(y) + 0.5);
            if p.distance(centre) < radius { 200 } else { 60 }
        })
        .collect()
    }

    #[test]
    fn the_line_follows_the_border_and_not_the_straight_way() {
        let size = Size::new(100, 100);
        let bytes = disc(size, 30.0);
        let edges = Edges::of(&View::grey(size, &bytes).unwrap());
        let (x, y) = edges.strongest_near(22, 50, 4);
        let mut wire = edges.wire(x, y).unwrap();
        let (to_x, to_y) = edges.strongest_near(50, 22, 4);
        let line = wire.to(&edges, to_x, to_y, usize::MAX).unwrap();
        assert_eq!(line.first(), Some(&Point::new(f64::from(x) + 0.5, f64::from(y) + 0.5)));
        assert_eq!(line.last(), Some(&Point::new(f64::from(to_x) + 0.5, f64::from(to_y) + 0.5)));
        let centre = Point::new(50.0, 50.0);
        for (a, b) in line.iter().zip(line.iter().skip(1)) {
            for share in [0.0, 0.25, 0.5, 0.75, 1.0] {
                let off = a.toward(*b, share).distance(centre) - 30.0;
                assert!(off.abs() < 2.0, "{off} off the border");
            }
        }
    }

    #[test]
    fn it_stops_when_told_and_goes_on() {
        let size = Size::new(60, 60);
        let bytes = disc(size, 20.0);
        let edges = Edges::of(&View::grey(size, &bytes).unwrap());
        let mut wire = edges.wire(0, 0).unwrap();
        let mut asked = 0;
        let line = loop {
            asked += 1;
            if let Some(line) = wire.to(&edges, 59, 59, 500) {
                break line;
            }
        };
        assert!((2..=8).contains(&asked), "{asked}");
        assert_eq!(Some(line), edges.wire(0, 0).unwrap().to(&edges, 59, 59, usize::MAX), "the same line");
        assert!(edges.wire(60, 0).is_none() && wire.to(&edges, 60, 0, 9).is_none());
    }

    proptest! {
        #[test]
        fn directions_are_those_of_the_arc_tangent(gx in -1_020..=1_020_i32, gy in -1_020..=1_020_i32) {
            prop_assume!(gx != 0 || gy != 0);
            let exact = f64::from(gx).atan2(f64::from(-gy)) / std::f64::consts::PI * f64::from(PARTS);
            let apart = (f64::from(part_of(gx, gy)) - exact).rem_euclid(f64::from(PARTS));
            prop_assert!(apart.min(f64::from(PARTS) - apart) < 0.51);
        }

        #[test]
        fn every_line_is_one_of_least_cost(
            bytes in prop::collection::vec(any::<u8>(), 63), from in 0..63_usize, to in 0..63_usize,
        ) {
            let size = Size::new(9, 7);
            let edges = Edges::of(&View::grey(size, &bytes).unwrap());
            let mut wire = edges.wire((from % 9) as u32, (from / 9) as u32).unwrap();
            prop_assert!(wire.to(&edges, (to % 9) as u32, (to / 9) as u32, usize::MAX).is_some());
            // Bellman and Ford's rounds over all steps, as the definition has it.
            let mut best = vec![u32::MAX; 63];
            best[from] = 0;
            for _ in 0..63 {
                for at in 0..63 {
                    if best[at] == u32::MAX { continue; }
                    for (n, (dx, dy, direction)) in STEPS.iter().enumerate() {
                        let (x, y) = ((at % 9) as i32 + dx, (at / 9) as i32 + dy);
                        if (0..9).contains(&x) && (0..7).contains(&y) {
                            let next = (y * 9 + x) as usize;
                            let cost = edges.step_cost(at, next, *direction, n % 2 == 1);
                            prop_assert!(cost > 0 && cost < BUCKETS);
                            best[next] = best[next].min(best[at] + cost);
                        }
                    }
                }
            }
            prop_assert_eq!(wire.total[to], best[to]);
        }

        #[test]
        fn no_view_makes_it_panic(width in 0..5_u32, height in 0..5_u32, byte in any::<u8>()) {
            let size = Size::new(width, height);
            let bytes = vec![byte; size.pixels() as usize];
            let edges = Edges::of(&View::grey(size, &bytes).unwrap());
            if let Some(mut wire) = edges.wire(0, 0) {
                prop_assert!(wire.to(&edges, width - 1, height - 1, usize::MAX).is_some());
            }
        }
    }
}

//! An object cut out of its box: GrabCut (Rother, Kolmogorov and Blake, SIGGRAPH 2004) made quick.
//!
//! All beyond the box is ground. Colours of object and ground are learnt as histograms (as Boykov and Jolly 2001 did; the
//! mixtures of GrabCut cost more and gain little on one box), the pixels are parted at least cost ([`super::flow`]), and
//! both are repeated until nothing changes. This happens on a shrunken view first; then only the band along the found
//! border is parted again on the pixels themselves (Lombaert and others 2005).

use super::View;
use super::flow::Net;
use crate::geometry::{Mask, Rect, Size, mask::Join};

/// What the person has said already, beyond the box.
#[derive(Debug, Clone, Copy, Default)]
pub struct Hints<'a> {
    /// Surely the object: painted with the brush.
    pub object: Option<&'a Mask>,
    /// Surely not.
    pub ground: Option<&'a Mask>,
}

/// The most cells of the shrunken view.
const COARSE: usize = 8_000;
/// The most cells of the view on which the band is parted, and of the band itself.
const FINE: usize = 600_000;
const BAND: usize = 30_000;
/// Rounds of learning and parting.
const ROUNDS: usize = 4;
/// Costs are whole numbers: so many make one natural unit of likelihood.
const UNIT: f32 = 32.0;
/// What parting two equal neighbours costs, in natural units; GrabCut's 50 is for mixtures, histograms speak lower.
const SMOOTH: f32 = 12.0;

/// The pixels of the object in a box. Empty where nothing in the box differs from what is around it.
pub fn cut_out(view: &View<'_>, area: Rect, hints: Hints<'_>) -> Mask {
    let size = view.size();
    let Some(area) = area.shared(Rect::whole(size)).filter(|_| area.is_finite()) else { return Mask::empty(size) };
    // Some ground on every side to learn from.
    let margin = (area.w.max(area.h) * 0.3).clamp(6.0, 400.0);
    let Some(region) = area.grown(margin).shared(Rect::whole(size)) else { return Mask::empty(size) };
    let region = Region {
        left: region.x.floor() as u32,
        top: region.y.floor() as u32,
        right: (region.right().ceil() as u32).min(size.width),
        bottom: (region.bottom().ceil() as u32).min(size.height),
    };
    let scale = region.scale_for(COARSE);
    let coarse = Cells::of(view, region, scale);
    let known = coarse.known(area, hints);
    let Some((labels, models)) = learn(&coarse, &known, area) else { return Mask::empty(size) };
    let mut fine_scale = region.scale_for(FINE);
    loop {
        if fine_scale >= scale {
            return coarse.mask(size, &labels, &known);
        }
        let fine = Cells::of(view, region, fine_scale);
        let mut known_fine = fine.known(area, hints);
        fine.narrow(&mut known_fine, &coarse, &labels);
        if known_fine.iter().filter(|known| **known == Known::Open).count() > BAND {
            // A border as long as that is parted on cells of some pixels.
            fine_scale += 1;
            continue;
        }
        let labels = part(&fine, &known_fine, &models);
        return fine.mask(size, &labels, &known_fine);
    }
}

#[derive(Debug, Clone, Copy)]
struct Region {
    left: u32,
    top: u32,
    right: u32,
    bottom: u32,
}

impl Region {
    /// The least whole scale at which the region has at most so many cells.
    fn scale_for(self, most: usize) -> u32 {
        let (width, height) = (u64::from(self.right - self.left), u64::from(self.bottom - self.top));
        let mut scale = ((width * height / most as u64).isqrt() as u32).max(1);
        while width.div_ceil(scale.into()) * height.div_ceil(scale.into()) > most as u64 {
            scale += 1;
        }
        scale
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Known {
    Open,
    Object,
    Ground,
}

/// A region in square cells of some pixels, each of its mean colour.
struct Cells {
    region: Region,
    scale: u32,
    width: usize,
    height: usize,
    colors: Vec<[u8; 3]>,
}

/// The neighbours, so that the opposite of each is 4 further; and whether it is slanted.
const NEAR: [(isize, isize); 8] = [(1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1)];

impl Cells {
    fn of(view: &View<'_>, region: Region, scale: u32) -> Cells {
        let width = (region.right - region.left).div_ceil(scale) as usize;
        let height = (region.bottom - region.top).div_ceil(scale) as usize;
        let mut sums = vec![[0_u32; 4]; width * height];
        let rows = view.rows().enumerate().skip(region.top as usize).take((region.bottom - region.top) as usize);
        for (y, row) in rows {
            let line = (y - region.top as usize) / scale as usize * width;
            let from = region.left as usize * view.depth;
            let row = row.get(from..region.right as usize * view.depth).unwrap_or_default();
            for (x, pixel) in row.chunks_exact(view.depth).enumerate() {
                let Some(sum) = sums.get_mut(line + x / scale as usize) else { continue };
                let color = match pixel {
                    [red, green, blue, ..] => [*red, *green, *blue],
                    [grey, ..] => [*grey; 3],
                    [] => [0; 3],
                };
                for (sum, channel) in sum.iter_mut().zip(color) {
                    *sum += u32::from(channel);
                }
                if let Some(count) = sum.last_mut() {
                    *count += 1;
                }
            }
        }
        let mean = |[red, green, blue, count]: [u32; 4]| [red, green, blue].map(|sum| (sum / count.max(1)) as u8);
        Cells { region, scale, width, height, colors: sums.into_iter().map(mean).collect() }
    }

    /// Where the middle of a cell is, in pixels.
    fn middle(&self, n: usize) -> (f64, f64) {
        let scale = f64::from(self.scale);
        let at = |n: usize, from: u32, to: u32| (f64::from(from) + (n as f64 + 0.5) * scale).min(f64::from(to) - 0.5);
        (
            at(n % self.width, self.region.left, self.region.right),
            at(n / self.width, self.region.top, self.region.bottom),
        )
    }

    fn known(&self, area: Rect, hints: Hints<'_>) -> Vec<Known> {
        let rows = |mask: Option<&Mask>| mask.filter(|mask| !mask.is_empty()).map(Mask::to_rows_sized);
        let (object, ground) = (rows(hints.object), rows(hints.ground));
        let says = |rows: &Option<(Size, Vec<u8>)>, x: f64, y: f64| {
            rows.as_ref().is_some_and(|(size, rows)| {
                let within = (x as u32) < size.width && (y as u32) < size.height;
                within && rows.get(y as usize * size.width as usize + x as usize) == Some(&1)
            })
        };
        (0..self.colors.len())
            .map(|n| {
                let (x, y) = self.middle(n);
                if x < area.x || y < area.y || x > area.right() || y > area.bottom() || says(&ground, x, y) {
                    Known::Ground
                } else if says(&object, x, y) {
                    Known::Object
                } else {
                    Known::Open
                }
            })
            .collect()
    }

    /// Leaves open only what lies within a cell of the coarse border; the rest is known from there.
    fn narrow(&self, known: &mut [Known], coarse: &Cells, labels: &[bool]) {
        let label = |x: isize, y: isize| {
            let within = x >= 0 && y >= 0 && x < coarse.width as isize && y < coarse.height as isize;
            within && labels.get(y as usize * coarse.width + x as usize) == Some(&true)
        };
        let near_border: Vec<bool> = (0..coarse.colors.len())
            .map(|n| {
                let (x, y) = ((n % coarse.width) as isize, (n / coarse.width) as isize);
                NEAR.iter().any(|(dx, dy)| label(x + dx, y + dy) != label(x, y))
            })
            .collect();
        for (n, known) in known.iter_mut().enumerate().filter(|(_, known)| **known == Known::Open) {
            let (x, y) = self.middle(n);
            let column = (x - f64::from(coarse.region.left)) as usize / coarse.scale as usize;
            let row = (y - f64::from(coarse.region.top)) as usize / coarse.scale as usize;
            let at = row * coarse.width + column;
            if near_border.get(at) == Some(&false) {
                *known = if labels.get(at) == Some(&true) { Known::Object } else { Known::Ground };
            }
        }
    }

    fn mask(&self, size: Size, labels: &[bool], known: &[Known]) -> Mask {
        let held = labels.iter().zip(known).map(|(label, known)| u8::from(*label && *known != Known::Ground));
        let pixels: Vec<u8> = held.collect();
        let own = Size::new(self.width as u32, self.height as u32);
        let Some(found) = Mask::from_rows(own, &pixels) else { return Mask::empty(size) };
        let placed = found.placed(size, self.region.left, self.region.top, self.scale);
        // Cells at the far side may stand out by a part of a cell.
        let within = Rect {
            x: self.region.left.into(),
            y: self.region.top.into(),
            w: (self.region.right - self.region.left).into(),
            h: (self.region.bottom - self.region.top).into(),
        };
        placed.joined(&Mask::of_rings(size, [within.corners().as_slice()].into_iter()), Join::And)
    }

    /// `1 / (2·mean of squared differences of neighbours)`: what counts as a strong edge depends on the picture.
    fn contrast(&self) -> f32 {
        let (mut sum, mut count) = (0_u64, 0_u64);
        let pairs = self.colors.iter().zip(self.colors.iter().skip(1));
        let below = self.colors.iter().zip(self.colors.iter().skip(self.width));
        for (a, b) in pairs.chain(below) {
            sum += u64::from(apart(*a, *b));
            count += 1;
        }
        if sum == 0 { 0.0 } else { count as f32 / (2.0 * sum as f32) }
    }
}

fn apart(a: [u8; 3], b: [u8; 3]) -> u32 {
    a.iter().zip(b).map(|(a, b)| u32::from(a.abs_diff(b)).pow(2)).sum()
}

/// How likely each colour is, of the object and of the ground: 16 steps of each channel.
struct Models {
    object: Vec<i32>,
    ground: Vec<i32>,
}

const STEPS: usize = 16;

fn bin([red, green, blue]: [u8; 3]) -> usize {
    (usize::from(red) >> 4) * STEPS * STEPS + (usize::from(green) >> 4) * STEPS + (usize::from(blue) >> 4)
}

impl Models {
    /// Costs (−ln of likelihood) from weights of each cell as object and as ground.
    fn learn(cells: &Cells, weights: impl Iterator<Item = (f32, f32)>) -> Option<Models> {
        let (mut object, mut ground) = (vec![0.0_f32; STEPS.pow(3)], vec![0.0_f32; STEPS.pow(3)]);
        for (color, (as_object, as_ground)) in cells.colors.iter().zip(weights) {
            let bin = bin(*color);
            if let (Some(object), Some(ground)) = (object.get_mut(bin), ground.get_mut(bin)) {
                *object += as_object;
                *ground += as_ground;
            }
        }
        let costs = |counts: Vec<f32>| {
            let total: f32 = counts.iter().sum();
            (total > 0.0).then(|| {
                let spread = spread(counts);
                let total: f32 = spread.iter().sum();
                // No colour is impossible: one that was never seen is as likely as in an even mixture of one in 50.
                let floor = 0.02 / STEPS.pow(3) as f32;
                spread.iter().map(|n| (-(n / total * 0.98 + floor).ln() * UNIT) as i32).collect()
            })
        };
        Some(Models { object: costs(object)?, ground: costs(ground)? })
    }

    fn lean(&self, color: [u8; 3]) -> i32 {
        let bin = bin(color);
        self.ground.get(bin).copied().unwrap_or_default() - self.object.get(bin).copied().unwrap_or_default()
    }
}

/// Each count shared with its neighbours along every channel, 1 : 2 : 1, so that noise does not fall between bins.
fn spread(mut counts: Vec<f32>) -> Vec<f32> {
    for stride in [1, STEPS, STEPS * STEPS] {
        let before = counts.clone();
        for (n, count) in counts.iter_mut().enumerate() {
            let step = n / stride % STEPS;
            let at = |n: usize| before.get(n).copied().unwrap_or_default();
            let lower = if step > 0 { at(n - stride) } else { at(n) };
            let upper = if step + 1 < STEPS { at(n + stride) } else { at(n) };
            *count = (lower + 2.0 * at(n) + upper) / 4.0;
        }
    }
    counts
}

fn learn(cells: &Cells, known: &[Known], area: Rect) -> Option<(Vec<bool>, Models)> {
    // At first the object is thought to be in the middle: full weight there, none at the border of the box.
    let central = |n: usize| {
        let (x, y) = cells.middle(n);
        let along = |at: f64, from: f64, length: f64| (1.0 - ((at - from) / length * 2.0 - 1.0).abs()).clamp(0.0, 1.0);
        (along(x, area.x, area.w) * along(y, area.y, area.h)) as f32
    };
    let first = known.iter().enumerate().map(|(n, known)| match known {
        Known::Object => (1.0, 0.0),
        Known::Ground => (0.0, 1.0),
        Known::Open => (central(n), 0.0),
    });
    let mut models = Models::learn(cells, first)?;
    let mut labels = part(cells, known, &models);
    for _ in 1..ROUNDS {
        let weights = labels.iter().map(|object| if *object { (1.0, 0.0) } else { (0.0, 1.0) });
        models = Models::learn(cells, weights)?;
        let next = part(cells, known, &models);
        if next == labels {
            break;
        }
        labels = next;
    }
    labels.contains(&true).then_some((labels, models))
}

fn part(cells: &Cells, known: &[Known], models: &Models) -> Vec<bool> {
    let mut place = vec![usize::MAX; known.len()];
    let mut open: Vec<usize> = Vec::new();
    for (n, place) in place.iter_mut().enumerate() {
        if known.get(n) == Some(&Known::Open) {
            *place = open.len();
            open.push(n);
        }
    }
    let contrast = cells.contrast();
    // exp(−x) in steps of a 32th up to 8, beyond which there is nothing to smooth.
    let fall: Vec<f32> = (0..=256).map(|n| (-(n as f32) / 32.0).exp()).collect();
    let cost = |a: [u8; 3], b: [u8; 3], slanted: bool| {
        let step = (apart(a, b) as f32 * contrast * 32.0) as usize;
        let smooth = SMOOTH * fall.get(step).copied().unwrap_or_default() + 0.5;
        (smooth * UNIT * if slanted { std::f32::consts::FRAC_1_SQRT_2 } else { 1.0 }) as i32
    };
    let mut net = Net::new(open.len());
    for (own, &n) in open.iter().enumerate() {
        let (x, y) = ((n % cells.width) as isize, (n / cells.width) as isize);
        let Some(&color) = cells.colors.get(n) else { continue };
        net.lean(own, models.lean(color));
        for (direction, (dx, dy)) in NEAR.iter().enumerate() {
            let (x, y) = (x + dx, y + dy);
            if x < 0 || y < 0 || x >= cells.width as isize || y >= cells.height as isize {
                continue;
            }
            let other = y as usize * cells.width + x as usize;
            let (Some(known), Some(theirs), Some(place)) =
                (known.get(other), cells.colors.get(other), place.get(other))
            else {
                continue;
            };
            let cost = || cost(color, *theirs, direction % 2 == 1);
            match known {
                Known::Object => net.lean(own, cost()),
                Known::Ground => net.lean(own, -cost()),
                // Each pair once.
                Known::Open if direction < 4 => net.join(own, direction, *place, cost()),
                Known::Open => {}
            }
        }
    }
    let mut labels: Vec<bool> = known.iter().map(|known| *known == Known::Object).collect();
    for (n, object) in open.into_iter().zip(net.cut()) {
        if let Some(label) = labels.get_mut(n) {
            *label = object;
        }
    }
    labels
}

impl Mask {
    fn to_rows_sized(&self) -> (Size, Vec<u8>) {
        (self.size(), self.to_rows())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{Ellipse, Point};
    use proptest::prelude::*;

    /// A reddish ellipse on greenish ground, both with grain, from a mixing function.
    fn scene(size: Size, ellipse: Ellipse, grain: u32) -> (Vec<u8>, Mask) {
        let truth = Mask::of_ellipse(size, ellipse);
        let rows = truth.to_rows();
        let mut bytes = Vec::with_capacity(rows.len() * 4);
        for (n, inside) in rows.iter().enumerate() {
            let noise = ((n as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as u32 % (grain + 1);
            let base: [u32; 3] = if *inside == 1 { [150, 70, 60] } else { [80, 120, 70] };
            bytes.extend(base.map(|channel| (channel + noise) as u8));
            bytes.push(255);
        }
        (bytes, truth)
    }

    #[test]
    fn an_ellipse_is_found_in_a_loose_box() {
        for (size, ellipse) in [
            (Size::new(120, 90), Ellipse { cx: 60.0, cy: 45.0, rx: 30.0, ry: 18.0, angle: 20.0 }),
            (Size::new(700, 500), Ellipse { cx: 350.0, cy: 260.0, rx: 210.0, ry: 120.0, angle: 130.0 }),
        ] {
            let (bytes, truth) = scene(size, ellipse, 40);
            let view = View::rgba(size, &bytes).unwrap();
            let loose = ellipse.bounds().grown(ellipse.bounds().w * 0.12);
            let found = cut_out(&view, loose, Hints::default());
            assert!(found.iou(&truth) > 0.97, "{}", found.iou(&truth));
        }
    }

    #[test]
    fn hints_are_kept() {
        let size = Size::new(120, 90);
        let (bytes, _) = scene(size, Ellipse { cx: 60.0, cy: 45.0, rx: 30.0, ry: 18.0, angle: 0.0 }, 20);
        let view = View::rgba(size, &bytes).unwrap();
        let area = Rect { x: 20.0, y: 15.0, w: 80.0, h: 60.0 };
        let ground = Mask::of_stroke(size, &[Point::new(60.0, 35.0), Point::new(60.0, 55.0)], 4.0);
        let object = Mask::of_stroke(size, &[Point::new(24.0, 20.0), Point::new(30.0, 20.0)], 3.0);
        let found = cut_out(&view, area, Hints { object: Some(&object), ground: Some(&ground) });
        assert_eq!(found.shared_area(&ground), 0);
        assert_eq!(found.shared_area(&object), object.area());
    }

    #[test]
    fn nothing_is_found_outside_and_in_an_even_picture() {
        let size = Size::new(40, 30);
        let even = vec![120; 40 * 30 * 4];
        let view = View::rgba(size, &even).unwrap();
        assert!(cut_out(&view, Rect { x: 90.0, y: 0.0, w: 9.0, h: 9.0 }, Hints::default()).is_empty());
        assert!(cut_out(&view, Rect { x: f64::NAN, y: 0.0, w: 9.0, h: 9.0 }, Hints::default()).is_empty());
        assert!(cut_out(&view, Rect { x: 10.0, y: 10.0, w: 9.0, h: 9.0 }, Hints::default()).is_empty());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]

        #[test]
        fn whatever_is_found_lies_in_the_box(
            bytes in prop::collection::vec(any::<u8>(), 20 * 15), x in 0.0..15.0f64, y in 0.0..10.0f64, w in 1.0..30.0f64, h in 1.0..30.0f64,
        ) {
            let size = Size::new(20, 15);
            let view = View::grey(size, &bytes).unwrap();
            let area = Rect { x, y, w, h };
            for strip in cut_out(&view, area, Hints::default()).strips() {
                prop_assert!(area.grown(0.5).contains(Point::new(f64::from(strip.x) + 0.5, f64::from(strip.top) + 0.5)));
                prop_assert!(area.grown(0.5).contains(Point::new(f64::from(strip.x) + 0.5, f64::from(strip.bottom) - 0.5)));
            }
        }
    }
}

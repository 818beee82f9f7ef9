//! Where the image lies on the screen: zoom and shift. Points of the screen and of the image are different types, so that
//! one is never taken for the other. It draws nothing.

use domain::geometry::Point;

/// A point in CSS pixels from the stage's top left corner.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ScreenPoint {
    /// From the left edge.
    pub x: f64,
    /// From the top edge.
    pub y: f64,
}

/// A width and a height, of the image in its own pixels or of the stage in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Size {
    /// Width.
    pub w: f64,
    /// Height.
    pub h: f64,
}

/// `screen = image × scale + shift`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Viewport {
    /// CSS pixels for each pixel of the image.
    pub scale: f64,
    /// Where the image's left edge lies on the stage.
    pub x: f64,
    /// Where the image's top edge lies on the stage.
    pub y: f64,
}

/// The most that one can zoom in.
pub const SCALE_MAX: f64 = 40.0;
/// The most that one can zoom out.
pub const SCALE_MIN: f64 = 0.005;
/// One step of the zoom keys.
pub const ZOOM_STEP: f64 = 1.25;
/// The stage's free border around a fitted image.
const MARGIN: f64 = 12.0;
/// A point that is to be seen lies at least so far from the stage's edge: less than the border of a fitted image.
const BORDER: f64 = 8.0;
/// At least so much of the image stays on the stage.
const GRIP: f64 = 48.0;

impl Default for Viewport {
    fn default() -> Self {
        Self { scale: 1.0, x: 0.0, y: 0.0 }
    }
}

impl Viewport {
    /// The whole image, as large as the stage allows, but never above its own size times four.
    pub fn fit(image: Size, stage: Size) -> Self {
        let room = |stage: f64, image: f64| (stage - 2.0 * MARGIN).max(1.0) / image.max(1.0);
        let scale = room(stage.w, image.w).min(room(stage.h, image.h)).clamp(SCALE_MIN, 4.0);
        Self { scale, x: (stage.w - image.w * scale) / 2.0, y: (stage.h - image.h * scale) / 2.0 }
    }

    /// One pixel of the image on one CSS pixel; what lies under `at` stays there.
    pub fn actual(self, at: ScreenPoint) -> Self {
        self.zoom(at, 1.0 / self.scale)
    }

    /// Zooms by a factor; what lies under `at` stays there.
    pub fn zoom(self, at: ScreenPoint, factor: f64) -> Self {
        let scale = (self.scale * factor).clamp(SCALE_MIN, SCALE_MAX);
        let fixed = self.to_image(at);
        Self { scale, x: at.x - fixed.x * scale, y: at.y - fixed.y * scale }
    }

    /// Shifts the image by a distance on the screen.
    pub fn pan(self, dx: f64, dy: f64) -> Self {
        Self { x: self.x + dx, y: self.y + dy, ..self }
    }

    /// The same view with a grip of the image left on the stage, so that it cannot be lost.
    pub fn kept(self, image: Size, stage: Size) -> Self {
        let keep = |at: f64, extent: f64, stage: f64| {
            let grip = GRIP.min(extent).min(stage);
            at.clamp(grip - extent, (stage - grip).max(grip - extent))
        };
        Self { x: keep(self.x, image.w * self.scale, stage.w), y: keep(self.y, image.h * self.scale, stage.h), ..self }
    }

    /// The same view, moved no further than needed for the point to lie on the stage, a little off its edge.
    pub fn showing(self, p: Point, stage: Size) -> Self {
        let at = self.to_screen(p);
        let by = |at: f64, stage: f64| {
            let border = BORDER.min(stage / 2.0);
            at.clamp(border, stage - border) - at
        };
        self.pan(by(at.x, stage.w), by(at.y, stage.h))
    }

    /// From screen to image.
    pub fn to_image(self, p: ScreenPoint) -> Point {
        Point::new((p.x - self.x) / self.scale, (p.y - self.y) / self.scale)
    }

    /// From image to screen.
    pub fn to_screen(self, p: Point) -> ScreenPoint {
        ScreenPoint { x: p.x * self.scale + self.x, y: p.y * self.scale + self.y }
    }
}

/// A direction on the screen, as a stage has it that is turned by so many quarters clockwise.
pub fn turned_back(quarter: u8, dx: f64, dy: f64) -> (f64, f64) {
    match quarter % 4 {
        0 => (dx, dy),
        1 => (dy, -dx),
        2 => (-dx, -dy),
        _ => (-dy, dx),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const IMAGE: Size = Size { w: 4000.0, h: 3000.0 };
    const STAGE: Size = Size { w: 1000.0, h: 600.0 };

    #[test]
    fn fit_shows_the_whole_image_in_the_middle() {
        let view = Viewport::fit(IMAGE, STAGE);
        let (a, b) = (view.to_screen(Point::new(0.0, 0.0)), view.to_screen(Point::new(4000.0, 3000.0)));
        assert!(a.x >= MARGIN - 1e-9 && a.y >= MARGIN - 1e-9 && b.x <= 988.0 + 1e-9 && b.y <= 588.0 + 1e-9);
        assert!((a.x - (1000.0 - b.x)).abs() < 1e-9 && (a.y - (600.0 - b.y)).abs() < 1e-9);
    }

    #[test]
    fn a_small_image_is_not_blown_up_without_end() {
        assert_eq!(Viewport::fit(Size { w: 10.0, h: 10.0 }, STAGE).scale, 4.0);
    }

    #[test]
    fn the_image_cannot_be_pushed_off_the_stage() {
        let view = Viewport::fit(IMAGE, STAGE).pan(-9e9, 9e9).kept(IMAGE, STAGE);
        assert_eq!((view.x + IMAGE.w * view.scale, view.y), (GRIP, STAGE.h - GRIP));
    }

    #[test]
    fn up_on_a_turned_stage_is_to_its_side() {
        let up = |quarter| turned_back(quarter, 0.0, -1.0);
        assert_eq!([up(0), up(1), up(2), up(3)], [(0.0, -1.0), (-1.0, 0.0), (0.0, 1.0), (1.0, 0.0)]);
    }

    #[test]
    fn actual_size() {
        assert_eq!(Viewport::fit(IMAGE, STAGE).actual(ScreenPoint { x: 500.0, y: 300.0 }).scale, 1.0);
    }

    #[test]
    fn the_view_follows_a_point_no_further_than_it_must() {
        let fitted = Viewport::fit(IMAGE, STAGE);
        for corner in [Point::new(0.0, 0.0), Point::new(4000.0, 3000.0)] {
            assert_eq!(fitted.showing(corner, STAGE), fitted, "all of a fitted image is seen");
        }
        let near = fitted.actual(ScreenPoint { x: 500.0, y: 300.0 });
        let (left, low) =
            (near.to_image(ScreenPoint { x: -5.0, y: 300.0 }), near.to_image(ScreenPoint { x: 9.0, y: 640.0 }));
        let (to_left, to_low) = (near.showing(left, STAGE), near.showing(low, STAGE));
        assert_eq!((to_left.x - near.x, to_left.y), (5.0 + BORDER, near.y));
        assert_eq!((to_low.x, to_low.y - near.y), (near.x, -40.0 - BORDER));
        assert_eq!(
            near.showing(left, Size { w: 4.0, h: 4.0 }).to_screen(left).x,
            2.0,
            "on the smallest of stages as well"
        );
    }

    proptest! {
        #[test]
        fn zoom_holds_the_point_under_the_cursor(x in 0.0..1000.0_f64, y in 0.0..600.0_f64, factor in 0.2..5.0_f64) {
            let before = Viewport::fit(IMAGE, STAGE);
            let at = ScreenPoint { x, y };
            let held = before.to_image(at);
            let after = before.zoom(at, factor).to_screen(held);
            prop_assert!((after.x - x).abs() < 1e-6 && (after.y - y).abs() < 1e-6);
        }
    }
}

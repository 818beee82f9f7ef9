//! Where the point goes that the pointer sets, or would set with a press: it sticks to what is near, and an outline may run
//! along a neighbour. Both look at the scene by its index; neither draws.

use crate::tools::canvas::{Gesture, Scene, Tool};
use crate::tools::grip;
use crate::workbench::region::Geometry;
use domain::geometry::{GRAIN, Point, Rect, Snap, follow, snap};

impl Gesture {
    /// What the point that is being set sticks to. Nothing where none is, where nothing is near, or where the pointer means
    /// something that is there already: a grip of the selected shape, the vertex that ends what is being drawn.
    pub fn aim(&self, scene: Scene<'_>, p: Point) -> Option<Snap> {
        if scene.snap <= 0.0 {
            return None;
        }
        let (at, own) = match self {
            Gesture::Idle => {
                let begins = matches!(scene.tool, Tool::Box | Tool::Polygon | Tool::Polyline | Tool::Point);
                let held = scene
                    .selected_shape()
                    .is_some_and(|own| grip::grip_at(&own.geometry, p, scene.reach, scene.pixel).is_some());
                (begins && !held).then_some((p, None))?
            }
            Gesture::DrawPolygon(outline) => (!outline.is_closed_by(p, scene.reach)).then_some((p, None))?,
            Gesture::DrawPolyline(line) => (!line.is_ended_by(p, scene.reach)).then_some((p, None))?,
            Gesture::DrawBox(_) | Gesture::DrawPoint(_) => (p, None),
            Gesture::Edit(region, drag) => (drag.tip(p)?, Some(region)),
            _ => return None,
        };
        // A point upon a point would be the same one twice.
        let is_point =
            matches!(self, Gesture::DrawPoint(_)) || matches!((self, scene.tool), (Gesture::Idle, Tool::Point));
        let counts = |n: usize| {
            let shape = scene.shapes.get(n).filter(|shape| scene.shown.shows(shape) && own != Some(&shape.region))?;
            Some(&shape.geometry).filter(|form| !is_point || !matches!(form, Geometry::Point(_)))
        };
        snap::snap(at, scene.index, counts, grip::whole(scene.image), scene.snap)
    }

    /// The point itself, or what it sticks to.
    pub(super) fn aimed(&self, scene: Scene<'_>, p: Point) -> Point {
        self.aim(scene, p).map_or(p, |snap| snap.at)
    }

    /// Leads the outline being drawn along the border of a neighbour, between its last two vertices or from the last one back
    /// to the first; asked again, the other way round. False where no neighbour has both on its border.
    pub fn follow(&mut self, scene: Scene<'_>) -> bool {
        let way = |from: Point, to: Point, longer: bool| scene.way(from, to, longer);
        match self {
            Gesture::DrawPolygon(outline) => outline.follow(true, way),
            Gesture::DrawPolyline(line) => line.follow(false, way),
            _ => false,
        }
    }
}

impl Scene<'_> {
    /// The way along whichever shape has both places on its border; of several the one that has the shortest.
    fn way(&self, from: Point, to: Point, longer: bool) -> Option<Vec<Point>> {
        let around = Rect { x: from.x, y: from.y, w: 0.0, h: 0.0 }.grown(2.0 * GRAIN);
        let near = self.index.within(around).into_iter().filter_map(|at| self.shapes.get(at));
        let ways = near.filter(|shape| self.shown.shows(shape)).filter_map(|shape| {
            let short = follow::between(&shape.geometry, from, to, false)?;
            Some((follow::way_length(from, &short, to), shape, short))
        });
        let (_, shape, short) = ways.min_by(|a, b| a.0.total_cmp(&b.0))?;
        if longer { follow::between(&shape.geometry, from, to, true) } else { Some(short) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tools::canvas::Wish;
    use crate::workbench::region::{RegionRef, Shape};
    use crate::workbench::shown::Shown;
    use crate::workbench::viewport::Size;
    use domain::geometry::{Hold, Index, Polygon};

    const IMAGE: Size = Size { w: 200.0, h: 100.0 };

    fn name(id: &str) -> RegionRef {
        RegionRef { control: "areas".into(), id: id.into() }
    }

    fn at(x: f64, y: f64) -> Point {
        Point::new(x, y)
    }

    fn neighbour() -> Shape {
        let points = vec![at(40.0, 20.0), at(80.0, 20.0), at(90.0, 50.0), at(80.0, 80.0), at(40.0, 80.0)];
        Shape { region: name("n"), label: "a".into(), group: None, geometry: Geometry::Polygon(Polygon::new(points)) }
    }

    /// Looks at these shapes with a tool that snaps within 5 pixels.
    fn with<T>(shapes: &[Shape], selected: Option<&RegionRef>, tool: Tool, look: impl FnOnce(Scene<'_>) -> T) -> T {
        let index = Index::of(shapes.iter().map(|shape| &shape.geometry));
        let shown = Shown::default();
        look(Scene {
            shapes,
            index: &index,
            selected,
            shown: &shown,
            tool,
            template: None,
            image: IMAGE,
            reach: 5.0,
            pixel: 1.0,
            snap: 5.0,
        })
    }

    fn click(gesture: &mut Gesture, scene: Scene<'_>, p: Point) -> Wish {
        let wish = gesture.down(scene, p, false);
        gesture.up(scene, p);
        wish
    }

    #[test]
    fn an_outline_takes_over_vertices_and_follows_the_border_both_ways() {
        let shapes = [neighbour()];
        with(&shapes, None, Tool::Polygon, |scene| {
            let mut gesture = Gesture::Idle;
            assert_eq!(
                gesture.aim(scene, at(82.0, 18.0)).map(|snap| (snap.at, snap.hold)),
                Some((at(80.0, 20.0), Hold::Vertex))
            );
            click(&mut gesture, scene, at(82.0, 18.0));
            assert!(!gesture.follow(scene), "one vertex leads nowhere");
            click(&mut gesture, scene, at(82.0, 83.0));
            assert!(gesture.follow(scene));
            let points = |gesture: &Gesture| match gesture {
                Gesture::DrawPolygon(outline) => outline.points().to_vec(),
                other => panic!("{other:?}"),
            };
            assert_eq!(points(&gesture), [at(80.0, 20.0), at(90.0, 50.0), at(80.0, 80.0)]);
            assert!(gesture.follow(scene));
            assert_eq!(points(&gesture), [at(80.0, 20.0), at(40.0, 20.0), at(40.0, 80.0), at(80.0, 80.0)]);
            assert!(gesture.follow(scene));
            assert_eq!(points(&gesture).len(), 3, "and the first way again");
            assert!(gesture.back());
            assert_eq!(points(&gesture), [at(80.0, 20.0), at(80.0, 80.0)], "the way is taken back as one");
            assert!(gesture.follow(scene));
            click(&mut gesture, scene, at(150.0, 50.0));
            // Near its first vertex it closes, whatever else is near.
            let Wish::Create(Geometry::Polygon(drawn)) = click(&mut gesture, scene, at(81.0, 19.0)) else { panic!() };
            assert_eq!(drawn.points, [at(80.0, 20.0), at(90.0, 50.0), at(80.0, 80.0), at(150.0, 50.0)]);
        });
    }

    #[test]
    fn an_outline_that_ends_on_the_neighbour_follows_it_back_to_its_first_vertex() {
        let shapes = [neighbour()];
        with(&shapes, None, Tool::Polygon, |scene| {
            let mut gesture = Gesture::Idle;
            for p in [at(82.0, 18.0), at(150.0, 50.0), at(79.0, 82.0)] {
                click(&mut gesture, scene, p);
            }
            assert!(gesture.follow(scene));
            let Wish::Create(Geometry::Polygon(drawn)) = gesture.finish(IMAGE) else { panic!() };
            assert_eq!(drawn.points, [at(80.0, 20.0), at(150.0, 50.0), at(80.0, 80.0), at(90.0, 50.0)]);
        });
    }

    #[test]
    fn a_vertex_that_is_moved_sticks_but_never_to_its_own_shape() {
        let own = Shape {
            region: name("own"),
            geometry: Geometry::Polygon(Polygon::new(vec![at(120.0, 20.0), at(180.0, 20.0), at(122.0, 60.0)])),
            ..neighbour()
        };
        let (shapes, region) = ([neighbour(), own], name("own"));
        with(&shapes, Some(&region), Tool::Select, |scene| {
            let mut gesture = Gesture::Idle;
            gesture.down(scene, at(120.0, 20.0), false);
            gesture.moved(scene, at(121.0, 58.0));
            assert_eq!(gesture.aim(scene, at(121.0, 58.0)), None);
            let Wish::Change(_, Geometry::Polygon(moved)) = gesture.up(scene, at(88.0, 52.0)) else { panic!() };
            assert_eq!(moved.points.first(), Some(&at(90.0, 50.0)));
            gesture.down(scene, at(120.0, 20.0), false);
            let loose = Scene { snap: 0.0, ..scene };
            let Wish::Change(_, Geometry::Polygon(moved)) = gesture.up(loose, at(88.0, 52.0)) else { panic!() };
            assert_eq!(moved.points.first(), Some(&at(88.0, 52.0)), "held off, it goes where the pointer is");
        });
    }

    #[test]
    fn a_box_sticks_by_its_corners_and_a_click_still_selects() {
        let shapes = [neighbour()];
        with(&shapes, None, Tool::Box, |scene| {
            let mut gesture = Gesture::Idle;
            gesture.down(scene, at(82.0, 18.0), false);
            gesture.moved(scene, at(150.0, 60.0));
            let Wish::Create(Geometry::Box(drawn)) = gesture.up(scene, at(197.0, 97.0)) else { panic!() };
            assert_eq!(drawn, Rect { x: 80.0, y: 20.0, w: 120.0, h: 80.0 });
            gesture.down(scene, at(76.0, 25.0), false);
            assert_eq!(gesture.up(scene, at(75.0, 26.0)), Wish::Select(Some(name("n"))));
        });
    }

    #[test]
    fn a_point_sticks_to_lines_but_not_to_points() {
        let pin = Shape { region: name("pin"), geometry: Geometry::Point(at(150.0, 50.0)), ..neighbour() };
        let shapes = [neighbour(), pin];
        with(&shapes, None, Tool::Point, |scene| {
            assert_eq!(Gesture::Idle.aim(scene, at(152.0, 50.0)), None);
            let mut gesture = Gesture::Idle;
            gesture.down(scene, at(60.0, 22.0), false);
            assert_eq!(gesture.up(scene, at(60.0, 22.0)), Wish::Create(Geometry::Point(at(60.0, 20.0))));
        });
        let region = name("pin");
        with(&shapes, Some(&region), Tool::Select, |scene| {
            let mut gesture = Gesture::Idle;
            gesture.down(scene, at(152.0, 51.0), false);
            // It is the point that sticks, not the place where it was taken.
            assert_eq!(
                gesture.up(scene, at(62.0, 23.0)),
                Wish::Change(region.clone(), Geometry::Point(at(60.0, 20.0)))
            );
        });
    }
}

//! Streets drawn by arithmetic: sky, hills, houses, trees, a road with cars. What is on them is known to the pixel.

use domain::annotation::AnnotationValue;
use image::{DynamicImage, Rgb, RgbImage, imageops::FilterType};
use serde_json::{Value, json};

const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 640.0;
/// Drawn so much larger and then made smaller, for smooth edges.
const SCALE: f64 = 2.0;

type Colour = [u8; 3];

/// The name of picture `n`; both types that cameras and screens write.
pub(super) fn name(n: u32) -> String {
    format!("street-{:02}.{}", n + 1, if n.is_multiple_of(3) { "png" } else { "jpg" })
}

/// Picture `n` and what a careful annotator draws on it.
pub(super) fn draw(n: u32) -> (DynamicImage, AnnotationValue) {
    let mut street = Street { canvas: Canvas::new(), chance: Chance(u64::from(n) * 7_919 + 17), objects: Vec::new() };
    let light = LIGHTS.get(usize::try_from(n).unwrap_or(0) % LIGHTS.len()).unwrap_or(&LIGHTS[0]);
    let road = street.paint(light);
    let objects = street.objects.iter().enumerate().map(|(at, (label, [x, y, w, h]))| {
        json!({ "id": format!("b{}", at + 1), "label": label, "x": x, "y": y, "w": w, "h": h })
    });
    let mut value = AnnotationValue::new();
    value.insert("objects".to_owned(), Value::Array(objects.collect()));
    value.insert("road".to_owned(), json!([{ "id": "p1", "label": "road", "points": road }]));
    value.insert("light".to_owned(), json!([light.id]));
    let large = DynamicImage::ImageRgb8(street.canvas.pixels);
    (large.resize_exact(WIDTH as u32, HEIGHT as u32, FilterType::Triangle), value)
}

/// The colours of an hour.
struct Light {
    id: &'static str,
    sky: [Colour; 2],
    sun: Colour,
    hills: [Colour; 2],
    ground: Colour,
    road: Colour,
    leaves: Colour,
    window: Colour,
    walls: [Colour; 4],
}

const LIGHTS: [Light; 3] = [
    Light {
        id: "day",
        sky: [[120, 183, 232], [226, 240, 248]],
        sun: [255, 246, 214],
        hills: [[142, 178, 160], [108, 154, 128]],
        ground: [176, 188, 160],
        road: [104, 110, 118],
        leaves: [74, 138, 92],
        window: [190, 220, 238],
        walls: [[232, 214, 190], [214, 150, 128], [196, 206, 214], [240, 230, 214]],
    },
    Light {
        id: "dusk",
        sky: [[94, 92, 150], [250, 190, 140]],
        sun: [255, 214, 150],
        hills: [[120, 104, 140], [88, 84, 116]],
        ground: [138, 124, 120],
        road: [82, 78, 92],
        leaves: [70, 96, 86],
        window: [255, 222, 150],
        walls: [[198, 158, 146], [170, 120, 124], [150, 142, 164], [210, 182, 164]],
    },
    Light {
        id: "night",
        sky: [[18, 26, 56], [58, 72, 112]],
        sun: [236, 236, 220],
        hills: [[36, 48, 78], [28, 38, 62]],
        ground: [48, 56, 70],
        road: [38, 42, 52],
        leaves: [36, 66, 60],
        window: [255, 214, 120],
        walls: [[78, 84, 106], [92, 80, 98], [66, 78, 96], [96, 94, 110]],
    },
];

const CARS: [Colour; 5] = [[206, 62, 58], [52, 108, 176], [240, 240, 236], [238, 182, 60], [58, 132, 110]];

struct Street {
    canvas: Canvas,
    chance: Chance,
    objects: Vec<(&'static str, [f64; 4])>,
}

impl Street {
    /// Paints from far to near and returns the road's corners.
    fn paint(&mut self, light: &Light) -> [[f64; 2]; 4] {
        self.canvas.sky(light.sky);
        let (x, y) = (self.chance.between(120.0, 840.0), self.chance.between(60.0, 130.0));
        self.canvas.ellipse(x, y, 38.0, 38.0, light.sun);
        for (layer, colour) in light.hills.into_iter().enumerate() {
            for step in 0..5 {
                let x = f64::from(step) * 240.0 + self.chance.between(-60.0, 60.0);
                let height = self.chance.between(90.0, 170.0) - layer as f64 * 40.0;
                self.canvas.ellipse(x, 410.0, 220.0, height, colour);
            }
        }
        self.canvas.rect(0.0, 400.0, WIDTH, HEIGHT - 400.0, light.ground);
        self.houses(light);
        let road = [[0.0, self.chance.between(458.0, 474.0)], [WIDTH, 462.0], [WIDTH, 606.0], [0.0, 618.0]];
        self.canvas.polygon(&road, light.road);
        for dash in 0..9 {
            let x = f64::from(dash) * 112.0 + 20.0;
            self.canvas.rect(x, 535.0, 58.0, 5.0, [226, 224, 214]);
        }
        self.cars();
        road
    }

    fn houses(&mut self, light: &Light) {
        let mut x = self.chance.between(16.0, 60.0);
        let mut n = self.chance.whole(4);
        while x < 860.0 {
            let width = self.chance.between(110.0, 170.0).min(WIDTH - 12.0 - x).round();
            let (x0, height) = (x.round(), self.chance.between(130.0, 250.0).round());
            let (top, wall) = (430.0 - height, light.walls[n % 4]);
            self.canvas.rect(x0, top, width, height, wall);
            self.canvas.rect(x0, top, width, 8.0, darker(wall, 0.8));
            let columns = ((width - 20.0) / 32.0).floor();
            let gap = (width - columns * 18.0) / (columns + 1.0);
            let mut y = top + 24.0;
            while y < 395.0 {
                for column in 0..columns as u32 {
                    let lit = light.id == "day" || self.chance.whole(3) > 0;
                    let pane = if lit { light.window } else { darker(wall, 0.6) };
                    self.canvas.rect(x0 + gap + f64::from(column) * (18.0 + gap), y, 18.0, 22.0, pane);
                }
                y += 40.0;
            }
            self.objects.push(("house", [x0, top, width, height]));
            n += 1;
            x = x0 + width + self.chance.between(30.0, 90.0);
            if x < 900.0 && self.chance.whole(3) > 0 {
                self.tree(x - 26.0, light);
            }
        }
    }

    fn tree(&mut self, x: f64, light: &Light) {
        let (x, radius) = (x.round(), self.chance.between(24.0, 34.0).round());
        self.canvas.rect(x - 5.0, 380.0, 10.0, 66.0, [112, 88, 72]);
        self.canvas.ellipse(x, 370.0, radius, radius + 8.0, light.leaves);
        self.canvas.ellipse(x - 6.0, 362.0, radius * 0.55, radius * 0.5, lighter(light.leaves));
        self.objects.push(("tree", [x - radius, 362.0 - radius, radius * 2.0, 446.0 - 362.0 + radius]));
    }

    fn cars(&mut self) {
        let count = 2 + self.chance.whole(3);
        for n in 0..count {
            let lane = if n % 2 == 0 { 486.0 } else { 556.0 };
            let slot = 880.0 / count as f64;
            let x = (30.0 + n as f64 * slot + self.chance.between(0.0, (slot - 150.0).max(1.0))).round();
            let colour = CARS[self.chance.whole(CARS.len())];
            let y = lane - 26.0;
            let cabin = [[x + 26.0, y + 22.0], [x + 42.0, y], [x + 94.0, y], [x + 114.0, y + 22.0]];
            self.canvas.polygon(&cabin, darker(colour, 0.85));
            let glass = [[x + 36.0, y + 20.0], [x + 47.0, y + 5.0], [x + 66.0, y + 5.0], [x + 66.0, y + 20.0]];
            self.canvas.polygon(&glass, [188, 214, 226]);
            let glass = [[x + 71.0, y + 20.0], [x + 71.0, y + 5.0], [x + 91.0, y + 5.0], [x + 103.0, y + 20.0]];
            self.canvas.polygon(&glass, [188, 214, 226]);
            self.canvas.rect(x, y + 22.0, 140.0, 24.0, colour);
            self.canvas.rect(x, y + 40.0, 140.0, 6.0, darker(colour, 0.75));
            for wheel in [x + 30.0, x + 110.0] {
                self.canvas.ellipse(wheel, y + 46.0, 13.0, 13.0, [34, 36, 40]);
                self.canvas.ellipse(wheel, y + 46.0, 6.0, 6.0, [150, 154, 160]);
            }
            self.objects.push(("car", [x, y, 140.0, 59.0]));
        }
    }
}

fn darker(colour: Colour, by: f64) -> Colour {
    colour.map(|channel| (f64::from(channel) * by) as u8)
}

fn lighter(colour: Colour) -> Colour {
    colour.map(|channel| channel.saturating_add(24))
}

/// The same numbers at each making, so that the demo is the same everywhere (a linear congruential generator with
/// Knuth's constants; nothing here needs better).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as f64 / (1_u64 << 24) as f64
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.next()
    }

    fn whole(&mut self, below: usize) -> usize {
        (self.next() * below as f64) as usize
    }
}

struct Canvas {
    pixels: RgbImage,
}

impl Canvas {
    fn new() -> Self {
        Self { pixels: RgbImage::new((WIDTH * SCALE) as u32, (HEIGHT * SCALE) as u32) }
    }

    fn sky(&mut self, [top, bottom]: [Colour; 2]) {
        let horizon = 420.0 * SCALE;
        for (_, y, pixel) in self.pixels.enumerate_pixels_mut() {
            let part = (f64::from(y) / horizon).min(1.0);
            let mixed = [0, 1, 2].map(|at: usize| f64::from(top[at]) * (1.0 - part) + f64::from(bottom[at]) * part);
            *pixel = Rgb(mixed.map(|channel| channel as u8));
        }
    }

    fn rect(&mut self, x: f64, y: f64, w: f64, h: f64, colour: Colour) {
        self.polygon(&[[x, y], [x + w, y], [x + w, y + h], [x, y + h]], colour);
    }

    fn ellipse(&mut self, x: f64, y: f64, rx: f64, ry: f64, colour: Colour) {
        let corner = |n: u32| {
            let angle = f64::from(n) * std::f64::consts::TAU / 96.0;
            [x + rx * angle.cos(), y + ry * angle.sin()]
        };
        self.polygon(&(0..96).map(corner).collect::<Vec<_>>(), colour);
    }

    /// Fills by scan lines through the middles of the pixels.
    fn polygon(&mut self, points: &[[f64; 2]], colour: Colour) {
        let (width, height) = (f64::from(self.pixels.width()), f64::from(self.pixels.height()));
        let top = points.iter().map(|[_, y]| y * SCALE).fold(f64::MAX, f64::min).max(0.0) as u32;
        let bottom = points.iter().map(|[_, y]| y * SCALE).fold(0.0, f64::max).min(height).ceil() as u32;
        for row in top..bottom {
            let middle = f64::from(row) + 0.5;
            let mut crossings = Vec::new();
            for (at, [x1, y1]) in points.iter().enumerate() {
                let [x2, y2] = points[(at + 1) % points.len()];
                let (x1, y1, x2, y2) = (x1 * SCALE, y1 * SCALE, x2 * SCALE, y2 * SCALE);
                if (y1 <= middle) != (y2 <= middle) {
                    crossings.push(x1 + (middle - y1) / (y2 - y1) * (x2 - x1));
                }
            }
            crossings.sort_by(f64::total_cmp);
            for pair in crossings.chunks_exact(2) {
                let from = (pair[0] - 0.5).ceil().clamp(0.0, width) as u32;
                let to = (pair[1] - 0.5).ceil().clamp(0.0, width) as u32;
                for column in from..to {
                    self.pixels.put_pixel(column, row, Rgb(colour));
                }
            }
        }
    }
}

/// What is asked of a picture.
pub(super) fn schema() -> Value {
    json!({ "controls": [
        {
            "id": "objects", "kind": "box", "title": { "zh": "目标", "en": "Objects" },
            "labels": [
                { "id": "car", "title": { "zh": "车辆", "en": "Car" }, "key": "1" },
                { "id": "house", "title": { "zh": "房屋", "en": "House" }, "key": "2" },
                { "id": "tree", "title": { "zh": "树木", "en": "Tree" }, "key": "3" },
            ],
        },
        {
            "id": "road", "kind": "polygon", "title": { "zh": "区域", "en": "Areas" },
            "labels": [{ "id": "road", "title": { "zh": "道路", "en": "Road" }, "key": "4" }],
        },
        {
            "id": "light", "kind": "choice", "required": true, "title": { "zh": "光线", "en": "Light" },
            "options": [
                { "id": "day", "title": { "zh": "白天", "en": "Day" }, "key": "q" },
                { "id": "dusk", "title": { "zh": "黄昏", "en": "Dusk" }, "key": "w" },
                { "id": "night", "title": { "zh": "夜晚", "en": "Night" }, "key": "e" },
            ],
        },
        { "id": "note", "kind": "text", "title": { "zh": "备注", "en": "Note" }, "max_chars": 200 },
    ] })
}

/// What to go by.
pub(super) const GUIDELINE: &str = "\
# 任务

用**方框**标出每一辆车、每一座房屋和每一棵树，用**多边形**标出道路，并选择光线。

## 方框

- 紧贴目标边缘，误差不超过 3 个像素。
- 车辆包括车轮；房屋不包括旁边的树；树木包括树干。
- 被遮挡的目标只标看得见的部分。

| 情况 | 做法 |
|---|---|
| 两辆车挨在一起 | 正例：各标一个方框。反例：~~用一个大方框包住两辆~~ |
| 目标在画面边缘被截断 | 正例：标到画面边缘为止。反例：~~不标~~ |
| 远处看不清的小点 | 正例：不标 |

## 道路

沿路面边缘取点，转角处必须有点；车辆压住的路面也算道路。

- [x] 多边形的边不能互相交叉
- [x] 不包括路边的草地
";

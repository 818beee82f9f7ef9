//! COCO object detection: final boxes and polygons of image items.
//!
//! - `categories`: every label of every box and polygon control in schema order, numbered from 1; `name` is the label's id,
//!   `supercategory` the control's. Labels added later at the end leave the earlier numbers as they are.
//! - `images`, `annotations`: numbered from 1 in the order of the items, so the same export has the same numbers.
//! - A box has `bbox` `[x, y, width, height]` and an empty `segmentation`; a polygon has one ring of `segmentation`, the
//!   box around it, and the area inside it. `iscrowd` is 0. Pixels of the upright image, as in Terrace.
//! - Items without a final value are left out, since without annotations they would read as “nothing to see here”; that,
//!   and every control that is neither box nor polygon, is told as a loss.
//!
//! One JSON object, written in one pass: annotations wait in a spool until all images are out.

use std::io::{self, Read, Seek, SeekFrom, Write};

use domain::geometry::{Point, Rect, polygon_area};
use domain::project::Modality;
use domain::schema::{Kind, Schema};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::export::{ExportContext, ItemWriter, Spool};
use crate::format::{self, Format, Title};
use crate::loss::{Loss, Reason};
use crate::native::{ExportData, ExportItem};

/// COCO out.
pub const EXPORT: Format = Format {
    id: "coco",
    kind: format::Kind::Export,
    title: Title { zh: "COCO（方框与多边形）", en: "COCO (boxes and polygons)" },
    modalities: &[Modality::Image],
    extensions: &["json"],
};

/// Writes one COCO file.
pub struct Writer<'a, W> {
    out: W,
    spool: io::BufWriter<Box<dyn Spool>>,
    schema: &'a Schema,
    categories: Vec<Category<'a>>,
    images: u64,
    annotations: u64,
}

#[derive(Clone, Copy, Serialize)]
struct Category<'a> {
    id: u64,
    name: &'a str,
    supercategory: &'a str,
}

#[derive(Serialize)]
struct Info<'a> {
    description: &'a str,
    version: String,
}

#[derive(Serialize)]
struct Image<'a> {
    id: u64,
    file_name: &'a str,
    width: u32,
    height: u32,
    key: &'a str,
}

#[derive(Serialize)]
struct Annotation<'a> {
    id: u64,
    image_id: u64,
    category_id: u64,
    bbox: [f64; 4],
    area: f64,
    segmentation: Vec<Vec<f64>>,
    iscrowd: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    attributes: Option<&'a Map<String, Value>>,
}

impl<'a, W: Write> Writer<'a, W> {
    /// Begins a file with its information and categories.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn new(mut out: W, spool: Box<dyn Spool>, context: &ExportContext<'a>) -> io::Result<Self> {
        let schema = context.schema;
        let shapes = schema.controls.iter().filter(|control| is_shape(&control.kind));
        let labels = shapes.flat_map(|control| control.labels().iter().map(move |label| (control, label)));
        let categories: Vec<Category<'a>> = labels
            .zip(1..)
            .map(|((control, label), id)| Category { id, name: &label.id, supercategory: &control.id })
            .collect();
        let info = Info { description: context.project, version: context.schema_version.to_string() };
        out.write_all(b"{\"info\":")?;
        serde_json::to_writer(&mut out, &info)?;
        out.write_all(b",\n\"licenses\":[],\n\"categories\":")?;
        serde_json::to_writer(&mut out, &categories)?;
        out.write_all(b",\n\"images\":[")?;
        Ok(Self { out, spool: io::BufWriter::new(spool), schema, categories, images: 0, annotations: 0 })
    }

    fn region(&mut self, region: &Value, control: &str, kind: &Kind) -> io::Result<Result<(), Reason>> {
        let label = region.get("label").and_then(Value::as_str);
        let category = self.categories.iter().find(|c| c.supercategory == control && Some(c.name) == label);
        let Some(&Category { id: category_id, .. }) = category else { return Ok(Err(Reason::NotInSchema)) };
        let Some((rect, area, segmentation)) = shape(region, kind) else { return Ok(Err(Reason::Value)) };
        self.annotations += 1;
        let annotation = Annotation {
            id: self.annotations,
            image_id: self.images,
            category_id,
            bbox: [rect.x, rect.y, rect.w, rect.h],
            area,
            segmentation,
            iscrowd: 0,
            attributes: region.get("attributes").and_then(Value::as_object).filter(|attributes| !attributes.is_empty()),
        };
        separate(&mut self.spool, self.annotations)?;
        serde_json::to_writer(&mut self.spool, &annotation)?;
        Ok(Ok(()))
    }
}

fn is_shape(kind: &Kind) -> bool {
    match kind {
        Kind::Box { .. } | Kind::Polygon { .. } => true,
        Kind::Choice { .. } | Kind::Span { .. } | Kind::Text { .. } => false,
    }
}

/// The box around a region, its area and its ring; `None` if it is malformed.
fn shape(region: &Value, kind: &Kind) -> Option<(Rect, f64, Vec<Vec<f64>>)> {
    match kind {
        Kind::Box { .. } => {
            let number = |field: &str| region.get(field).and_then(Value::as_f64);
            let rect = Rect { x: number("x")?, y: number("y")?, w: number("w")?, h: number("h")? };
            Some((rect, rect.area(), Vec::new()))
        }
        Kind::Polygon { .. } => {
            let points: Option<Vec<Point>> = region.get("points")?.as_array()?.iter().map(point).collect();
            let points = points.filter(|points| points.len() >= 3)?;
            let ring = points.iter().flat_map(|point| [point.x, point.y]).collect();
            Some((Rect::around(&points)?, polygon_area(&points), vec![ring]))
        }
        Kind::Choice { .. } | Kind::Span { .. } | Kind::Text { .. } => None,
    }
}

fn point(pair: &Value) -> Option<Point> {
    match pair.as_array()?.as_slice() {
        [x, y] => Some(Point::new(x.as_f64()?, y.as_f64()?)),
        _ => None,
    }
}

/// A comma before all but the first, and a line for each.
fn separate(out: &mut impl Write, nth: u64) -> io::Result<()> {
    out.write_all(if nth == 1 { b"\n" } else { b",\n" })
}

impl<W: Write> ItemWriter for Writer<'_, W> {
    fn write(&mut self, item: &ExportItem) -> io::Result<Vec<Loss>> {
        let ExportData::Image(image) = &item.data else {
            return Ok(vec![Loss::of_item(&item.key, Reason::Modality)]);
        };
        let Some(settled) = &item.settled else { return Ok(vec![Loss::of_item(&item.key, Reason::Unlabeled)]) };
        self.images += 1;
        separate(&mut self.out, self.images)?;
        let entry =
            Image { id: self.images, file_name: &image.name, width: image.width, height: image.height, key: &item.key };
        serde_json::to_writer(&mut self.out, &entry)?;
        let mut losses = Vec::new();
        let schema = self.schema;
        for control in &schema.controls {
            let Some(value) = settled.get(&control.id) else { continue };
            if !is_shape(&control.kind) {
                losses.push(Loss::of_control(&item.key, &control.id, Reason::Kind));
                continue;
            }
            let Some(regions) = value.as_array() else {
                losses.push(Loss::of_control(&item.key, &control.id, Reason::Value));
                continue;
            };
            for region in regions {
                if let Err(reason) = self.region(region, &control.id, &control.kind)? {
                    losses.push(Loss::of_control(&item.key, &control.id, reason));
                }
            }
        }
        for control in settled.keys().filter(|control| schema.control(control).is_none()) {
            losses.push(Loss::of_control(&item.key, control, Reason::NotInSchema));
        }
        Ok(losses)
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.out.write_all(b"\n],\n\"annotations\":[")?;
        self.spool.flush()?;
        let spool = self.spool.get_mut();
        spool.seek(SeekFrom::Start(0))?;
        let mut chunk = vec![0; 64 << 10];
        loop {
            match spool.read(&mut chunk) {
                Ok(0) => break,
                Ok(count) => self.out.write_all(chunk.get(..count).unwrap_or_default())?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.out.write_all(b"\n]}\n")?;
        self.out.flush()
    }
}

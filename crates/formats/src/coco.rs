//! COCO object detection, segmentation and keypoints: final shapes of image items.
//!
//! - `categories`: every label of every control that has an inside or a skeleton, in schema order, numbered from 1; `name`
//!   is the label's id, `supercategory` the control's, and a skeleton's have `keypoints` and `skeleton` (edges, by places
//!   from 1). Labels added later at the end leave the earlier numbers as they are.
//! - `images`, `annotations`: numbered from 1 in the order of the items, so the same export has the same numbers.
//! - A box has `bbox` `[x, y, width, height]` and an empty `segmentation`; a polygon, a rotated box and an ellipse have one
//!   ring of `segmentation`, the box around it, and their area; a mask, and a polygon with holes, which rings of COCO cannot
//!   say, have run lengths (RLE, compressed, `iscrowd` 0, as `pycocotools` reads them). A skeleton has `keypoints`
//!   `[x, y, v, …]`, where v is 2 seen, 1 occluded, 0 absent. Pixels of the upright image, as in Terrace.
//! - Items without a final value are left out, since without annotations they would read as “nothing to see here”; that,
//!   and every control of another kind, is told as a loss: COCO has no open lines and no lone points.
//!
//! One JSON object, written in one pass: annotations wait in a spool until all images are out.

use std::io::{self, Read, Seek, SeekFrom, Write};

use domain::geometry::{Rect, Shape, Size};
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
    title: Title { zh: "COCO（图形、掩膜与骨架）", en: "COCO (shapes, masks and skeletons)" },
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

#[derive(Clone, Serialize)]
struct Category<'a> {
    id: u64,
    name: &'a str,
    supercategory: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    keypoints: Option<&'a [String]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    skeleton: Option<Vec<[usize; 2]>>,
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
    segmentation: Segmentation,
    iscrowd: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    keypoints: Option<Vec<f64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    num_keypoints: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attributes: Option<&'a Map<String, Value>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Segmentation {
    Rings(Vec<Vec<f64>>),
    Runs { size: [u32; 2], counts: String },
}

/// A shape as COCO has it.
struct Form {
    bounds: Rect,
    area: f64,
    segmentation: Segmentation,
    keypoints: Option<Vec<f64>>,
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
            .map(|((control, label), id)| {
                let template = match &control.kind {
                    Kind::Skeleton { template, .. } => Some(template),
                    _ => None,
                };
                Category {
                    id,
                    name: &label.id,
                    supercategory: &control.id,
                    keypoints: template.map(|template| template.points.as_slice()),
                    skeleton: template.map(|t| t.pairs().into_iter().map(|(a, b)| [a + 1, b + 1]).collect()),
                }
            })
            .collect();
        let info = Info { description: context.project, version: context.schema_version.to_string() };
        out.write_all(b"{\"info\":")?;
        serde_json::to_writer(&mut out, &info)?;
        out.write_all(b",\n\"licenses\":[],\n\"categories\":")?;
        serde_json::to_writer(&mut out, &categories)?;
        out.write_all(b",\n\"images\":[")?;
        Ok(Self { out, spool: io::BufWriter::new(spool), schema, categories, images: 0, annotations: 0 })
    }

    fn region(&mut self, region: &Value, control: &str, kind: &Kind, size: Size) -> io::Result<Result<(), Reason>> {
        let label = region.get("label").and_then(Value::as_str);
        let category = self.categories.iter().find(|c| c.supercategory == control && Some(c.name) == label);
        let Some(&Category { id: category_id, .. }) = category else { return Ok(Err(Reason::NotInSchema)) };
        let Some(form) = form(region, kind, size) else { return Ok(Err(Reason::Value)) };
        let rect = form.bounds;
        self.annotations += 1;
        let annotation = Annotation {
            id: self.annotations,
            image_id: self.images,
            category_id,
            bbox: [rect.x, rect.y, rect.w, rect.h],
            area: form.area,
            segmentation: form.segmentation,
            iscrowd: 0,
            num_keypoints: form
                .keypoints
                .as_ref()
                .map(|points| points.chunks(3).filter(|p| p.last() > Some(&0.0)).count()),
            keypoints: form.keypoints,
            attributes: region.get("attributes").and_then(Value::as_object).filter(|attributes| !attributes.is_empty()),
        };
        separate(&mut self.spool, self.annotations)?;
        serde_json::to_writer(&mut self.spool, &annotation)?;
        Ok(Ok(()))
    }
}

fn is_shape(kind: &Kind) -> bool {
    kind.shape().is_some_and(|shape| shape.is_closed()) || matches!(kind, Kind::Skeleton { .. })
}

/// A region as COCO has it; `None` if it is malformed.
fn form(region: &Value, kind: &Kind, size: Size) -> Option<Form> {
    let shape = Shape::read(kind.shape()?, region.as_object()?).ok()?;
    let bounds = shape.bounds()?;
    let runs = |shape: &Shape| {
        let mask = shape.to_mask(size)?;
        let size = mask.size();
        Some((Segmentation::Runs { size: [size.height, size.width], counts: mask.to_text() }, mask.area() as f64))
    };
    let (segmentation, area, keypoints) = match &shape {
        Shape::Box(_) => (Segmentation::Rings(Vec::new()), shape.area(), None),
        Shape::Mask(mask) if mask.size() != size => return None,
        Shape::Mask(_) => {
            let (segmentation, area) = runs(&shape)?;
            (segmentation, area, None)
        }
        Shape::Polygon(polygon) if polygon.points.len() < 3 => return None,
        Shape::Polygon(polygon) if !polygon.holes.is_empty() => (runs(&shape)?.0, shape.area(), None),
        Shape::Skeleton(skeleton) => {
            let Kind::Skeleton { template, .. } = kind else { return None };
            let skeleton = skeleton.clone().in_order(template);
            skeleton.fits(template).ok()?;
            let points = skeleton.points.iter().flat_map(|joint| {
                let at = joint.place.at().unwrap_or_default();
                [at.x, at.y, f64::from(joint.place.visibility())]
            });
            (Segmentation::Rings(Vec::new()), bounds.area(), Some(points.collect()))
        }
        Shape::RotatedBox(_) | Shape::Ellipse(_) | Shape::Polygon(_) => {
            let rings = shape
                .to_polygons()
                .into_iter()
                .map(|polygon| polygon.points.iter().flat_map(|point| [point.x, point.y]).collect::<Vec<f64>>());
            (Segmentation::Rings(rings.collect()), shape.area(), None)
        }
        Shape::Polyline(_) | Shape::Point(_) => return None,
    };
    Some(Form { bounds, area, segmentation, keypoints })
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
        let size = Size::new(image.width, image.height);
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
                if let Err(reason) = self.region(region, &control.id, &control.kind, size)? {
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

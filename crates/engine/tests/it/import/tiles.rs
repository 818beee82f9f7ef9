//! Large images: cut into tiles while they are taken in, in bounded memory, and the same however often one begins.

use super::images::{bytes, import_files};
use super::{figures, items, pictures, problems};
use domain::id::{ItemId, ProjectId};
use domain::item::{ImageRef, Tile, Tiles};
use engine::testing::World;
use image::{DynamicImage, ImageFormat, Luma, Rgb, RgbImage, Rgba, RgbaImage};
use std::path::PathBuf;
use std::time::Duration;

const WIDE: u32 = 4_203;
const TALL: u32 = 530;

/// Large squares of a few colours on the left, a photograph's many on the right.
fn scene() -> RgbImage {
    RgbImage::from_fn(WIDE, TALL, |x, y| {
        if x < 2_048 {
            let n = (x / 37 + y / 29) % 5;
            Rgb([[250, 10, 10], [10, 250, 10], [10, 10, 250], [255, 255, 255], [0, 0, 0]][n as usize])
        } else {
            let (x, y) = (f64::from(x), f64::from(y));
            let wave = |at: f64, far: f64| (127.5 + 127.4 * (at / far).sin()) as u8;
            Rgb([wave(x, 90.0), wave(x + 2.0 * y, 130.0), wave(y, 60.0)])
        }
    })
}

/// The mean of each four pixels.
fn half(picture: &RgbImage) -> RgbImage {
    let (w, h) = picture.dimensions();
    RgbImage::from_fn(w.div_ceil(2), h.div_ceil(2), |x, y| {
        let at = |dx: u32, dy: u32| picture.get_pixel((2 * x + dx).min(w - 1), (2 * y + dy).min(h - 1)).0;
        let four = [at(0, 0), at(1, 0), at(0, 1), at(1, 1)];
        Rgb([0, 1, 2].map(|c| ((four.iter().map(|p| u32::from(p[c])).sum::<u32>() + 2) / 4) as u8))
    })
}

/// A TIFF of one picture, uncompressed: samples of 8 or 16 bits, in strips of so many rows or in square tiles.
fn tiff(
    width: u32,
    height: u32,
    samples: u16,
    bits: u16,
    strip: u32,
    tile: Option<u32>,
    at: impl Fn(u32, u32, u16) -> u16,
) -> Vec<u8> {
    let mut chunks: Vec<Vec<u8>> = Vec::new();
    let mut chunk = |x0: u32, y0: u32, w: u32, h: u32| {
        let mut data = Vec::new();
        for y in y0..y0 + h {
            for x in x0..x0 + w {
                for sample in 0..samples {
                    let value = if x < width && y < height { at(x, y, sample) } else { 0 };
                    if bits == 16 { data.extend(value.to_le_bytes()) } else { data.push(value as u8) }
                }
            }
        }
        chunks.push(data);
    };
    match tile {
        None => (0..height).step_by(strip as usize).for_each(|y| chunk(0, y, width, strip.min(height - y))),
        Some(side) => {
            for y in (0..height).step_by(side as usize) {
                (0..width).step_by(side as usize).for_each(|x| chunk(x, y, side, side));
            }
        }
    }
    let mut out = b"II*\0\0\0\0\0".to_vec();
    let mut offsets = Vec::new();
    for data in &chunks {
        offsets.push(out.len() as u32);
        out.extend(data);
    }
    let mut list = |values: &[u32]| {
        let at = out.len() as u32;
        values.iter().for_each(|value| out.extend(value.to_le_bytes()));
        at
    };
    let lengths: Vec<u32> = chunks.iter().map(|data| data.len() as u32).collect();
    let count = chunks.len() as u32;
    let (offsets, lengths) = if count == 1 { (offsets[0], lengths[0]) } else { (list(&offsets), list(&lengths)) };
    let depths = out.len() as u32;
    (0..samples).for_each(|_| out.extend(bits.to_le_bytes()));
    let depths = if samples == 1 { u32::from(bits) } else { depths };
    let (short, long) = (3_u16, 4_u16);
    let mut tags = vec![
        (256_u16, long, 1, width),
        (257, long, 1, height),
        (258, short, u32::from(samples), depths),
        (259, short, 1, 1),
        (262, short, 1, if samples == 1 { 1 } else { 2 }),
        (277, short, 1, samples.into()),
    ];
    match tile {
        None => tags.extend([(273, long, count, offsets), (278, long, 1, strip), (279, long, count, lengths)]),
        Some(side) => {
            tags.extend([
                (322, long, 1, side),
                (323, long, 1, side),
                (324, long, count, offsets),
                (325, long, count, lengths),
            ]);
        }
    }
    tags.sort_unstable();
    let directory = out.len() as u32;
    out.extend((tags.len() as u16).to_le_bytes());
    for (tag, kind, count, value) in tags {
        out.extend(tag.to_le_bytes());
        out.extend(kind.to_le_bytes());
        out.extend(count.to_le_bytes());
        out.extend(value.to_le_bytes());
    }
    out.extend([0; 4]);
    out[4..8].copy_from_slice(&directory.to_le_bytes());
    out
}

async fn only(world: &World, project: ProjectId) -> (ItemId, ImageRef) {
    let mut rows = items(world, project).await;
    assert_eq!(rows.len(), 1);
    let item = rows.remove(0).item;
    (item.id, item.data.image().unwrap().clone())
}

async fn tile(world: &World, item: ItemId, level: u8, column: u32, row: u32) -> (DynamicImage, &'static str) {
    let tile = engine::item::tile(&world.boss().await, item, Tile { level, column, row }).await.unwrap();
    let bytes = tile.file.read_range(tile.range).await.unwrap();
    (image::load_from_memory(&bytes).unwrap(), tile.media_type)
}

/// A level put together again.
async fn level(world: &World, item: ItemId, image: &ImageRef, number: u8) -> RgbImage {
    let tiles = image.tiles.unwrap();
    let (w, h) = tiles.level_size(number, image.width, image.height);
    let (columns, rows) = tiles.grid(number, image.width, image.height);
    let mut whole = RgbImage::new(w, h);
    for row in 0..rows {
        for column in 0..columns {
            let (part, _) = tile(world, item, number, column, row).await;
            let size = (tiles.size.min(w - column * tiles.size), tiles.size.min(h - row * tiles.size));
            assert_eq!((part.width(), part.height()), size, "{number}/{column}/{row}");
            let at = |n: u32| i64::from(n * tiles.size);
            image::imageops::replace(&mut whole, &part.to_rgb8(), at(column), at(row));
        }
    }
    whole
}

/// The largest and the mean difference of any channel.
fn difference(a: &RgbImage, b: &RgbImage) -> (u8, f64) {
    assert_eq!(a.dimensions(), b.dimensions());
    let all = a.as_raw().iter().zip(b.as_raw()).map(|(a, b)| a.abs_diff(*b));
    let sum: u64 = all.clone().map(u64::from).sum();
    (all.max().unwrap(), sum as f64 / a.as_raw().len() as f64)
}

#[tokio::test]
async fn a_large_image_is_cut_and_its_tiles_show_its_pixels() {
    let world = World::new().await;
    let picture = scene();
    let striped = tiff(WIDE, TALL, 3, 8, 50, None, |x, y, c| picture.get_pixel(x, y).0[usize::from(c)].into());
    let tiled = tiff(WIDE, TALL, 3, 8, 0, Some(240), |x, y, c| picture.get_pixel(x, y).0[usize::from(c)].into());
    let whole: DynamicImage = picture.clone().into();
    let files = [
        ("a.png", bytes(&whole, ImageFormat::Png)),
        ("b.tif", striped),
        ("c.tif", tiled),
        ("d.bmp", bytes(&whole, ImageFormat::Bmp)),
        ("e.webp", bytes(&whole, ImageFormat::WebP)),
    ];
    let mut packs = Vec::new();
    for (name, file) in &files {
        let project = pictures_named(&world, name).await;
        let view = world.import(project, name, file).await;
        assert_eq!(figures(&view), [1, 1, 0, 0], "{name}: {:?}", view.problems);
        let (item, image) = only(&world, project).await;
        let wanted = Tiles::wanted(WIDE, TALL).unwrap();
        assert_eq!((image.tiles, wanted.levels), (Some(wanted), 5), "{name}");
        packs.push(std::fs::read(pack(&world, &image.sha256)).unwrap());
        if packs.len() > 1 {
            // However it was stored, the same pixels are the same tiles.
            assert_eq!(packs[0], packs[packs.len() - 1], "{name}");
            continue;
        }
        let mut expected = picture.clone();
        for number in 0..wanted.levels {
            let found = level(&world, item, &image, number).await;
            let (most, mean) = difference(&found, &expected);
            // JPEG loses most where squares of bright colours are a few pixels wide.
            assert!(
                most <= 60 && mean < if number == 0 { 1.0 } else { 4.0 },
                "{name}, level {number}: {most} at most, {mean} on average"
            );
            expected = half(&expected);
        }
        let (drawn, media_type) = tile(&world, item, 0, 1, 1).await;
        assert_eq!(media_type, "image/png");
        assert_eq!(drawn.to_rgb8().get_pixel(3, 2), picture.get_pixel(515, 514));
        assert_eq!(tile(&world, item, 0, 6, 0).await.1, "image/jpeg");

        // The small renditions are those of any image.
        let small = engine::item::image(&world.boss().await, item, Some(256)).await.unwrap();
        let small = image::load_from_memory(&small.file.read().await.unwrap()).unwrap();
        assert_eq!((small.width(), small.height()), (256, 33));
        for (level, column, row) in [(0, 9, 0), (0, 0, 2), (5, 0, 0), (200, 9, 9)] {
            let beyond = engine::item::tile(&world.boss().await, item, Tile { level, column, row }).await;
            assert!(
                matches!(beyond.unwrap_err().refusal(), Some(domain::Error::NotFound(_))),
                "{level}/{column}/{row}"
            );
        }
    }
    let report = engine::check::run(&world.engine).await.unwrap();
    assert_eq!(report.breaches, Vec::<String>::new());
}

async fn pictures_named(world: &World, name: &str) -> ProjectId {
    let modality = domain::project::Modality::Image;
    world.project(name, modality, super::schema(modality), Default::default()).await
}

fn pack(world: &World, sha256: &str) -> PathBuf {
    let folder = world.engine.data().join("blobs").join(&sha256[..2]).join(&sha256[2..4]);
    folder.join(format!("{sha256}.tiles.pack"))
}

#[tokio::test]
async fn sixteen_bits_are_shown_through_a_window() {
    // Twelve bits in sixteen, as many cameras write them.
    let ramp = |x: u32| u16::try_from(x * 4_095 / (WIDE - 1)).unwrap();
    let grey = image::ImageBuffer::<Luma<u16>, _>::from_fn(WIDE, 40, |x, _| Luma([ramp(x)]));
    let files = [
        ("grey.png", bytes(&DynamicImage::ImageLuma16(grey), ImageFormat::Png)),
        ("strips.tif", tiff(WIDE, 40, 1, 16, 7, None, |x, _, _| ramp(x))),
        ("tiles.tif", tiff(WIDE, 40, 1, 16, 0, Some(64), |x, _, _| ramp(x))),
        ("colour.tif", tiff(WIDE, 40, 3, 16, 40, None, |x, _, _| ramp(x))),
    ];
    let world = World::new().await;
    for (name, file) in files {
        let project = pictures_named(&world, name).await;
        assert_eq!(figures(&world.import(project, name, &file).await), [1, 1, 0, 0], "{name}");
        let (item, image) = only(&world, project).await;
        let [low, high] = image.tiles.unwrap().window.unwrap();
        assert!((1..=8).contains(&low) && (4_087..=4_094).contains(&high), "{name}: {low} {high}");
        let found = level(&world, item, &image, 0).await;
        for x in [0, 1_000, 2_101, 3_000, WIDE - 1] {
            let wanted = f64::from(ramp(x)) / 4_095.0 * 255.0;
            let shown = f64::from(found.get_pixel(x, 20).0[1]);
            assert!((shown - wanted).abs() < 6.0, "{name}: {shown} for {wanted} at {x}");
        }
        // What browsers are given instead of the original is as bright.
        let upright = engine::item::image(&world.boss().await, item, None).await.unwrap();
        let upright = image::load_from_memory(&upright.file.read().await.unwrap()).unwrap().to_rgb8();
        assert!(upright.get_pixel(WIDE - 1, 20).0[0] > 245, "{name}");
    }
    // A small one is brightened the same way.
    let project = pictures_named(&world, "small").await;
    let small = image::ImageBuffer::<Luma<u16>, _>::from_fn(90, 40, |x, _| Luma([u16::try_from(x * 45).unwrap()]));
    world.import(project, "small.png", &bytes(&DynamicImage::ImageLuma16(small), ImageFormat::Png)).await;
    let (item, image) = only(&world, project).await;
    assert_eq!(image.tiles, None);
    let served = engine::item::image(&world.boss().await, item, None).await.unwrap();
    let served = image::load_from_memory(&served.file.read().await.unwrap()).unwrap().to_rgb8();
    assert_eq!((served.get_pixel(0, 5).0[0], served.get_pixel(89, 5).0[0]), (0, 255));
}

#[tokio::test]
async fn what_can_be_seen_through_stays_so() {
    let mut world = World::new().await;
    let project = pictures(&world).await;
    let glass =
        RgbaImage::from_fn(WIDE, 30, |x, _| if x < 600 { Rgba([9, 9, 9, 0]) } else { Rgba([200, 100, 50, 255]) });
    let view = world.import(project, "glass.png", &bytes(&glass.into(), ImageFormat::Png)).await;
    assert_eq!(figures(&view), [1, 1, 0, 0]);
    let (item, image) = only(&world, project).await;
    let (first, media_type) = tile(&world, item, 0, 0, 0).await;
    assert_eq!((first.to_rgba8().get_pixel(10, 10).0[3], media_type), (0, "image/png"));
    let last = image.tiles.unwrap().levels - 1;
    let (small, _) = tile(&world, item, last, 0, 0).await;
    let small = small.to_rgba8();
    assert_eq!(small.get_pixel(0, 0).0[3], 0);
    assert_eq!(small.get_pixel(small.width() - 1, 0).0, [200, 100, 50, 255]);

    // The audit misses tiles that are damaged or gone.
    let pack = pack(&world, &image.sha256);
    let whole = std::fs::read(&pack).unwrap();
    for damage in [Some(&whole[..whole.len() - 9]), None] {
        match damage {
            Some(part) => std::fs::write(&pack, part).unwrap(),
            None => std::fs::remove_file(&pack).unwrap(),
        }
        world.restart().await;
        let report = engine::check::run(&world.engine).await.unwrap();
        assert_eq!(report.breaches, [format!("the tiles of blob {} are missing or damaged", image.sha256)]);
    }
}

#[tokio::test]
async fn one_that_was_stopped_begins_anew_and_ends_the_same() {
    let file = bytes(&scene().into(), ImageFormat::Png);
    let mut undisturbed = None;
    for wait in [10_000, 30, 200] {
        let mut world = World::new().await;
        let project = pictures(&world).await;
        let queued = world.upload(project, "a.png", &file).await.unwrap();
        // Dropped wherever it stands by then: reading, cutting or moving.
        let _ = tokio::time::timeout(Duration::from_millis(wait), world.run_groups(1)).await;
        world.restart().await;
        world.clock.advance(60_001);
        assert_eq!(figures(&world.imported(queued.id).await), [1, 1, 0, 0], "after {wait} ms");
        let (_, image) = only(&world, project).await;
        let pack = std::fs::read(pack(&world, &image.sha256)).unwrap();
        assert!(*undisturbed.get_or_insert_with(|| pack.clone()) == pack, "after {wait} ms");
        assert_eq!(std::fs::read_dir(world.engine.data().join("uploads")).unwrap().count(), 0);
        let report = engine::check::run(&world.engine).await.unwrap();
        assert_eq!(report.breaches, Vec::<String>::new());
    }
}

#[tokio::test]
async fn large_files_that_are_cut_off_or_lie_are_problems_of_the_import() {
    let limits = engine::Limits { strip_pixels: 2_000_000_000, ..engine::Limits::default() };
    let world = World::with_limits(limits).await;
    let project = pictures(&world).await;
    let cut = |mut whole: Vec<u8>, share: usize| {
        whole.truncate(whole.len() * share / 100);
        whole
    };
    let png = bytes(&scene().into(), ImageFormat::Png);
    let strips = |height: u32| tiff(WIDE, height, 1, 8, 16, None, |x, y, _| u16::from((x * y) as u8));
    // The list of strips of a taller picture, with the strips of a lower one.
    let mut lying = strips(64);
    let told = lying.windows(4).position(|bytes| bytes == 64_u32.to_le_bytes() && bytes.len() == 4);
    let height = lying.windows(8).position(|tag| tag[..8] == [1, 1, 4, 0, 1, 0, 0, 0]).unwrap() + 8;
    assert!(told.is_some());
    lying[height..height + 4].copy_from_slice(&100_000_u32.to_le_bytes());
    let mut damaged = png.clone();
    let middle = damaged.len() / 2;
    damaged[middle..middle + 64].fill(0xAA);
    let files = [
        ("cut.png", cut(png, 70)),
        ("damaged.png", damaged),
        ("bomb.png", super::images::bomb(40_000, 40_000)),
        ("long.png", super::images::bomb(200_000, 100)),
        ("cut.tif", cut(strips(700), 60)),
        ("lying.tif", lying),
        ("good.tif", strips(700)),
    ];
    let view = import_files(&world, project, &files).await;
    assert_eq!(figures(&view), [7, 1, 0, 6], "{:?}", view.problems);
    let told = problems(&view);
    let codes = |name: &str| told.iter().find(|told| told.starts_with(name)).cloned().unwrap_or_default();
    assert_eq!(codes("long.png"), "long.png image-too-long");
    for name in ["cut.png", "damaged.png", "bomb.png", "cut.tif", "lying.tif"] {
        let told = codes(name);
        assert!(told.ends_with("image-truncated") || told.ends_with("image-damaged"), "{name}: {told}");
    }
    // Nothing of them is left.
    let left = std::fs::read_dir(world.engine.data().join("uploads")).unwrap().count();
    assert_eq!(left, 0);
}

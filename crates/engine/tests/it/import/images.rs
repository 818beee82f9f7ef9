//! Images: what they are is in their bytes; they are stored upright and served small.

use super::{figures, items, pictures, problems};
use domain::id::ProjectId;
use domain::import::{ImportOptions, ImportView};
use domain::item::ImageRef;
use engine::testing::World;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use std::io::{Cursor, Write};
use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

/// A picture whose left half is red and whose right half has this blue.
fn picture(width: u32, height: u32, blue: u8) -> DynamicImage {
    RgbImage::from_fn(width, height, |x, _| if x < width / 2 { Rgb([200, 0, 0]) } else { Rgb([0, 0, blue]) }).into()
}

pub(super) fn bytes(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

pub(super) fn png(width: u32, height: u32, blue: u8) -> Vec<u8> {
    bytes(&picture(width, height, blue), ImageFormat::Png)
}

/// A ZIP of so many small pictures.
pub(super) fn archive(n: u8) -> Vec<u8> {
    let files: Vec<(String, Vec<u8>)> = (0..n).map(|i| (format!("图/{i}.png"), png(4, 4, i))).collect();
    zipped(&files)
}

fn zipped(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in files {
        zip.start_file(name.as_str(), options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

pub(super) async fn import_files(world: &World, project: ProjectId, files: &[(&str, Vec<u8>)]) -> ImportView {
    let mut upload = engine::import::begin(&world.boss().await, project, ImportOptions::default()).await.unwrap();
    for (name, bytes) in files {
        upload.next_file(name).await.unwrap();
        upload.write(bytes).await.unwrap();
    }
    let queued = upload.finish().await.unwrap();
    world.imported(queued.id).await
}

async fn images(world: &World, project: ProjectId) -> Vec<ImageRef> {
    items(world, project).await.into_iter().filter_map(|row| row.item.data.image().cloned()).collect()
}

#[tokio::test]
async fn every_type_is_taken_and_served_as_browsers_show_it() {
    let world = World::new().await;
    let project = pictures(&world).await;
    let types = [
        ("a.jpg", ImageFormat::Jpeg, "image/jpeg"),
        ("b.png", ImageFormat::Png, "image/png"),
        ("c.webp", ImageFormat::WebP, "image/webp"),
        ("d.tif", ImageFormat::Tiff, "image/png"),
        ("e.bmp", ImageFormat::Bmp, "image/png"),
        ("f.gif", ImageFormat::Gif, "image/png"),
        ("no-ending", ImageFormat::Png, "image/png"),
    ];
    let files: Vec<(&str, Vec<u8>)> = types
        .iter()
        .zip(10..)
        .map(|((name, format, _), blue)| (*name, bytes(&picture(40, 30, blue), *format)))
        .collect();
    let view = import_files(&world, project, &files).await;
    assert_eq!(figures(&view), [7, 7, 0, 0], "{:?}", view.problems);
    let boss = world.boss().await;
    for ((name, _, media_type), row) in types.iter().zip(items(&world, project).await) {
        let stored = row.item.data.image().unwrap();
        assert_eq!((row.item.key.as_str(), stored.name.as_str()), (*name, *name));
        assert_eq!((stored.width, stored.height), (40, 30));
        assert_eq!(stored.url, format!("/media/items/{}", row.item.id));
        let served = engine::item::image(&boss, row.item.id, None).await.unwrap();
        assert_eq!(served.media_type, *media_type, "{name}");
        let shown = image::load_from_memory(&served.file.read().await.unwrap()).unwrap();
        assert_eq!((shown.width(), shown.height()), (40, 30), "{name}");
    }
    let report = engine::check::run(&world.engine).await.unwrap();
    assert_eq!(report.breaches, Vec::<String>::new());
}

#[tokio::test]
async fn renditions_are_the_smallest_that_are_wide_enough() {
    let world = World::new().await;
    let project = pictures(&world).await;
    let view = world.import(project, "wide.jpg", &bytes(&picture(2_000, 500, 99), ImageFormat::Jpeg)).await;
    assert_eq!(figures(&view), [1, 1, 0, 0]);
    let boss = world.boss().await;
    let item = items(&world, project).await[0].item.id;
    for (asked, wide, tall) in [
        (Some(100), 256, 64),
        (Some(256), 256, 64),
        (Some(257), 1_600, 400),
        (Some(1_601), 2_000, 500),
        (None, 2_000, 500),
    ] {
        let served = engine::item::image(&boss, item, asked).await.unwrap();
        let shown = image::load_from_memory(&served.file.read().await.unwrap()).unwrap();
        assert_eq!((shown.width(), shown.height()), (wide, tall), "{asked:?}");
        assert_eq!(served.media_type, "image/jpeg");
    }
    let etags: std::collections::BTreeSet<String> = [
        engine::item::image(&boss, item, Some(1)).await.unwrap().etag,
        engine::item::image(&boss, item, Some(1_000)).await.unwrap().etag,
        engine::item::image(&boss, item, None).await.unwrap().etag,
    ]
    .into();
    assert_eq!(etags.len(), 3);
}

/// The JPEG with an EXIF block that says how it lies.
fn lying(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xE1, length[0], length[1]];
    bytes.extend(exif);
    bytes.extend(&jpeg[2..]);
    bytes
}

#[tokio::test]
async fn a_photograph_on_its_side_is_stood_up() {
    let world = World::new().await;
    let project = pictures(&world).await;
    // Orientation 6: turn by 90° clockwise to see it upright; the left, red half comes to the top.
    let photo = lying(&bytes(&picture(80, 40, 200), ImageFormat::Jpeg), 6);
    let view = world.import(project, "phone.jpg", &photo).await;
    assert_eq!(figures(&view), [1, 1, 0, 0], "{:?}", view.problems);
    let row = items(&world, project).await.remove(0);
    let stored = row.item.data.image().unwrap();
    assert_eq!((stored.width, stored.height), (40, 80));
    let served = engine::item::image(&world.boss().await, row.item.id, None).await.unwrap();
    let shown = image::load_from_memory(&served.file.read().await.unwrap()).unwrap().to_rgb8();
    assert_eq!(shown.dimensions(), (40, 80));
    let (top, bottom) = (shown.get_pixel(20, 10).0, shown.get_pixel(20, 70).0);
    assert!(top[0] > 150 && top[2] < 60, "{top:?}");
    assert!(bottom[2] > 150 && bottom[0] < 60, "{bottom:?}");
    // What was uploaded is kept as it was.
    let hash = hex::encode(<sha2::Sha256 as sha2::Digest>::digest(&photo));
    assert_eq!(stored.sha256, hash);
    let blob = world.engine.data().join("blobs").join(&hash[..2]).join(&hash[2..4]).join(&hash);
    assert_eq!(std::fs::read(blob).unwrap(), photo);
}

/// A PNG of two kilobytes that says it has so many pixels.
pub(super) fn bomb(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut chunk = |kind: &[u8; 4], data: &[u8]| {
        bytes.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
        let named: Vec<u8> = kind.iter().chain(data).copied().collect();
        bytes.extend(&named);
        let crc = named.iter().fold(u32::MAX, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 })
        });
        bytes.extend((!crc).to_be_bytes());
    };
    let header: Vec<u8> = width.to_be_bytes().into_iter().chain(height.to_be_bytes()).chain([8, 2, 0, 0, 0]).collect();
    chunk(b"IHDR", &header);
    chunk(b"IDAT", &[0; 1_900]);
    chunk(b"IEND", &[]);
    bytes
}

#[tokio::test]
async fn hostile_and_damaged_files_are_refused_and_the_others_kept() {
    let world = World::new().await;
    let project = pictures(&world).await;
    let cut = |format, blue| {
        let mut whole = bytes(&picture(300, 200, blue), format);
        whole.truncate(whole.len() * 3 / 5);
        whole
    };
    let gif = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;".to_vec();
    let bomb = bomb(60_000, 60_000);
    assert!(bomb.len() < 2_048);
    let files = [
        ("good.png", png(5, 5, 1)),
        ("bomb.png", bomb),
        ("cut.jpg", cut(ImageFormat::Jpeg, 2)),
        ("cut.png", cut(ImageFormat::Png, 3)),
        ("cut.webp", cut(ImageFormat::WebP, 4)),
        ("cut.tif", cut(ImageFormat::Tiff, 5)),
        ("cut.bmp", cut(ImageFormat::Bmp, 6)),
        ("mislabelled.jpg", png(5, 5, 7)),
        ("mislabelled.gif", png(5, 5, 8)),
        ("cut.gif", gif[..gif.len() - 8].to_vec()),
        ("notes.txt", b"these are my photographs".to_vec()),
        ("page.png", b"<html>not found</html>".to_vec()),
        ("../../etc/evil.png", png(5, 5, 9)),
        ("also-good.bmp", bytes(&picture(5, 5, 10), ImageFormat::Bmp)),
    ];
    let view = import_files(&world, project, &files).await;
    assert_eq!(figures(&view), [14, 2, 0, 12]);
    insta::assert_snapshot!(problems(&view).join("\n"), @r"
    bomb.png image-too-many-pixels
    cut.jpg image-truncated
    cut.png image-truncated
    cut.webp image-truncated
    cut.tif image-truncated
    cut.bmp image-truncated
    mislabelled.jpg image-mislabelled
    mislabelled.gif image-mislabelled
    cut.gif image-damaged
    notes.txt image-unsupported
    page.png image-unsupported
    ../../etc/evil.png archive-entry-path
    ");
    let names: Vec<String> = images(&world, project).await.into_iter().map(|image| image.name).collect();
    assert_eq!(names, ["good.png", "also-good.bmp"]);
    let report = engine::check::run(&world.engine).await.unwrap();
    assert_eq!(report.breaches, Vec::<String>::new());
}

#[tokio::test]
async fn too_many_bytes_are_refused() {
    let world = World::with_limits(engine::Limits { image_bytes: 400, ..engine::Limits::default() }).await;
    let project = pictures(&world).await;
    let view = import_files(&world, project, &[("big.bmp", bytes(&picture(20, 20, 1), ImageFormat::Bmp))]).await;
    assert_eq!(problems(&view), ["big.bmp file-too-large"]);
}

#[tokio::test]
async fn archives_are_read_with_their_names_and_their_tricks_refused() {
    let world = World::new().await;
    let project = pictures(&world).await;
    let files = [
        ("照片/一.png".to_owned(), png(5, 5, 1)),
        ("../evil.png".to_owned(), png(5, 5, 2)),
        ("bomb.png".to_owned(), vec![0; 20 << 20]),
        ("README.txt".to_owned(), b"about these photographs".to_vec()),
        ("again.png".to_owned(), png(5, 5, 1)),
        ("二.png".to_owned(), png(5, 5, 3)),
    ];
    let view = world.import(project, "photos.zip", &zipped(&files)).await;
    assert_eq!(figures(&view), [6, 2, 1, 3]);
    insta::assert_snapshot!(problems(&view).join("\n"), @r"
    2 ../evil.png archive-entry-path
    3 bomb.png archive-ratio
    4 README.txt image-unsupported
    ");
    let names: Vec<String> = images(&world, project).await.into_iter().map(|image| image.name).collect();
    assert_eq!(names, ["照片/一.png", "二.png"]);

    let view = world.import(project, "broken.zip", b"PK\x03\x04 and nothing more").await;
    assert_eq!(view.state, domain::import::JobState::Failed);
    assert!(view.error.is_some());
}

#[tokio::test]
async fn names_in_gbk_are_read() {
    let mut bytes = zipped(&[("AAAA.png".to_owned(), png(5, 5, 1))]);
    let (name, _, _) = encoding_rs::GBK.encode("图像");
    while let Some(at) = bytes.windows(4).position(|window| window == b"AAAA") {
        bytes[at..at + 4].copy_from_slice(&name);
    }
    let world = World::new().await;
    let project = pictures(&world).await;
    let view = world.import(project, "a.zip", &bytes).await;
    assert_eq!(figures(&view), [1, 1, 0, 0], "{:?}", view.problems);
    assert_eq!(images(&world, project).await[0].name, "图像.png");
}

#[tokio::test]
async fn one_content_is_stored_once_for_all_projects() {
    let world = World::new().await;
    let project = pictures(&world).await;
    let other = world
        .project(
            "另一个",
            domain::project::Modality::Image,
            super::schema(domain::project::Modality::Image),
            Default::default(),
        )
        .await;
    let photo = png(600, 400, 9);
    for project in [project, other] {
        assert_eq!(figures(&world.import(project, "a.png", &photo).await), [1, 1, 0, 0]);
    }
    assert_eq!(figures(&world.import(other, "b.png", &photo).await), [1, 0, 1, 0]);
    assert_eq!(images(&world, project).await[0].sha256, images(&world, other).await[0].sha256);
}

#[tokio::test]
async fn published_photographs_come_in() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/images");
    let mut files = Vec::new();
    for name in ["dog.jpg", "groceries.jpg", "truck.jpg"] {
        let Ok(bytes) = std::fs::read(folder.join(name)) else { return };
        files.push((name, bytes));
    }
    let world = World::new().await;
    let project = pictures(&world).await;
    assert_eq!(figures(&import_files(&world, project, &files).await), [3, 3, 0, 0]);
    let truck = images(&world, project).await.pop().unwrap();
    assert_eq!((truck.width, truck.height), (1_800, 1_200));
}

//! `terrace-bench pyramid`: what cutting one large image into tiles takes, and the same for `vips dzsave` where libvips is at
//! hand. Each runs as a process of its own, so that both are watched from outside in the same way. No server, no database.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context;
use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use crate::say;
use crate::watch::machine;

/// How often the memory of a process is looked at; the system itself keeps the peak.
const LOOK: Duration = Duration::from_millis(20);

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Uncompressed strips of 16 rows.
    Tiff,
    /// Row by row, lightly compressed.
    Png,
}

#[derive(Debug, Args)]
pub(crate) struct Pyramid {
    /// Megapixels of the image, which is square.
    #[arg(long, default_value_t = 100)]
    megapixels: u32,
    /// How it is stored.
    #[arg(long, value_enum, default_value_t = Format::Tiff)]
    format: Format,
    /// Write the figures to this file as JSON.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Put the files into this folder [default: the system's temporary one].
    #[arg(long)]
    folder: Option<PathBuf>,
    /// Cut this file into this folder and end: what the bench starts and watches.
    #[arg(long, num_args = 2, value_names = ["FILE", "FOLDER"], hide = true)]
    cut: Option<Vec<PathBuf>>,
}

impl Pyramid {
    /// Runs it; false when a process failed.
    pub(crate) fn run(self) -> anyhow::Result<bool> {
        if let Some([file, folder]) = self.cut.as_deref() {
            engine::testing::cut_tiles(file, folder).map_err(|error| anyhow::anyhow!("{error:?}"))?;
            return Ok(true);
        }
        let folder = match &self.folder {
            Some(folder) => tempfile::tempdir_in(folder)?,
            None => tempfile::tempdir()?,
        };
        let side = (f64::from(self.megapixels) * 1e6).sqrt().round() as u32;
        let name = match self.format {
            Format::Tiff => "picture.tif",
            Format::Png => "picture.png",
        };
        let picture = folder.path().join(name);
        match self.format {
            Format::Tiff => draw_tiff(&picture, side)?,
            Format::Png => draw_png(&picture, side)?,
        }
        let bytes = picture.metadata()?.len();
        let megapixels = f64::from(side) * f64::from(side) / 1e6;
        say(format!(
            "{side} × {side} pixels ({megapixels:.1} megapixels), {} MiB as {name}; {}",
            bytes >> 20,
            machine()
        ));

        // What comes in is moved into the store: it gets a name of its own.
        let (ours, theirs) = (folder.path().join("ours"), folder.path().join("theirs"));
        std::fs::create_dir(&ours)?;
        let given = folder.path().join(format!("given-{name}"));
        std::fs::hard_link(&picture, &given)?;
        let mut cut = Command::new(std::env::current_exe()?);
        cut.arg("pyramid").arg("--cut").arg(&given).arg(&ours);
        let mut runs = vec![("terrace", watched(cut)?)];
        let vips = Command::new("vips").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        if vips.is_ok_and(|status| status.success()) {
            // The same tiles, the same quality, every pixel's colour kept.
            let mut save = Command::new("vips");
            save.arg("dzsave").arg(&picture).arg(&theirs);
            save.args(["--tile-size", "512", "--overlap", "0", "--depth", "onetile"]);
            save.args(["--suffix", ".jpg[Q=90,subsample-mode=off]"]);
            runs.push(("vips dzsave", watched(save)?));
        } else {
            say("`vips` is not on the PATH: nothing to compare with.");
        }
        say(format!("{:<12} {:>9} {:>14} {:>10} {:>9}", "", "seconds", "megapixels/s", "peak MiB", "passed"));
        let mut figures = Vec::new();
        for (name, run) in &runs {
            let rate = megapixels / run.seconds;
            say(format!("{name:<12} {:>9.2} {rate:>14.2} {:>10} {:>9}", run.seconds, run.peak_kib >> 10, run.passed));
            figures.push(json!({
                "name": name, "seconds": run.seconds, "megapixels_per_second": rate, "peak_kib": run.peak_kib,
            }));
        }
        if let Some(path) = &self.json {
            let report: Value = json!({
                "machine": machine(), "megapixels": megapixels, "format": format!("{:?}", self.format).to_lowercase(),
                "file_bytes": bytes, "runs": figures,
            });
            std::fs::write(path, serde_json::to_vec_pretty(&report)?)?;
        }
        Ok(runs.iter().all(|(_, run)| run.passed))
    }
}

/// What a process took.
struct Run {
    seconds: f64,
    peak_kib: u64,
    passed: bool,
}

fn watched(mut command: Command) -> anyhow::Result<Run> {
    let begun = Instant::now();
    let mut process = command.spawn()?;
    let status = PathBuf::from(format!("/proc/{}/status", process.id()));
    let mut peak_kib = 0;
    loop {
        if let Some(ended) = process.try_wait()? {
            return Ok(Run { seconds: begun.elapsed().as_secs_f64(), peak_kib, passed: ended.success() });
        }
        // Gone between the two looks, it tells nothing more.
        if let Ok(text) = std::fs::read_to_string(&status) {
            let peak = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let kib = peak.and_then(|peak| peak.trim().trim_end_matches(" kB").parse::<u64>().ok());
            peak_kib = peak_kib.max(kib.unwrap_or_default());
        }
        std::thread::sleep(LOOK);
    }
}

/// A row of something like a photograph: slopes with a little noise, the same each time.
fn row(side: u32, y: u32, out: &mut Vec<u8>) {
    out.clear();
    let mut noise = y.wrapping_mul(2_654_435_761) | 1;
    for x in 0..side {
        noise ^= noise << 13;
        noise ^= noise >> 17;
        noise ^= noise << 5;
        let grain = noise & 7;
        let (a, b) = (x.wrapping_add(y) >> 3, x.wrapping_sub(y / 2) >> 4);
        for value in [a, b, a ^ (y >> 5)] {
            // A slope that turns round at its end, so that there are no edges but where the third channel has some.
            let slope = (value & 0x1FF).min(0x1FF - (value & 0x1FF));
            out.push(u8::try_from((slope + grain).min(255)).unwrap_or(u8::MAX));
        }
    }
}

fn draw_png(path: &Path, side: u32) -> anyhow::Result<()> {
    let mut encoder = png::Encoder::new(BufWriter::with_capacity(1 << 20, File::create_new(path)?), side, side);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    let mut rows = encoder.write_header()?.into_stream_writer()?;
    let mut pixels = Vec::new();
    for y in 0..side {
        row(side, y, &mut pixels);
        rows.write_all(&pixels)?;
    }
    rows.finish()?;
    Ok(())
}

/// Rows of a strip.
const STRIP: u32 = 16;

fn draw_tiff(path: &Path, side: u32) -> anyhow::Result<()> {
    let too_large = "an uncompressed TIFF has at most 4 GiB: ask for fewer megapixels, or for `--format png`";
    let line = u64::from(side) * 3;
    let strips = side.div_ceil(STRIP);
    let (data, whole) = (8_u64, 8 + line * u64::from(side));
    let place = |at: u64| u32::try_from(at).context(too_large);
    let mut out = BufWriter::with_capacity(1 << 20, File::create_new(path)?);
    let offsets = place(whole)?;
    let lengths = place(whole + 4 * u64::from(strips))?;
    let depths = place(whole + 8 * u64::from(strips))?;
    let directory = place(u64::from(depths) + 8)?;
    out.write_all(b"II*\0")?;
    out.write_all(&directory.to_le_bytes())?;
    let mut pixels = Vec::new();
    for y in 0..side {
        row(side, y, &mut pixels);
        out.write_all(&pixels)?;
    }
    for strip in 0..strips {
        out.write_all(&place(data + line * u64::from(strip * STRIP))?.to_le_bytes())?;
    }
    for strip in 0..strips {
        let rows = STRIP.min(side - strip * STRIP);
        out.write_all(&place(line * u64::from(rows))?.to_le_bytes())?;
    }
    out.write_all(&[8, 0, 8, 0, 8, 0, 0, 0])?;
    // Tag, type (3 is 16 bits, 4 is 32), count, value.
    let tags: [(u16, u16, u32, u32); 9] = [
        (256, 4, 1, side),
        (257, 4, 1, side),
        (258, 3, 3, depths),
        (259, 3, 1, 1),
        (262, 3, 1, 2),
        (273, 4, strips, offsets),
        (277, 3, 1, 3),
        (278, 4, 1, STRIP),
        (279, 4, strips, lengths),
    ];
    out.write_all(&u16::try_from(tags.len())?.to_le_bytes())?;
    for (tag, kind, count, value) in tags {
        out.write_all(&tag.to_le_bytes())?;
        out.write_all(&kind.to_le_bytes())?;
        out.write_all(&count.to_le_bytes())?;
        out.write_all(&value.to_le_bytes())?;
    }
    out.write_all(&[0; 4])?;
    out.flush()?;
    Ok(())
}

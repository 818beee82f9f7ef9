//! Large images in tiles: which ones a view wants, and having them fetched, kept, given up and tried again.
//!
//! A view wants the tiles of the one level whose pixels are nearest to the screen's. While one is on its way the part of a
//! coarser one is shown, at last that of the small rendition. What was scrolled past before it came is not fetched to its end.
//! Of what came, so much is kept that the page stays small ([`KEPT`]); what was not looked at for longest goes first.

use super::viewport::{ScreenPoint, Size, Viewport};
use domain::geometry::Point;
use domain::id::ItemId;
use domain::item::{ImageRef, Tile, Tiles};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal, Blob, CanvasRenderingContext2d, ImageBitmap, RequestInit, Response};

/// A view wants at most so many tiles; on a screen that would need more a coarser level does.
const WANTED: usize = 64;
/// Tiles that are kept, of 1 MiB each as the browser holds them.
const KEPT: usize = 80;
/// Tiles that are fetched at a time.
const AT_ONCE: usize = 6;
/// Tries before a tile counts as failed.
const TRIES: u32 = 3;
/// How long to wait before the second try, in milliseconds; four times as long before the third.
const WAIT_MS: u32 = 400;
/// One pixel of a tile may be so many of the screen's before a finer level is wanted.
const COARSE: f64 = 1.25;

/// How the tiles of the view stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Tiles of the view.
    pub wanted: usize,
    /// Those that are here.
    pub here: usize,
    /// Those that could not be had.
    pub failed: usize,
    /// Grows with each one that comes.
    pub arrived: u32,
}

/// The tiles of one level that a view shows, those in the middle first.
pub fn visible(image: &ImageRef, tiles: &Tiles, view: Viewport, stage: Size, ratio: f64) -> Vec<Tile> {
    let mut level = 0;
    while level + 1 < tiles.levels && view.scale * ratio * span(level + 1) <= COARSE {
        level += 1;
    }
    loop {
        let found = within(image, tiles, level, view, stage);
        if found.len() <= WANTED || level + 1 >= tiles.levels {
            return found;
        }
        level += 1;
    }
}

/// Pixels of the image for one of a level.
fn span(level: u8) -> f64 {
    2.0_f64.powi(i32::from(level))
}

fn within(image: &ImageRef, tiles: &Tiles, level: u8, view: Viewport, stage: Size) -> Vec<Tile> {
    let side = f64::from(tiles.size) * span(level);
    let (columns, rows) = tiles.grid(level, image.width, image.height);
    let a = view.to_image(ScreenPoint { x: 0.0, y: 0.0 });
    let b = view.to_image(ScreenPoint { x: stage.w, y: stage.h });
    let range = |from: f64, to: f64, count: u32| {
        let last = f64::from(count);
        ((from / side).floor().clamp(0.0, last) as u32)..((to / side).ceil().clamp(0.0, last) as u32)
    };
    let columns = range(a.x, b.x, columns);
    let mut found: Vec<Tile> =
        range(a.y, b.y, rows).flat_map(|row| columns.clone().map(move |column| Tile { level, column, row })).collect();
    let middle = ((a.x + b.x) / 2.0 / side - 0.5, (a.y + b.y) / 2.0 / side - 0.5);
    let far = |tile: &Tile| (f64::from(tile.column) - middle.0).hypot(f64::from(tile.row) - middle.1);
    found.sort_by(|a, b| far(a).total_cmp(&far(b)));
    found
}

/// A part of a tile in its pixels: left, top, width, height.
type Part = (f64, f64, f64, f64);

/// Where a tile is found on a tile so many levels up.
fn part_above(tiles: &Tiles, tile: Tile, up: u8, (w, h): (f64, f64)) -> (Tile, Part) {
    let above = Tile {
        level: tile.level + up,
        column: tile.column.checked_shr(up.into()).unwrap_or(0),
        row: tile.row.checked_shr(up.into()).unwrap_or(0),
    };
    let size = f64::from(tiles.size);
    let offset = |at: u32, above: u32| (f64::from(at) / span(up) - f64::from(above)) * size;
    (above, (offset(tile.column, above.column), offset(tile.row, above.row), w / span(up), h / span(up)))
}

/// Draws what there is of these tiles, over what lies there already.
pub fn draw(
    brush: &CanvasRenderingContext2d,
    item: ItemId,
    image: &ImageRef,
    tiles: &Tiles,
    wanted: &[Tile],
    (view, stage, ratio): (Viewport, Size, f64),
) {
    let snap = |at: f64| (at * ratio).round() / ratio;
    let is_close = view.scale * ratio >= 3.0;
    SHELF.with_borrow_mut(|shelf| {
        for tile in wanted {
            let (level_w, level_h) = tiles.level_size(tile.level, image.width, image.height);
            let size = tiles.size;
            let (w, h) = (size.min(level_w - tile.column * size), size.min(level_h - tile.row * size));
            // Only the pixels that are on the stage: closely looked at, a tile is many screens wide.
            let unit = span(tile.level);
            let (left, top) = (f64::from(tile.column * size) * unit, f64::from(tile.row * size) * unit);
            let a = view.to_image(ScreenPoint { x: 0.0, y: 0.0 });
            let b = view.to_image(ScreenPoint { x: stage.w, y: stage.h });
            let inside = |from: f64, to: f64, origin: f64, length: u32| {
                let last = f64::from(length);
                let first = ((from - origin) / unit).floor().clamp(0.0, last);
                (first, ((to - origin) / unit).ceil().clamp(first, last))
            };
            let (x0, x1) = inside(a.x, b.x, left, w);
            let (y0, y1) = inside(a.y, b.y, top, h);
            if x1 <= x0 || y1 <= y0 {
                continue;
            }
            // Neighbours share their edges on whole pixels of the screen: no seam shows between them.
            let p = view.to_screen(Point::new(left + x0 * unit, top + y0 * unit));
            let q = view.to_screen(Point::new(left + x1 * unit, top + y1 * unit));
            let (px, py) = (snap(p.x), snap(p.y));
            let (pw, ph) = (snap(q.x) - px, snap(q.y) - py);
            let found = (0..tiles.levels.saturating_sub(tile.level)).find_map(|up| {
                let (above, part) = part_above(tiles, *tile, up, (1.0, 1.0));
                shelf.look(item, above).map(|bitmap| (up, part, bitmap))
            });
            if let Some((up, (ox, oy, ..), bitmap)) = found {
                let share = 1.0 / span(up);
                brush.set_image_smoothing_enabled(up > 0 || !is_close);
                let (sx, sy) = (ox + x0 * share, oy + y0 * share);
                let (sw, sh) = ((x1 - x0) * share, (y1 - y0) * share);
                // Fails only for a picture without pixels.
                let _ = brush.draw_image_with_image_bitmap_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
                    &bitmap, sx, sy, sw, sh, px, py, pw, ph,
                );
            }
        }
    });
}

thread_local! {
    // What the browser decoded belongs to its one thread.
    static SHELF: RefCell<Shelf> = RefCell::new(Shelf::default());
}

/// The tiles of all stages of the page.
#[derive(Default)]
struct Shelf {
    kept: HashMap<(ItemId, Tile), (ImageBitmap, u64)>,
    coming: HashMap<(ItemId, Tile), AbortController>,
    missed: HashMap<(ItemId, Tile), u32>,
    stages: HashMap<ItemId, Stage>,
    turn: u64,
}

/// What one stage wants.
struct Stage {
    wanted: Vec<Tile>,
    tally: RwSignal<Tally>,
    arrived: u32,
}

impl Shelf {
    fn look(&mut self, item: ItemId, tile: Tile) -> Option<ImageBitmap> {
        self.turn += 1;
        let (bitmap, turn) = self.kept.get_mut(&(item, tile))?;
        *turn = self.turn;
        Some(bitmap.clone())
    }

    fn has_failed(&self, key: &(ItemId, Tile)) -> bool {
        self.missed.get(key).is_some_and(|tries| *tries >= TRIES)
    }

    /// Gives up what nobody wants any more of this item.
    fn give_up(&mut self, item: ItemId) {
        let wanted: HashSet<Tile> =
            self.stages.get(&item).map(|stage| stage.wanted.iter().copied().collect()).unwrap_or_default();
        self.coming.retain(|(of, tile), coming| {
            let stays = *of != item || wanted.contains(tile);
            if !stays {
                coming.abort();
            }
            stays
        });
    }

    /// The next tile to be fetched for this item.
    fn next(&self, item: ItemId) -> Option<Tile> {
        if self.coming.len() >= AT_ONCE {
            return None;
        }
        let is_missing = |tile: &&Tile| {
            let key = (item, **tile);
            !self.kept.contains_key(&key) && !self.coming.contains_key(&key) && !self.has_failed(&key)
        };
        self.stages.get(&item)?.wanted.iter().find(is_missing).copied()
    }

    /// Lets go of what was not looked at for longest.
    fn make_room(&mut self) {
        while self.kept.len() > KEPT {
            let oldest = self.kept.iter().min_by_key(|(_, (_, turn))| *turn).map(|(key, _)| *key);
            match oldest.and_then(|key| self.kept.remove(&key)) {
                Some((bitmap, _)) => bitmap.close(),
                None => return,
            }
        }
    }

    /// Says how things stand, if they stand otherwise than was said.
    fn tell(&self, item: ItemId) -> Option<(RwSignal<Tally>, Tally)> {
        let stage = self.stages.get(&item)?;
        let count =
            |is: &dyn Fn(&(ItemId, Tile)) -> bool| stage.wanted.iter().filter(|tile| is(&(item, **tile))).count();
        let tally = Tally {
            wanted: stage.wanted.len(),
            here: count(&|key| self.kept.contains_key(key)),
            failed: count(&|key| self.has_failed(key)),
            arrived: stage.arrived,
        };
        Some((stage.tally, tally))
    }
}

/// Has these tiles of an item fetched and no others; `tally` learns how that goes.
pub fn want(item: ItemId, wanted: Vec<Tile>, tally: RwSignal<Tally>) {
    SHELF.with_borrow_mut(|shelf| {
        let arrived = shelf.stages.get(&item).map_or(0, |stage| stage.arrived);
        shelf.stages.insert(item, Stage { wanted, tally, arrived });
        shelf.give_up(item);
    });
    pump(item);
}

/// The item has left the stage.
pub fn leave(item: ItemId) {
    SHELF.with_borrow_mut(|shelf| {
        shelf.stages.remove(&item);
        shelf.give_up(item);
        shelf.missed.retain(|(of, _), _| *of != item);
    });
}

/// Tries failed tiles of the view anew.
pub fn try_again(item: ItemId) {
    SHELF.with_borrow_mut(|shelf| shelf.missed.retain(|(of, _), _| *of != item));
    pump(item);
}

/// Begins to fetch as many as may be fetched, and says how things stand.
fn pump(item: ItemId) {
    while let Some((tile, signal)) = SHELF.with_borrow_mut(|shelf| {
        let tile = shelf.next(item)?;
        let control = AbortController::new().ok()?;
        let signal = control.signal();
        shelf.coming.insert((item, tile), control);
        Some((tile, signal))
    }) {
        spawn_local(async move {
            let fetched = fetch(item, tile, &signal).await;
            if !signal.aborted() {
                settle(item, tile, fetched, &signal).await;
            }
            pump(item);
        });
    }
    let told = SHELF.with_borrow(|shelf| shelf.tell(item));
    if let Some((signal, tally)) = told
        && signal.try_get_untracked() != Some(tally)
    {
        // The stage may be gone by now.
        signal.try_set(tally);
    }
}

/// Keeps a tile that came; waits a while after one that did not.
async fn settle(item: ItemId, tile: Tile, fetched: Result<ImageBitmap, Missed>, signal: &AbortSignal) {
    let key = (item, tile);
    match fetched {
        Ok(bitmap) => SHELF.with_borrow_mut(|shelf| {
            shelf.coming.remove(&key);
            shelf.missed.remove(&key);
            shelf.turn += 1;
            shelf.kept.insert(key, (bitmap, shelf.turn));
            if let Some(stage) = shelf.stages.get_mut(&item) {
                stage.arrived = stage.arrived.wrapping_add(1);
            }
            shelf.make_room();
        }),
        Err(missed) => {
            let tries = SHELF.with_borrow_mut(|shelf| {
                let tries = shelf.missed.entry(key).or_default();
                *tries = if missed == Missed::ForGood { TRIES } else { *tries + 1 };
                *tries
            });
            if tries < TRIES {
                // It keeps its place among those on their way, or the next look would ask at once.
                TimeoutFuture::new(WAIT_MS * 4_u32.pow(tries - 1)).await;
            }
            // Given up meanwhile, its place may be another's.
            if !signal.aborted() {
                SHELF.with_borrow_mut(|shelf| shelf.coming.remove(&key));
            }
        }
    }
}

/// Why a tile did not come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Missed {
    /// It may come the next time.
    ForNow,
    /// It will not.
    ForGood,
}

async fn fetch(item: ItemId, tile: Tile, signal: &AbortSignal) -> Result<ImageBitmap, Missed> {
    let init = RequestInit::new();
    init.set_signal(Some(signal));
    let Tile { level, column, row } = tile;
    let url = format!("/media/items/{item}/tiles/{level}/{column}/{row}");
    let for_now = |_why: JsValue| Missed::ForNow;
    let answer = JsFuture::from(window().fetch_with_str_and_init(&url, &init)).await.map_err(for_now)?;
    let answer: Response = answer.dyn_into().map_err(for_now)?;
    if !answer.ok() {
        let is_final = matches!(answer.status(), 401 | 403 | 404);
        return Err(if is_final { Missed::ForGood } else { Missed::ForNow });
    }
    let blob = JsFuture::from(answer.blob().map_err(for_now)?).await.map_err(for_now)?;
    let blob: Blob = blob.dyn_into().map_err(for_now)?;
    let decoded = window().create_image_bitmap_with_blob(&blob).map_err(for_now)?;
    let bitmap = JsFuture::from(decoded).await.map_err(for_now)?;
    bitmap.dyn_into().map_err(for_now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const STAGE: Size = Size { w: 1_000.0, h: 600.0 };
    const MIDDLE: ScreenPoint = ScreenPoint { x: 500.0, y: 300.0 };

    fn image(width: u32, height: u32) -> (ImageRef, Tiles) {
        let tiles = Tiles::wanted(width, height);
        let image = ImageRef { url: String::new(), width, height, sha256: String::new(), name: String::new(), tiles };
        (image, tiles.unwrap())
    }

    fn fit(image: &ImageRef) -> Viewport {
        Viewport::fit(Size { w: image.width.into(), h: image.height.into() }, STAGE)
    }

    #[test]
    fn a_view_wants_the_level_that_is_about_as_fine_as_the_screen() {
        let (image, tiles) = image(40_000, 30_000);
        let level = |view: Viewport, ratio| visible(&image, &tiles, view, STAGE, ratio).first().map(|tile| tile.level);
        let whole = fit(&image);
        // 768 pixels for 40,000: a sixty-fourth is 625.
        assert_eq!(level(whole, 1.0), Some(6));
        assert_eq!(level(whole, 2.0), Some(5));
        assert_eq!(level(whole.actual(MIDDLE), 1.0), Some(0));
        assert_eq!(level(whole.actual(MIDDLE).zoom(MIDDLE, 30.0), 1.0), Some(0));
    }

    #[test]
    fn the_middle_comes_first_and_nothing_beyond_the_edge() {
        let (image, tiles) = image(40_000, 30_000);
        let view = fit(&image).actual(MIDDLE);
        let wanted = visible(&image, &tiles, view, STAGE, 1.0);
        let seen = view.to_image(MIDDLE);
        assert_eq!((wanted[0].column, wanted[0].row), ((seen.x / 512.0) as u32, (seen.y / 512.0) as u32));
        assert!((4..=9).contains(&wanted.len()), "{}", wanted.len());
        let aside = view.pan(900.0 - view.x, 500.0 - view.y);
        assert_eq!(visible(&image, &tiles, aside, STAGE, 1.0), [Tile { level: 0, column: 0, row: 0 }]);
    }

    #[test]
    fn a_huge_screen_is_served_a_coarser_level_rather_than_hundreds_of_tiles() {
        let (image, tiles) = image(100_000, 100_000);
        let stage = Size { w: 7_680.0, h: 4_320.0 };
        let view = Viewport { scale: 1.0, x: -20_000.0, y: -20_000.0 };
        let wanted = visible(&image, &tiles, view, stage, 1.0);
        assert_eq!(wanted[0].level, 1);
        assert!(wanted.len() <= WANTED);
    }

    #[test]
    fn a_tile_is_a_part_of_the_one_above() {
        let (_, tiles) = image(40_000, 30_000);
        let tile = Tile { level: 0, column: 7, row: 2 };
        let (above, part) = part_above(&tiles, tile, 2, (512.0, 512.0));
        assert_eq!((above, part), (Tile { level: 2, column: 1, row: 0 }, (384.0, 256.0, 128.0, 128.0)));
        assert_eq!(part_above(&tiles, tile, 0, (512.0, 100.0)), (tile, (0.0, 0.0, 512.0, 100.0)));
    }

    proptest! {
        /// Every pixel of the image that is on the stage lies on exactly one of the tiles.
        #[test]
        fn tiles_cover_the_view(x in 0.0..1000.0_f64, y in 0.0..600.0_f64, zoom in 0.2..400.0_f64, px in -400.0..400.0_f64) {
            let (image, tiles) = image(9_001, 5_003);
            let view = fit(&image).zoom(ScreenPoint { x, y }, zoom).pan(px, 0.0);
            let at = view.to_image(ScreenPoint { x, y });
            prop_assume!(at.x > 0.0 && at.y > 0.0 && at.x < 9_001.0 && at.y < 5_003.0);
            let wanted = visible(&image, &tiles, view, STAGE, 1.0);
            let holds = |tile: &&Tile| {
                let side = 512.0 * span(tile.level);
                (at.x / side) as u32 == tile.column && (at.y / side) as u32 == tile.row
            };
            prop_assert_eq!(wanted.iter().filter(holds).count(), 1);
        }
    }
}

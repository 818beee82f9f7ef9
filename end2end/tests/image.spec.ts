// The tools of the image workbench, each with what is special to it: edited by mouse in every way, undone, found again after
// a reload, submitted; by keys; and thousands of shapes. All of them by every hand: tools.spec.ts.

import type { Page } from "@playwright/test";
import { type Bench, bench, openBench } from "../support/bench";
import { drawn } from "../support/data";
import { kept, objects, ready, reloadAndSubmit as submittedAgain, stage, type Region } from "../support/draft";
import { has } from "../support/mask";
import { clicks, drag, type Point } from "../support/stage";
import { alive, expect, type Terrace, test } from "../support/terrace";

const kinds = { turned: "rotated_box", round: "ellipse", path: "polyline", spot: "point", thing: "box", area: "polygon", cover: "mask" } as const;
type Kind = keyof typeof kinds;
type Turned = { cx: number; cy: number; w: number; h: number; angle: number };
type Round = { cx: number; cy: number; rx: number; ry: number; angle?: number };
type Path = { points: [number, number][] };

/** The label of each kind, by its key. */
const key = (kind: Kind) => String(Object.keys(kinds).indexOf(kind) + 1);

const schema = {
  controls: Object.entries(kinds).map(([id, kind]) => ({ id, kind, labels: [{ id, title: { zh: id, en: id } }] })),
};

test.use({ locale: "zh-CN" });

async function open(page: Page, terrace: Terrace, width = 800, height = 600): Promise<Bench> {
  const picture = await drawn(page, "ground.png", width, height);
  const made = await bench(terrace, "image", schema, [{ name: picture.name, format: "images", bytes: picture.buffer }]);
  await openBench(page, made);
  await ready(page);
  return made;
}

async function only<T>(page: Page, kind: Kind): Promise<T> {
  const regions = (await kept(page))[kind] ?? [];
  expect(regions).toHaveLength(1);
  return regions[0] as T;
}

/** Takes the last step back and does it again. */
async function thereAndBack(page: Page, kind: Kind): Promise<void> {
  const before = (await kept(page))[kind];
  await page.keyboard.press("Control+z");
  expect((await kept(page))[kind]).not.toEqual(before);
  await page.keyboard.press("Control+y");
  expect((await kept(page))[kind]).toEqual(before);
}

/** Reloads, submits, and gives what the server has: the one shape. */
async function reloadAndSubmit<T>(page: Page, terrace: Terrace, made: Bench, kind: Kind): Promise<T> {
  const value = await submittedAgain(page, terrace, made);
  return value[kind]![0] as T;
}

const near = (found: number, wanted: number, by = 1) => expect(Math.abs(found - wanted), `${found} ≈ ${wanted}`).toBeLessThanOrEqual(by);
const nearPoint = (found: readonly number[], wanted: readonly number[]) => {
  near(found[0]!, wanted[0]!);
  near(found[1]!, wanted[1]!);
};

/** A point turned clockwise about a centre. */
const turn = ([x, y]: Point, [cx, cy]: Point, degrees: number): Point => {
  const [sin, cos] = [Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180)];
  return [cx + (x - cx) * cos - (y - cy) * sin, cy + (x - cx) * sin + (y - cy) * cos];
};
const towards = ([x, y]: Point, [cx, cy]: Point) => (Math.atan2(y - cy, x - cx) * 180) / Math.PI;
const scale = async (page: Page) => Number(((await stage(page).getAttribute("data-view")) ?? "").split(" ")[0]);

/** Drags the turning knob to a point. Gives by how many degrees. */
async function turnBy(page: Page, centre: Point, height: number, angle: number, to: Point): Promise<number> {
  const knob = turn([centre[0], centre[1] - height / 2 - 24 / (await scale(page))], centre, angle);
  const [from, end] = await drag(page, stage(page), knob, to);
  return towards(end, centre) - towards(from, centre);
}

test("a rotated box by mouse: a side, its reach, resized, turned, moved", async ({ page, terrace }) => {
  const made = await open(page, terrace);
  await page.keyboard.press(key("turned"));
  const [a, b] = await drag(page, stage(page), [250, 200], [450, 250]);
  const [c] = await clicks(page, stage(page), [[300, 330]]);
  await expect(objects(page)).toHaveCount(1);
  const width = Math.hypot(b[0] - a[0], b[1] - a[1]);
  const along = [(b[0] - a[0]) / width, (b[1] - a[1]) / width] as const;
  const depth = -(c![0] - a[0]) * along[1] + (c![1] - a[1]) * along[0];
  const angle = towards(b, a);
  let box = await only<Turned>(page, "turned");
  near(box.w, width);
  near(box.h, depth);
  near(box.angle, angle, 0.3);
  await thereAndBack(page, "turned");
  await page.keyboard.press("BracketRight");

  // Its right side, drawn out along itself; the left one stays.
  const right = turn([box.cx + box.w / 2, box.cy], [box.cx, box.cy], box.angle);
  const left = turn([box.cx - box.w / 2, box.cy], [box.cx, box.cy], box.angle);
  await drag(page, stage(page), right, [right[0] + 60 * along[0], right[1] + 60 * along[1]]);
  box = await only<Turned>(page, "turned");
  near(box.w, width + 60, 1.5);
  nearPoint(turn([box.cx - box.w / 2, box.cy], [box.cx, box.cy], box.angle), left);

  const before = box;
  const by = await turnBy(page, [box.cx, box.cy], box.h, box.angle, [box.cx + 150, box.cy - 20]);
  box = await only<Turned>(page, "turned");
  near(box.angle, (before.angle + by + 360) % 360, 0.5);
  nearPoint([box.cx, box.cy, box.w], [before.cx, before.cy]);

  const [from, to] = await drag(page, stage(page), [box.cx, box.cy], [box.cx - 40, box.cy + 30]);
  const moved = await only<Turned>(page, "turned");
  nearPoint([moved.cx, moved.cy], [box.cx + to[0] - from[0], box.cy + to[1] - from[1]]);
  await thereAndBack(page, "turned");
  expect(await reloadAndSubmit<Turned>(page, terrace, made, "turned")).toMatchObject({ w: moved.w, h: moved.h, label: "turned" });
});

test("an ellipse by mouse: dragged open, resized, turned, moved", async ({ page, terrace }) => {
  const made = await open(page, terrace);
  await page.keyboard.press(key("round"));
  const [a, b] = await drag(page, stage(page), [200, 150], [440, 310]);
  let round = await only<Round>(page, "round");
  nearPoint([round.cx, round.cy], [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]);
  nearPoint([round.rx, round.ry], [(b[0] - a[0]) / 2, (b[1] - a[1]) / 2]);
  const bottom: Point = [round.cx, round.cy + round.ry];
  const [, to] = await drag(page, stage(page), bottom, [bottom[0], bottom[1] + 40]);
  const longer = await only<Round>(page, "round");
  near(longer.cy + longer.ry, to[1]);
  near(longer.cy - longer.ry, round.cy - round.ry);
  await thereAndBack(page, "round");
  const by = await turnBy(page, [longer.cx, longer.cy], 2 * longer.ry, 0, [longer.cx + 160, longer.cy - 100]);
  round = await only<Round>(page, "round");
  near(round.angle ?? 0, (by + 360) % 360, 0.5);
  const [from, end] = await drag(page, stage(page), [round.cx, round.cy], [round.cx + 50, round.cy + 20]);
  const moved = await only<Round>(page, "round");
  nearPoint([moved.cx, moved.cy], [round.cx + end[0] - from[0], round.cy + end[1] - from[1]]);
  await reloadAndSubmit(page, terrace, made, "round");
});

test("a line by mouse: clicked, a vertex moved, one put in, one taken out", async ({ page, terrace }) => {
  const made = await open(page, terrace);
  await page.keyboard.press(key("path"));
  const drawn_ = await clicks(page, stage(page), [[100, 400], [300, 350], [400, 200], [650, 220]]);
  await page.keyboard.press("Enter");
  let path = await only<Path>(page, "path");
  path.points.forEach((point, n) => nearPoint(point, drawn_[n]!));
  await thereAndBack(page, "path");
  await page.keyboard.press("BracketRight");
  const [, moved] = await drag(page, stage(page), path.points[1]!, [280, 420]);
  // Halfway along the last edge there is no vertex yet.
  const half: Point = [(path.points[2]![0] + path.points[3]![0]) / 2, (path.points[2]![1] + path.points[3]![1]) / 2];
  const [, new_] = await drag(page, stage(page), half, [530, 300]);
  path = await only<Path>(page, "path");
  expect(path.points).toHaveLength(5);
  nearPoint(path.points[1]!, moved);
  nearPoint(path.points[3]!, new_);
  await page.keyboard.down("Alt");
  await clicks(page, stage(page), [path.points[0]!]);
  await page.keyboard.up("Alt");
  expect((await only<Path>(page, "path")).points).toEqual(path.points.slice(1));
  await thereAndBack(page, "path");
  await reloadAndSubmit(page, terrace, made, "path");
});

test("a point by mouse: set, taken again and moved", async ({ page, terrace }) => {
  const made = await open(page, terrace);
  await page.keyboard.press(key("spot"));
  const [at] = await clicks(page, stage(page), [[333, 222]]);
  let spot = await only<{ x: number; y: number }>(page, "spot");
  nearPoint([spot.x, spot.y], at!);
  await page.keyboard.press("Escape");
  const [, to] = await drag(page, stage(page), [spot.x, spot.y], [500, 100]);
  spot = await only(page, "spot");
  nearPoint([spot.x, spot.y], to);
  await thereAndBack(page, "spot");
  await reloadAndSubmit(page, terrace, made, "spot");
});

test("a box by four clicks on its extremes, and the browser remembers to", async ({ page, terrace }) => {
  const made = await open(page, terrace);
  await page.keyboard.press(key("thing"));
  await page.keyboard.press("Shift+X");
  await expect(page.getByRole("button", { name: /四点画框/ })).toHaveAttribute("aria-pressed", "true");
  await clicks(page, stage(page), [[300, 100], [180, 240]]);
  await page.keyboard.press("Backspace");
  const again = await clicks(page, stage(page), [[200, 240], [320, 380], [450, 250]]);
  const box = await only<{ x: number; y: number; w: number; h: number }>(page, "thing");
  near(box.x, again[0]![0]);
  near(box.y, 100);
  near(box.y + box.h, again[1]![1]);
  near(box.x + box.w, again[2]![0]);
  await thereAndBack(page, "thing");
  await page.keyboard.press("BracketRight");
  // Its right side, as of any box; the tool begins no new one there.
  const right: Point = [box.x + box.w, box.y + box.h / 2];
  const [, to] = await drag(page, stage(page), right, [right[0] + 60, right[1]]);
  const wider = await only<typeof box>(page, "thing");
  near(wider.x + wider.w, to[0]);
  near(wider.x, box.x);
  await thereAndBack(page, "thing");
  await reloadAndSubmit(page, terrace, made, "thing");
  expect(await page.evaluate(() => localStorage.getItem("terrace.extremes"))).toBe("yes");
});

test("a mask by mouse: painted, painted on, erased", async ({ page, terrace }) => {
  const made = await open(page, terrace);
  await page.keyboard.press(key("cover"));
  await drag(page, stage(page), [200, 300], [400, 300]);
  let cover = await only<Region>(page, "cover");
  expect(cover.size).toEqual([600, 800]);
  // The brush is 12 pixels wide each way.
  expect([[200, 300], [300, 309], [300, 291], [400, 300]].map(([x, y]) => has(cover, x!, y!))).toEqual([true, true, true, true]);
  expect([[180, 300], [300, 314], [300, 286], [420, 300]].map(([x, y]) => has(cover, x!, y!))).toEqual([false, false, false, false]);
  await page.keyboard.press("Shift+BracketRight");
  await drag(page, stage(page), [400, 300], [400, 450]);
  cover = await only<Region>(page, "cover");
  expect([has(cover, 412, 400), has(cover, 200, 300)]).toEqual([true, true]);
  await thereAndBack(page, "cover");
  await page.keyboard.press("Shift+E");
  await drag(page, stage(page), [300, 250], [300, 350]);
  cover = await only<Region>(page, "cover");
  expect([has(cover, 300, 300), has(cover, 250, 300), has(cover, 350, 300)]).toEqual([false, true, true]);
  await page.keyboard.press("Shift+E");
  await thereAndBack(page, "cover");
  await reloadAndSubmit(page, terrace, made, "cover");
});

test("every kind by keys alone", async ({ page, terrace }) => {
  const made = await open(page, terrace);
  const press = async (...keys: string[]) => {
    for (const one of keys) await page.keyboard.press(one);
  };
  const draw = async (kind: Kind) => {
    await press("Escape", key(kind), "Shift+N");
    await expect(page.locator(".object-selected")).toContainText(kind);
  };
  await draw("turned");
  const box = await only<Turned>(page, "turned");
  await press("ArrowRight", "Control+ArrowUp", "Shift+ArrowRight", "Control+Alt+ArrowDown", "Shift+Period", "Control+Shift+Period");
  const turned = await only<Turned>(page, "turned");
  near(turned.w, box.w + 1, 0.02);
  near(turned.h, box.h - 10, 0.02);
  near(turned.angle, 16, 0.01);
  await press("Control+z");
  near((await only<Turned>(page, "turned")).angle, 1, 0.01);
  await press("Control+y");

  await draw("round");
  const round = await only<Round>(page, "round");
  await press("Shift+ArrowDown", "Shift+Comma");
  const rounder = await only<Round>(page, "round");
  near(rounder.ry, round.ry + 0.5, 0.02);
  near(rounder.angle!, 359, 0.01);

  await draw("path");
  const path = await only<Path>(page, "path");
  await press("Period", "ArrowUp", "Shift+V", "Control+ArrowDown");
  let longer = await only<Path>(page, "path");
  expect(longer.points).toHaveLength(4);
  nearPoint(longer.points[0]!, [path.points[0]![0], path.points[0]![1] - 1]);
  near(longer.points[1]![1], path.points[0]![1] - 0.5 + 10, 0.02);
  await press("Delete");
  longer = await only<Path>(page, "path");
  expect(longer.points).toHaveLength(3);

  await draw("spot");
  const spot = await only<{ x: number; y: number }>(page, "spot");
  await press("ArrowLeft", "Control+ArrowLeft");
  near((await only<{ x: number }>(page, "spot")).x, spot.x - 11, 0.02);

  await draw("area");
  const area = await only<Path>(page, "area");
  await press("Shift+V", "ArrowUp", "Shift+ArrowRight");
  expect((await only<Path>(page, "area")).points).toHaveLength(area.points.length + 1);

  await draw("cover");
  const disc = await only<{ counts: string }>(page, "cover");
  await press("Control+ArrowRight");
  expect((await only<{ counts: string }>(page, "cover")).counts).not.toBe(disc.counts);

  // A box by its extremes needs no clicks either: put down, and its sides led to them.
  await press("Shift+X");
  await draw("thing");
  const box_ = await only<{ x: number; w: number }>(page, "thing");
  await press("Control+Shift+ArrowRight", "Control+Alt+ArrowLeft");
  const wider = await only<{ x: number; w: number }>(page, "thing");
  near(wider.w, box_.w + 20, 0.02);
  near(wider.x, box_.x - 10, 0.02);
  await thereAndBack(page, "thing");
  await submittedAgain(page, terrace, made);
});

test("two hundred steps are taken back after a reload, down to the single vertex", async ({ page, terrace }) => {
  test.slow();
  await open(page, terrace);
  await page.keyboard.press(key("path"));
  await page.keyboard.press("Shift+N");
  await page.keyboard.press("Period");
  const first = await only<Path>(page, "path");
  for (let n = 0; n < 210; n++) await page.keyboard.press(n % 2 ? "ArrowUp" : "ArrowLeft");
  const last = await only<Path>(page, "path");
  nearPoint(last.points[0]!, [first.points[0]![0] - 105, first.points[0]![1] - 105]);
  await page.reload();
  await alive(page);
  await ready(page);
  await stage(page).focus();
  for (let n = 0; n < 210; n++) await page.keyboard.press("Control+z");
  expect(await only(page, "path")).toEqual(first);
  await page.keyboard.press("Control+z");
  await expect(objects(page)).toHaveCount(0);
});

test("among thousands: a few rows in the document, one is dragged, and the list and the image select each other", async ({ page, terrace }) => {
  const picture = await drawn(page, "ground.png", 2000, 1500);
  const boxes = { controls: schema.controls.filter((control) => control.id === "thing") };
  const made = await bench(terrace, "image", boxes, [{ name: picture.name, format: "images", bytes: picture.buffer }]);
  const rest = await terrace.rest(made.annotator);
  const { body } = await rest.post<{ claims: { id: string }[] }>(`/projects/${made.project}/claims`, { count: 1 });
  const thing = Array.from({ length: 2_000 }, (_, n) => ({
    id: `r${n + 1}`, label: "thing", x: (n % 50) * 40 + 5, y: Math.floor(n / 50) * 37 + 5, w: 30, h: 25,
  }));
  await rest.put(`/claims/${body.claims[0]!.id}/draft`, { value: { thing }, active_ms: 0, sequence: 1 });
  await openBench(page, made);
  await ready(page);
  await expect(page.locator(".side-title", { hasText: "2000" })).toBeVisible();
  expect(await objects(page).count()).toBeLessThan(100);
  // Selected on the image, the row comes into view.
  await page.keyboard.press("1");
  await clicks(page, stage(page), [[1020, 1016]]);
  await expect(page.locator(".object-selected")).toBeInViewport();
  const [from, to] = await drag(page, stage(page), [1020, 1016], [1060, 1050]);
  const changed = (await kept(page)).thing!.flatMap((box, n) => (box.x !== thing[n]!.x || box.y !== thing[n]!.y ? [[box, thing[n]!] as const] : []));
  expect(changed).toHaveLength(1);
  const [after, before] = changed[0]!;
  near(Number(after.x) - before.x, to[0] - from[0], 0.02);
  expect([after.w, after.h]).toEqual([before.w, before.h]);
  // Drawn where it belongs after a look elsewhere and back: something is on the layer of shapes that lie still.
  await page.keyboard.press("Escape");
  await page.keyboard.press("Equal");
  await page.keyboard.press("Home");
  await expect
    .poll(() =>
      page.evaluate(() => {
        const shown = [...document.querySelectorAll<HTMLCanvasElement>(".stage-settled")].find((canvas) => canvas.style.visibility !== "hidden")!;
        const pixels = shown.getContext("2d")!.getImageData(0, 0, shown.width, shown.height).data;
        let inked = 0;
        for (let n = 3; n < pixels.length; n += 4) if (pixels[n]! > 0) inked += 1;
        return inked / (shown.width * shown.height);
      }),
    )
    .toBeGreaterThan(0.2);
});

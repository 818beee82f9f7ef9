// Shapes that meet: points that stick to the border of the image and to neighbours, borders that two polygons share to the
// last digit; and the rulers that say where one is.

import type { Page } from "@playwright/test";
import { type Bench, bench, openBench } from "../support/bench";
import { drawn } from "../support/data";
import { kept, objects, press, ready, reloadAndSubmit, stage, thereAndBack } from "../support/draft";
import { clicks, drag, keyPresses, onScreen, type Point, pointTo } from "../support/stage";
import { alive, expect, type Terrace, test } from "../support/terrace";

const control = (id: string, kind: string) => ({ id, kind, labels: [{ id, title: { zh: id, en: id } }] });

// Keys: 1 field, 2 thing, 3 path, 4 spot.
const schema = { controls: [control("field", "polygon"), control("thing", "box"), control("path", "polyline"), control("spot", "point")] };

test.use({ locale: "zh-CN" });

async function open(page: Page, terrace: Terrace): Promise<Bench> {
  const picture = await drawn(page, "ground.png", 800, 600);
  const made = await bench(terrace, "image", schema, [{ name: picture.name, format: "images", bytes: picture.buffer }]);
  await openBench(page, made);
  await ready(page);
  return made;
}

type Points = [number, number][];
const points = async (page: Page, kind: string, at: number) => (await kept(page))[kind]![at]!.points as Points;
const beside = ([x, y]: readonly number[], dx: number, dy: number): Point => [x! + dx, y! + dy];

/** Moves the mouse over a point of the image. */
async function over(page: Page, point: Point): Promise<void> {
  const at = await onScreen(stage(page), point);
  await page.mouse.move(at.x, at.y);
}

/** A polygon with a knee on its right side; selected no longer. */
async function neighbour(page: Page): Promise<Points> {
  await press(page, "1");
  await clicks(page, stage(page), [[300, 150], [500, 150], [560, 300], [500, 450], [300, 450]]);
  await press(page, "Enter", "Escape");
  return points(page, "field", 0);
}

test("a polygon takes over its neighbour's border, one way or the other, to the last digit", async ({ page, terrace }) => {
  const made = await open(page, terrace);
  const first = await neighbour(page);
  const [, top, knee, bottom] = first as unknown as [Point, Point, Point, Point, Point];

  // Where a press would set a vertex is marked before it.
  await over(page, beside(top, 4, -3));
  await expect(stage(page)).toHaveAttribute("data-snap", `vertex ${top[0]} ${top[1]}`);
  await over(page, beside(top, 40, -40));
  await expect(stage(page)).not.toHaveAttribute("data-snap");
  await over(page, [400, 153]);
  await expect(stage(page)).toHaveAttribute("data-snap", /^edge /);

  await clicks(page, stage(page), [beside(top, 4, -3)]);
  const hint = page.locator(".key-strip li", { hasText: "沿邻边走" });
  await expect(hint).toHaveCount(0);
  await clicks(page, stage(page), [beside(bottom, 3, 4)]);
  await expect(hint).toBeVisible();
  await press(page, "Shift+Z");
  await clicks(page, stage(page), [[700, 300]]);
  await press(page, "Enter");
  const shared = await points(page, "field", 1);
  expect(shared).toHaveLength(4);
  expect(shared.slice(0, 3)).toEqual([top, knee, bottom]);
  await thereAndBack(page);

  // The other way; Backspace takes the whole way back; from the last vertex to the first as well.
  await press(page, "Escape", "1");
  await clicks(page, stage(page), [beside(first[0]!, -3, -3), beside(first[4]!, -3, 3)]);
  await press(page, "Shift+Z", "Shift+Z", "Shift+Z", "Backspace");
  await clicks(page, stage(page), [[150, 300]]);
  await press(page, "Enter");
  expect((await points(page, "field", 2)).slice(0, 2)).toEqual([first[0], first[4]]);
  await press(page, "Control+z", "Escape", "1");
  await clicks(page, stage(page), [beside(first[0]!, -3, -3), [150, 300], beside(first[4]!, -3, 3)]);
  // The straight line is the short way: the first press takes the long one.
  await press(page, "Shift+Z", "Enter");
  const wide = await points(page, "field", 2);
  expect([wide[0], ...wide.slice(2)]).toEqual([first[0], first[4], first[3], first[2], first[1]]);
  await press(page, "Control+z");

  // Where nothing is shared, it says so and changes nothing.
  await press(page, "Escape", "1");
  await clicks(page, stage(page), [[50, 50], [120, 50]]);
  await press(page, "Shift+Z");
  await expect(page.getByRole("alert").filter({ hasText: "没有可沿的邻边" })).toBeVisible();
  await press(page, "Escape");
  expect((await kept(page)).field).toHaveLength(2);
  await reloadAndSubmit(page, terrace, made);
});

test("the same by keys alone: a border that is shared, one way or the other, to the last digit", async ({ page, terrace }) => {
  const made = await open(page, terrace);
  const whole: Points = [[300, 150], [500, 150], [560, 300], [500, 450], [300, 450]];
  await press(page, "1", "Shift+Semicolon");
  await keyPresses(page, stage(page), whole);
  await press(page, "Enter", "4");
  expect(await points(page, "field", 0)).toEqual(whole);

  // Where a press would set a point is marked before it; with Ctrl it is set where the pointer is.
  await pointTo(page, stage(page), [504, 147]);
  await expect(stage(page)).toHaveAttribute("data-snap", "vertex 500 150");
  await press(page, "Control+Space");
  expect((await kept(page)).spot![0]).toMatchObject({ x: 504, y: 147 });
  await press(page, "Control+z", "1", "Space");
  const hint = page.locator(".key-strip li", { hasText: "沿邻边走" });
  await expect(hint).toHaveCount(0);
  await keyPresses(page, stage(page), [[503, 454]]);
  await expect(hint).toBeVisible();
  await press(page, "Shift+Z");
  await keyPresses(page, stage(page), [[700, 300]]);
  await press(page, "Enter");
  expect(await points(page, "field", 1)).toEqual([[500, 150], [560, 300], [500, 450], [700, 300]]);
  await thereAndBack(page);

  // A line along the other side, the long way round.
  await press(page, "3");
  await keyPresses(page, stage(page), [[297, 147], [297, 453]]);
  await press(page, "Shift+Z", "Enter");
  expect(await points(page, "path", 0)).toEqual([[300, 150], [500, 150], [560, 300], [500, 450], [300, 450]]);
  await thereAndBack(page);

  // One vertex taken out of the corner, and put back into it.
  await press(page, "BracketLeft");
  await keyPresses(page, stage(page), [[300, 150], [250, 100]]);
  expect((await points(page, "path", 0))[0]).toEqual([250, 100]);
  await keyPresses(page, stage(page), [[250, 100], [302, 152]]);
  expect((await points(page, "path", 0))[0]).toEqual([300, 150]);
  await reloadAndSubmit(page, terrace, made);
});

test("corners, vertices and points stick to neighbours and to the border; Ctrl holds it off, a key ends it", async ({ page, terrace }) => {
  const made = await open(page, terrace);
  const [corner] = (await neighbour(page)) as unknown as [Point];

  await press(page, "2");
  await drag(page, stage(page), [3, 4], beside(corner, 4, 4));
  type Box = { x: number; y: number; w: number; h: number };
  const box = async () => (await kept(page)).thing![0] as unknown as Box;
  expect(await box()).toMatchObject({ x: 0, y: 0, w: corner[0], h: corner[1] });
  await thereAndBack(page);
  await press(page, "BracketRight", "Escape");
  await objects(page).filter({ hasText: "thing" }).locator(".object-name").click();
  await drag(page, stage(page), corner, [296, 596]);
  expect((await box()).y + (await box()).h).toBe(600);
  await press(page, "Control+z", "Escape");

  // A vertex that is moved, into the corner of the image and beside it.
  await press(page, "3");
  await clicks(page, stage(page), [[600, 500], [700, 500]]);
  await press(page, "Enter");
  const end = async () => (await points(page, "path", 0))[1]!;
  await drag(page, stage(page), await end(), [796, 597]);
  expect(await end()).toEqual([800, 600]);
  await page.keyboard.down("Control");
  const [, to] = await drag(page, stage(page), [799, 599], [796, 520]);
  await page.keyboard.up("Control");
  expect(Math.hypot((await end())[0] - to[0], (await end())[1] - to[1])).toBeLessThan(0.02);
  await thereAndBack(page);

  await press(page, "Escape", "4");
  await clicks(page, stage(page), [[400, 446]]);
  const spot = async (at: number) => (await kept(page)).spot![at] as unknown as { x: number; y: number };
  const line = (await points(page, "field", 0)).slice(3);
  expect((await spot(0)).y).toBeCloseTo((line[0]![1] + line[1]![1]) / 2, 0);

  await stage(page).focus();
  await press(page, "Escape", "Shift+Y");
  const button = page.getByRole("button", { name: /^吸附/ });
  await expect(button).toHaveAttribute("aria-pressed", "false");
  await press(page, "4");
  const [at] = await clicks(page, stage(page), [[350, 445]]);
  expect([(await spot(1)).x, (await spot(1)).y].map((n, axis) => Math.abs(n - at![axis]!) < 0.02)).toEqual([true, true]);
  await page.reload();
  await alive(page);
  await ready(page);
  await expect(button).toHaveAttribute("aria-pressed", "false");
  await reloadAndSubmit(page, terrace, made);
});

test("rulers count the pixels of the image, zoomed, moved and turned", async ({ page, terrace }) => {
  await open(page, terrace);
  await press(page, "Control+'");
  const marks = async (side: "top" | "left") =>
    ((await page.locator(`.stage-ruler-${side}`).getAttribute("data-marks")) ?? "").split(" ").map((mark) => mark.split("@").map(Number) as [number, number]);
  const view = async () => ((await stage(page).getAttribute("data-view")) ?? "").split(" ").map(Number) as [number, number, number];
  const agree = async (side: "top" | "left", place: (pixel: number) => number) => {
    const found = await marks(side);
    expect(found.length).toBeGreaterThan(3);
    for (const [pixel, at] of found) expect(Math.abs(place(pixel) - at), `${pixel} at ${at}`).toBeLessThan(0.1);
  };
  for (const keys of [[], ["Equal", "Equal", "Equal"], ["ArrowLeft", "ArrowUp"]]) {
    await press(page, ...keys);
    const [scale, x, y] = await view();
    await agree("top", (pixel) => pixel * scale + x);
    await agree("left", (pixel) => pixel * scale + y);
  }
  await press(page, "Home", "Backslash");
  await expect(stage(page)).toHaveAttribute("data-quarter", "1");
  const [scale, x, y] = await view();
  const frame = (await page.locator(".stage-image").boundingBox())!;
  // The image's left side lies on top: its height runs from right to left.
  await agree("top", (pixel) => frame.width - (pixel * scale + y));
  await agree("left", (pixel) => pixel * scale + x);
  await page.reload();
  await alive(page);
  await ready(page);
  await expect(page.locator(".stage-ruler-top")).toBeVisible();
  await press(page, "Control+'");
  await expect(page.locator(".stage-ruler")).toHaveCount(0);
});

// Objects as wholes on the image workbench: their order, locks, copies and groups, what their label asks of them, what is made
// of several, skeletons. Each is undone and done again, and what matters is submitted.

import type { Page } from "@playwright/test";
import { type Bench, bench, openBench, submitted } from "../support/bench";
import { drawn } from "../support/data";
import { kept, objects, press, ready, reloadAndSubmit, stage, thereAndBack, type Region, type Value } from "../support/draft";
import { clicks, drag, type Point } from "../support/stage";
import { alive, expect, type Terrace, test } from "../support/terrace";

const label = (id: string, more: Record<string, unknown> = {}) => ({ id, title: { zh: id, en: id }, ...more });

const asked = [
  { id: "occluded", kind: "flag", title: { zh: "遮挡", en: "Occluded" } },
  { id: "color", kind: "choice", required: true, title: { zh: "颜色", en: "Colour" }, options: [{ id: "red" }, { id: "blue" }] },
  { id: "doors", kind: "number", min: 0, max: 9, title: { zh: "车门数", en: "Doors" } },
  { id: "plate", kind: "text", max_chars: 20, title: { zh: "车牌", en: "Plate" } },
];

// Keys: 1 car, 2 sign, 3 field, 4 cover, 5 person.
const schema = {
  controls: [
    { id: "boxes", kind: "box", labels: [label("car", { attributes: asked }), label("sign")] },
    { id: "areas", kind: "polygon", labels: [label("field")] },
    { id: "masks", kind: "mask", labels: [label("cover")] },
    {
      id: "people", kind: "skeleton", labels: [label("person")],
      points: ["头", "左手", "右手", "脚"], edges: [["头", "左手"], ["头", "右手"], ["头", "脚"]],
    },
  ],
};

test.use({ locale: "zh-CN" });

async function open(page: Page, terrace: Terrace, names = ["ground.png"]): Promise<Bench> {
  const pictures = await Promise.all(names.map((name) => drawn(page, name, 800, 600)));
  const made = await bench(terrace, "image", schema, pictures.map(({ name, buffer }) => ({ name, format: "images", bytes: buffer })));
  await openBench(page, made);
  await ready(page);
  return made;
}

/** Submits by key and gives the first item's value as the server has it. */
async function submit(page: Page, terrace: Terrace, made: Bench): Promise<Value> {
  const before = await kept(page);
  await stage(page).focus();
  await press(page, "Enter");
  await expect(page.getByText("暂时没有可做的条目")).toBeVisible();
  const first = async () => [...(await submitted(terrace, made.project)).values()][0]!;
  await expect.poll(async () => (await first()).length).toBe(1);
  const [value] = (await first()) as [Value];
  expect(value).toEqual(before);
  return value;
}

const ids = (regions: Region[] | undefined) => (regions ?? []).map(({ id }) => id);
const chip = (page: Page, name: string) => page.locator(".detail-chip", { hasText: new RegExp(`^${name}$`) });

test("order, lock, hide, copies and groups, by keys and by buttons", async ({ page, terrace }) => {
  const made = await open(page, terrace);
  await press(page, "2");
  await drag(page, stage(page), [100, 100], [300, 300]);
  await drag(page, stage(page), [350, 100], [500, 200]);
  await drag(page, stage(page), [550, 400], [700, 500]);
  expect(ids((await kept(page)).boxes)).toEqual(["r1", "r2", "r3"]);

  // Order: the last of the list lies above.
  await press(page, "Control+Shift+BracketLeft");
  expect(ids((await kept(page)).boxes)).toEqual(["r3", "r1", "r2"]);
  await thereAndBack(page);
  await press(page, "Control+BracketRight");
  expect(ids((await kept(page)).boxes)).toEqual(["r1", "r3", "r2"]);
  await chip(page, "置顶").click();
  expect(ids((await kept(page)).boxes)).toEqual(["r1", "r2", "r3"]);

  // Locked: told, and neither keys nor mouse change it; the pointer passes through it.
  await press(page, "Shift+L");
  const locked = await kept(page);
  await press(page, "ArrowRight", "Delete");
  await expect(page.getByRole("alert").filter({ hasText: "已锁定" })).toBeVisible();
  await press(page, "Escape");
  await drag(page, stage(page), [620, 450], [640, 470]);
  await press(page, "Control+z");
  expect(await kept(page)).toEqual(locked);
  await objects(page).nth(2).locator(".object-name").click();
  await chip(page, "解锁").click();
  await press(page, "ArrowRight");
  expect(await kept(page)).not.toEqual(locked);
  await press(page, "Control+z");

  // Hidden: not there for the pointer, still in the list and in the value.
  await press(page, "Backquote", "Escape", "Escape");
  await expect(page.locator(".object-hidden")).toHaveCount(1);
  await clicks(page, stage(page), [[620, 450]]);
  await expect(page.locator(".object-selected")).toHaveCount(0);
  await press(page, "Shift+Backquote");
  await clicks(page, stage(page), [[620, 450]]);
  await expect(page.locator(".object-selected")).toHaveCount(1);
  expect((await kept(page)).boxes).toHaveLength(3);

  // A label alone, and all again.
  await press(page, "Escape", "1", "Control+Backquote");
  await expect(page.locator(".object-hidden")).toHaveCount(3);
  await press(page, "Control+Backquote");
  await expect(page.locator(".object-hidden")).toHaveCount(0);

  // A second one, and the last one once more where the pointer is.
  await objects(page).first().locator(".object-name").click();
  await press(page, "Shift+D");
  let boxes = (await kept(page)).boxes!;
  expect([boxes[3]!.w, boxes[3]!.h]).toEqual([boxes[0]!.w, boxes[0]!.h]);
  await press(page, "Escape", "2");
  await drag(page, stage(page), [20, 400], [80, 440]);
  const [at] = await clicks(page, stage(page), [[400, 500]]);
  await press(page, "Shift+R");
  boxes = (await kept(page)).boxes!;
  const again = boxes[5] as unknown as { x: number; y: number; w: number; h: number };
  expect(Math.abs(again.x + again.w / 2 - at![0])).toBeLessThan(1);
  expect(again.w).toBeCloseTo(Number(boxes[4]!.w), 1);
  await thereAndBack(page);

  // Several: picked on the image with Shift and in the list, grouped, deleted together.
  await objects(page).nth(4).locator(".object-name").click();
  await objects(page).nth(5).locator(".object-name").click({ modifiers: ["Shift"] });
  await press(page, "Control+g");
  const groups = (await kept(page)).boxes!.map(({ group }) => group);
  expect(groups).toEqual([undefined, undefined, undefined, undefined, "g1", "g1"]);
  await press(page, "Control+Shift+g");
  expect((await kept(page)).boxes!.every(({ group }) => group === undefined)).toBe(true);
  await press(page, "Control+z", "Escape", "Escape");
  await page.keyboard.down("Shift");
  await clicks(page, stage(page), [[425, 150], [620, 450]]);
  await page.keyboard.up("Shift");
  await press(page, "Delete");
  expect(ids((await kept(page)).boxes)).toEqual(["r1", "r4", "r5", "r6"]);
  await thereAndBack(page);

  await page.reload();
  await alive(page);
  await ready(page);
  await expect(objects(page)).toHaveCount(4);
  const value = await submit(page, terrace, made);
  expect(value.boxes!.map(({ group }) => group ?? null)).toEqual([null, null, "g1", "g1"]);
});

test("what a label asks of its shapes, by mouse and by keys", async ({ page, terrace }) => {
  const made = await open(page, terrace);
  await press(page, "1");
  await drag(page, stage(page), [100, 100], [300, 300]);
  // Submitted without what is required: told, and the shape stays selected.
  await press(page, "Enter");
  await expect(page.getByRole("alert").filter({ hasText: "颜色" })).toBeVisible();
  await press(page, "Shift+A");
  await expect(page.getByRole("checkbox", { name: "遮挡" })).toBeFocused();
  await press(page, "Space", "Tab", "Space", "Tab");
  await expect(page.getByRole("spinbutton", { name: "车门数" })).toBeFocused();
  await page.keyboard.type("4");
  await press(page, "Tab");
  await page.keyboard.insertText("贵A·12345");
  await press(page, "Escape");
  await expect(stage(page)).toBeFocused();
  await expect(page.locator(".object-selected")).toHaveCount(1);
  const filled = { occluded: true, color: ["red"], doors: 4, plate: "贵A·12345" };
  expect((await kept(page)).boxes![0]!.attributes).toEqual(filled);
  await thereAndBack(page);
  await page.getByRole("radio", { name: "blue" }).check();
  expect((await kept(page)).boxes![0]!.attributes).toEqual({ ...filled, color: ["blue"] });
  // Another label asks for nothing: what it does not know goes, and comes back with the step.
  await stage(page).focus();
  await press(page, "2");
  expect((await kept(page)).boxes![0]!.attributes).toBeUndefined();
  await press(page, "Control+z");
  await page.reload();
  await alive(page);
  await ready(page);
  const value = await submit(page, terrace, made);
  expect(value.boxes![0]!.attributes).toEqual({ ...filled, color: ["blue"] });
});

const polygon = async (page: Page, points: Point[]) => {
  await clicks(page, stage(page), points);
  await press(page, "Enter");
};
const area = (points: [number, number][]) =>
  Math.abs(points.reduce((sum, [x, y], n) => sum + x * points[(n + 1) % points.length]![1] - points[(n + 1) % points.length]![0] * y, 0)) / 2;

test("polygons are merged, cut and simplified, and become masks and boxes", async ({ page, terrace }) => {
  const made = await open(page, terrace);
  await press(page, "3");
  await polygon(page, [[100, 100], [300, 100], [300, 300], [100, 300]]);
  await press(page, "Escape");
  await polygon(page, [[200, 200], [400, 200], [400, 400], [200, 400]]);
  let areas = (await kept(page)).areas!;
  const [a, b] = areas.map((one) => area(one.points as [number, number][]));
  await objects(page).first().locator(".object-name").click();
  // One alone is not enough.
  await press(page, "Shift+M");
  await expect(page.getByRole("alert").filter({ hasText: "两个以上" })).toBeVisible();

  await objects(page).nth(1).locator(".object-name").click({ modifiers: ["Shift"] });
  await press(page, "Shift+M");
  areas = (await kept(page)).areas!;
  expect(ids(areas)).toEqual(["r2"]);
  expect(Math.abs(area(areas[0]!.points as [number, number][]) - (a! + b! - 10_000))).toBeLessThan(300);
  await thereAndBack(page);
  await press(page, "Control+z");

  // The second one loses what the first one covers.
  await objects(page).first().locator(".object-name").click();
  await objects(page).nth(1).locator(".object-name").click({ modifiers: ["Shift"] });
  await chip(page, "裁剪").click();
  areas = (await kept(page)).areas!;
  expect(areas).toHaveLength(2);
  expect(Math.abs(area(areas[1]!.points as [number, number][]) - (b! - 10_000))).toBeLessThan(300);
  await thereAndBack(page);

  // A vertex that says nothing goes.
  const before = (areas[1]!.points as unknown[]).length;
  await press(page, "Shift+V");
  expect(((await kept(page)).areas![1]!.points as unknown[]).length).toBe(before + 1);
  await chip(page, "简化").click();
  expect(((await kept(page)).areas![1]!.points as unknown[]).length).toBe(before);

  await press(page, "Shift+3");
  let value = await kept(page);
  expect([value.areas!.length, value.masks!.length]).toEqual([1, 1]);
  await thereAndBack(page);
  await objects(page).nth(1).locator(".object-name").click();
  await press(page, "Shift+2");
  value = await kept(page);
  expect([value.areas!.length, value.masks]).toEqual([2, undefined]);
  expect(Math.abs(area(value.areas![1]!.points as [number, number][]) - (b! - 10_000))).toBeLessThan(900);
  await objects(page).first().locator(".object-name").click();
  await chip(page, "转为方框").click();
  const box = (await kept(page)).boxes![0] as unknown as { x: number; y: number; w: number; h: number };
  expect([box.x, box.y, box.w, box.h].map((n) => Math.round(n / 10))).toEqual([10, 10, 20, 20]);
  await press(page, "2");
  await reloadAndSubmit(page, terrace, made);
});

test("merged, cut, simplified and made into other kinds by keys alone", async ({ page, terrace }) => {
  const made = await open(page, terrace);
  // Two diamonds, the second one twenty pixels to the right; both are picked, the second one is selected.
  await press(page, "3", "Shift+N", "Escape", "3", "Shift+N", "Control+ArrowRight", "Control+ArrowRight");
  const areas = async () => (await kept(page)).areas!;
  const size = (region: Region) => area(region.points as [number, number][]);
  const two = await areas();
  const one = size(two[0]!);
  await press(page, "Shift+P", "BracketLeft", "Shift+P", "BracketRight", "Shift+M");
  expect(ids(await areas())).toEqual(["r2"]);
  const union = size((await areas())[0]!);
  expect(union).toBeGreaterThan(one);
  expect(union).toBeLessThan(2 * one);
  await thereAndBack(page);
  await press(page, "Control+z");
  expect(await areas()).toEqual(two);

  // What the second one loses to the first is what the two have in common.
  await press(page, "Escape", "Escape", "BracketRight", "Shift+P", "BracketRight", "Shift+K");
  const left = await areas();
  expect(left[0]).toEqual(two[0]);
  expect(left.slice(1).reduce((sum, part) => sum + size(part), 0)).toBeCloseTo(union - one, -1);
  await thereAndBack(page);

  await press(page, "Shift+V");
  const longer = (await areas())[1]!.points as unknown[];
  await press(page, "Escape", "Shift+J");
  expect((await areas())[1]!.points as unknown[]).toHaveLength(longer.length - 1);
  await thereAndBack(page);
  const outlines = await areas();
  await press(page, "Shift+3");
  expect((await kept(page)).masks).toHaveLength(1);
  expect(await areas()).toHaveLength(outlines.length - 1);
  await thereAndBack(page);
  // And back: an outline about the same pixels.
  await press(page, "Escape", "BracketLeft", "Shift+2");
  expect((await kept(page)).masks).toBeUndefined();
  expect(await areas()).toHaveLength(outlines.length);
  expect(Math.abs(size((await areas()).at(-1)!) - size(outlines[1]!))).toBeLessThan(900);
  await thereAndBack(page);
  await press(page, "Control+z", "Escape", "BracketLeft");
  await expect(page.locator(".object-selected")).toHaveCount(1);
  await press(page, "Shift+1");
  expect((await kept(page)).boxes).toHaveLength(1);
  // The box is a car, of which a colour is asked; a sign asks for nothing.
  await press(page, "2");
  await thereAndBack(page);
  await reloadAndSubmit(page, terrace, made);
});

test("a mask by its outline, with its hole filled", async ({ page, terrace }) => {
  const made = await open(page, terrace);
  await press(page, "4", "Shift+Q");
  const around = async (points: Point[]) => {
    const box = (await stage(page).boundingBox())!;
    const [scale, dx, dy] = ((await stage(page).getAttribute("data-view")) ?? "").split(" ").map(Number) as [number, number, number];
    const to = ([x, y]: Point) => page.mouse.move(box.x + x * scale + dx, box.y + y * scale + dy, { steps: 4 });
    await to(points[0]!);
    await page.mouse.down();
    for (const point of points.slice(1)) await to(point);
    await page.mouse.up();
  };
  const pixels = async () => Number(/(\d+) px/.exec((await objects(page).first().textContent()) ?? "")![1]);
  await around([[100, 100], [300, 100], [300, 300], [100, 300]]);
  const whole = await pixels();
  expect(Math.abs(whole - 40_000)).toBeLessThan(1_500);
  await press(page, "Shift+E");
  await around([[150, 150], [250, 150], [250, 250], [150, 250]]);
  expect(Math.abs(whole - (await pixels()) - 10_000)).toBeLessThan(800);
  await thereAndBack(page);
  await press(page, "Shift+O");
  expect(await pixels()).toBe(whole);
  await press(page, "Shift+E", "Shift+Q");
  await reloadAndSubmit(page, terrace, made);
});

test("a skeleton point by point, one occluded, one absent, one dragged", async ({ page, terrace }) => {
  const made = await open(page, terrace);
  await press(page, "5");
  await clicks(page, stage(page), [[400, 100]]);
  await page.keyboard.down("Alt");
  await clicks(page, stage(page), [[300, 250]]);
  await page.keyboard.up("Alt");
  await clicks(page, stage(page), [[500, 250]]);
  // The foot is not in the picture.
  await press(page, "Shift+T");
  type Joint = { name: string; x?: number; y?: number; state?: string };
  const joints = async () => (await kept(page)).people![0]!.points as Joint[];
  expect((await joints()).map(({ name, state }) => [name, state])).toEqual([["头", undefined], ["左手", "occluded"], ["右手", undefined], ["脚", "absent"]]);
  await thereAndBack(page);
  await press(page, "BracketRight");
  const hand = (await joints())[2]!;
  const [, to] = await drag(page, stage(page), [hand.x!, hand.y!], [520, 300]);
  const moved = (await joints())[2]!;
  expect(Math.hypot(moved.x! - to[0], moved.y! - to[1])).toBeLessThan(1);
  // Its states by key and by button.
  await press(page, "Period", "Shift+T");
  expect((await joints())[0]!.state).toBe("occluded");
  await page.locator(".joint", { hasText: "脚" }).click();
  expect((await joints())[3]!.state).toBeUndefined();
  await thereAndBack(page);
  await page.reload();
  await alive(page);
  await ready(page);
  const value = await submit(page, terrace, made);
  expect((value.people![0]!.points as Joint[]).length).toBe(4);
});

test("a skeleton by keys alone", async ({ page, terrace }) => {
  await open(page, terrace);
  await press(page, "5", "Shift+N");
  const joints = async () => (await kept(page)).people![0]!.points as { x: number; y: number; state?: string }[];
  const before = await joints();
  await press(page, "Period", "ArrowUp", "Shift+T", "Shift+T");
  const after = await joints();
  expect(after[0]!.state).toBe("absent");
  expect(after.slice(1)).toEqual(before.slice(1));
  await press(page, "Control+z", "Control+z");
  expect((await joints())[0]!.y).toBeCloseTo(before[0]!.y - 1, 1);
});

test("all shapes of the image before, in one step", async ({ page, terrace }) => {
  await open(page, terrace, ["a.png", "b.png"]);
  await press(page, "Shift+C");
  await expect(page.getByRole("alert").filter({ hasText: "没有可复制的图形" })).toBeVisible();
  await press(page, "2");
  await drag(page, stage(page), [100, 100], [300, 300]);
  await press(page, "3");
  await polygon(page, [[400, 100], [500, 100], [450, 300]]);
  const before = await kept(page);
  await press(page, "Enter");
  await expect(objects(page)).toHaveCount(0);
  await ready(page);
  await press(page, "Shift+C");
  await expect(objects(page)).toHaveCount(2);
  const { boxes, areas } = await kept(page);
  const form = ({ id: _, ...rest }: Region) => rest;
  expect([boxes!.map(form), areas!.map(form)]).toEqual([before.boxes!.map(form), before.areas!.map(form)]);
  await press(page, "Control+z");
  await expect(objects(page)).toHaveCount(0);
});

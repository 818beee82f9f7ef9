// Every tool that draws a shape, by mouse, by keys, by the keyboard's pointer and by touch, from one table: each draws, is edited,
// undone and done again; then all of it is found again after a reload, submitted, and found on the server. Tools that look at the picture:
// assist.spec.ts; what is special to one of them: image.spec.ts and objects.spec.ts.

import type { Page } from "@playwright/test";
import { type Bench, bench, openBench } from "../support/bench";
import { drawn } from "../support/data";
import { kept, objects, press, ready, reloadAndSubmit, stage, thereAndBack, type Region } from "../support/draft";
import { pixelsOf } from "../support/mask";
import { clicks, drag, fingers, fingerDrag, keyPresses, type Point, pointTo, taps } from "../support/stage";
import { expect, signIn, type Terrace, test } from "../support/terrace";

/** What a hand does: a drag from point to point, or a click. */
type Deed = [Point, Point] | Point;
const isDrag = (deed: Deed): deed is [Point, Point] => Array.isArray(deed[0]);

type Tool = {
  kind: string;
  more?: Record<string, unknown>;
  /** In pixels from the corner of the tool's own part of the image. */
  draw: Deed[];
  edit: Deed;
  /** The numbers of the shape by then, x and y in turn; and those that are not places. */
  drawn: number[];
  edited: number[];
  places: (region: Region) => number[];
  sizes?: (region: Region) => number[];
  sized?: number[];
};

const fields = (...names: string[]) => (region: Region) => names.map((name) => Number(region[name]));
const vertices = (region: Region) => (region.points as [number, number][]).flat();
const joints = (region: Region) => (region.points as { x: number; y: number }[]).flatMap(({ x, y }) => [x, y]);
const corners = (region: Region) => {
  const [x, y, w, h] = fields("x", "y", "w", "h")(region) as [number, number, number, number];
  return [x, y, x + w, y + h];
};
/** The corners of what a mask covers. */
const covered = (region: Region) => {
  const [, width] = region.size as [number, number];
  const [xs, ys]: [number[], number[]] = [[], []];
  pixelsOf(region).forEach((inside, at) => {
    if (!inside) return;
    xs.push(at % width);
    ys.push(Math.floor(at / width));
  });
  const least = (list: number[]) => list.reduce((a, b) => Math.min(a, b));
  const most = (list: number[]) => list.reduce((a, b) => Math.max(a, b)) + 1;
  return [least(xs), least(ys), most(xs), most(ys)];
};

const tools: Tool[] = [
  { kind: "box", draw: [[[20, 20], [180, 120]]], edit: [[180, 120], [200, 140]], places: corners, drawn: [20, 20, 180, 120], edited: [20, 20, 200, 140] },
  {
    kind: "rotated_box", draw: [[[30, 40], [170, 40]], [100, 110]], edit: [[100, 75], [115, 85]],
    places: fields("cx", "cy"), drawn: [100, 75], edited: [115, 85], sizes: fields("w", "h"), sized: [140, 70],
  },
  {
    kind: "ellipse", draw: [[[20, 20], [180, 120]]], edit: [[100, 70], [110, 85]],
    places: fields("cx", "cy"), drawn: [100, 70], edited: [110, 85], sizes: fields("rx", "ry"), sized: [80, 50],
  },
  {
    kind: "polygon", draw: [[20, 20], [180, 30], [150, 120], [20, 20]], edit: [[180, 30], [200, 20]],
    places: vertices, drawn: [20, 20, 180, 30, 150, 120], edited: [20, 20, 200, 20, 150, 120],
  },
  {
    kind: "polyline", draw: [[20, 100], [100, 20], [180, 100], [180, 100]], edit: [[100, 20], [110, 40]],
    places: vertices, drawn: [20, 100, 100, 20, 180, 100], edited: [20, 100, 110, 40, 180, 100],
  },
  { kind: "point", draw: [[100, 70]], edit: [[100, 70], [125, 90]], places: fields("x", "y"), drawn: [100, 70], edited: [125, 90] },
  {
    kind: "skeleton", more: { points: ["头", "脚"], edges: [["头", "脚"]] }, draw: [[60, 30], [140, 110]], edit: [[140, 110], [150, 90]],
    places: joints, drawn: [60, 30, 140, 110], edited: [60, 30, 150, 90],
  },
  // The brush is 12 pixels wide each way.
  {
    kind: "mask", draw: [[[40, 70], [160, 70]]], edit: [[100, 70], [100, 110]],
    places: covered, drawn: [28, 58, 172, 82], edited: [28, 58, 172, 122],
  },
];

const schema = {
  controls: tools.map(({ kind, more }) => ({ id: kind, kind, labels: [{ id: kind, title: { zh: kind, en: kind } }], ...more })),
};
const key = (tool: Tool) => String(tools.indexOf(tool) + 1);
const corner = (tool: Tool): Point => [20 + (tools.indexOf(tool) % 3) * 260, 20 + Math.floor(tools.indexOf(tool) / 3) * 190];
const at = (tool: Tool, [x, y]: Point): Point => [x + corner(tool)[0], y + corner(tool)[1]];

test.use({ locale: "zh-CN" });

async function prepared(page: Page, terrace: Terrace): Promise<Bench> {
  const picture = await drawn(page, "ground.png", 800, 600);
  return bench(terrace, "image", schema, [{ name: picture.name, format: "images", bytes: picture.buffer }]);
}

const only = async (page: Page, tool: Tool): Promise<Region> => {
  const regions = (await kept(page))[tool.kind] ?? [];
  expect(regions, tool.kind).toHaveLength(1);
  return regions[0]!;
};

function near(found: number[], wanted: number[], what: string): void {
  expect(found, what).toHaveLength(wanted.length);
  found.forEach((n, place) => expect(Math.abs(n - wanted[place]!), `${what}: ${found} ≈ ${wanted}`).toBeLessThanOrEqual(1));
}

/** The shape lies where the table says. */
async function check(page: Page, tool: Tool, wanted: number[]): Promise<void> {
  const region = await only(page, tool);
  near(tool.places(region), wanted.map((n, place) => n + corner(tool)[place % 2]!), tool.kind);
  if (tool.sizes) near(tool.sizes(region), tool.sized!, `${tool.kind}, its size`);
}

/** Draws and edits with every tool by one kind of hand, and takes back and redoes the edit. */
async function all(page: Page, take: (tool: Tool) => Promise<unknown>, hand: (deed: Deed) => Promise<unknown>, step: (back: boolean) => Promise<unknown>): Promise<void> {
  for (const tool of tools) {
    await take(tool);
    const here = (deed: Deed): Deed => (isDrag(deed) ? [at(tool, deed[0]), at(tool, deed[1])] : at(tool, deed));
    for (const deed of tool.draw) await hand(here(deed));
    await check(page, tool, tool.drawn);
    const before = await only(page, tool);
    await hand(here(tool.edit));
    await check(page, tool, tool.edited);
    const after = await only(page, tool);
    // A finger's press of a button comes after its tap.
    await step(true);
    await expect.poll(() => only(page, tool)).toEqual(before);
    await step(false);
    await expect.poll(() => only(page, tool)).toEqual(after);
  }
  await expect(objects(page)).toHaveCount(tools.length);
}

test("every tool by mouse", async ({ page, terrace }) => {
  const made = await prepared(page, terrace);
  await openBench(page, made);
  await ready(page);
  await all(
    page,
    (tool) => press(page, "Escape", key(tool)),
    (deed) => (isDrag(deed) ? drag(page, stage(page), ...deed) : clicks(page, stage(page), [deed])),
    (back) => press(page, back ? "Control+z" : "Control+y"),
  );
  await reloadAndSubmit(page, terrace, made);
});

test("every tool by keys", async ({ page, terrace }) => {
  const made = await prepared(page, terrace);
  await openBench(page, made);
  await ready(page);
  for (const tool of tools) {
    await press(page, "Escape", key(tool), "Shift+N");
    const before = await only(page, tool);
    await press(page, "Control+ArrowRight", "ArrowDown");
    const moved = await only(page, tool);
    near(tool.places(moved), tool.places(before).map((n, place) => n + (place % 2 ? 1 : 10)), tool.kind);
    await press(page, "Control+z", "Control+z");
    expect(await only(page, tool)).toEqual(before);
    await press(page, "Control+y", "Control+y");
    expect(await only(page, tool)).toEqual(moved);
    // One vertex alone, or one side.
    const single = ["polygon", "polyline", "skeleton"].includes(tool.kind);
    if (single) await press(page, "Period", "Control+ArrowUp", "Escape");
    else if (!["point", "mask"].includes(tool.kind)) await press(page, "Control+Shift+ArrowRight");
    const [was, is] = [tool.places(moved), tool.places(await only(page, tool))];
    if (single) near(is, was.map((n, place) => (place === 1 ? n - 10 : n)), `${tool.kind}, its vertex`);
    else if (tool.kind === "box") near(is, was.map((n, place) => (place === 2 ? n + 10 : n)), `${tool.kind}, its side`);
  }
  await reloadAndSubmit(page, terrace, made);
});

test("every tool by the keyboard's pointer, at chosen places", async ({ page, terrace }) => {
  test.slow();
  const made = await prepared(page, terrace);
  await openBench(page, made);
  await ready(page);
  await press(page, "Shift+Semicolon");
  await all(
    page,
    (tool) => press(page, key(tool)),
    // What is dragged is let go by the second press.
    (deed) => keyPresses(page, stage(page), isDrag(deed) ? deed : [deed]),
    (back) => press(page, back ? "Control+z" : "Control+y"),
  );
  await reloadAndSubmit(page, terrace, made);
});

test("the keyboard's pointer: extremes, drags, a view that follows, a turned picture, and the mouse", async ({ page, terrace }) => {
  test.slow();
  const made = await prepared(page, terrace);
  await openBench(page, made);
  await ready(page);
  const pointer = page.locator(".stage-pointer");
  const hint = (words: string | RegExp) => page.locator(".key-strip li", { hasText: words });
  const letsGo = hint("结束拖动");
  const selected = page.locator(".object-selected");
  const box = tools[0]!;
  const boxes = async () => ((await kept(page)).box ?? []).map(corners);
  await press(page, key(box));
  await expect(hint("键盘指针")).toBeVisible();
  await expect(pointer).toHaveCount(0);
  await press(page, "Shift+X", "Shift+Semicolon");
  await expect(pointer).toBeVisible();
  // In the middle of what is seen: all of the picture.
  await expect(stage(page)).toHaveAttribute("data-pointer", "400 300");

  // Four extremes, in whichever order; of the second four one is taken back. Escape first lets go what is selected.
  await keyPresses(page, stage(page), [[300, 200], [420, 260], [360, 150], [700, 500]]);
  await expect(selected).toHaveCount(1);
  await press(page, "Escape");
  await expect(selected).toHaveCount(0);
  await expect(pointer).toBeVisible();
  await keyPresses(page, stage(page), [[300, 200], [420, 260], [700, 150]]);
  await press(page, "Backspace");
  await keyPresses(page, stage(page), [[360, 150], [350, 280]]);
  expect(await boxes()).toEqual([[300, 150, 700, 500], [300, 150, 420, 280]]);
  await thereAndBack(page);
  await press(page, "Control+z", "Control+z", "Shift+X");
  expect(await boxes()).toEqual([]);

  // A drag is shown as one, ends by Enter as well, and is given up by Escape.
  await keyPresses(page, stage(page), [[100, 100]]);
  await expect(letsGo).toBeVisible();
  await pointTo(page, stage(page), [160, 150]);
  await press(page, "Enter");
  await expect(letsGo).toHaveCount(0);
  expect(await boxes()).toEqual([[100, 100, 160, 150]]);
  await thereAndBack(page);
  await keyPresses(page, stage(page), [[400, 400]]);
  await pointTo(page, stage(page), [500, 500]);
  await press(page, "Escape");
  await expect(letsGo).toHaveCount(0);
  await expect(pointer).toBeVisible();
  expect(await boxes()).toHaveLength(1);

  // Two presses in one place select; while an input method composes, keys mean nothing to it.
  await keyPresses(page, stage(page), [[130, 130], [130, 130]]);
  await expect(selected).toHaveCount(1);
  await keyPresses(page, stage(page), [[600, 500], [600, 500]]);
  await expect(selected).toHaveCount(0);
  await stage(page).evaluate((canvas) => {
    for (const code of ["Space", "ArrowLeft"]) canvas.dispatchEvent(new KeyboardEvent("keydown", { code, isComposing: true, bubbles: true, cancelable: true }));
  });
  await expect(stage(page)).toHaveAttribute("data-pointer", "600 500");
  await expect(letsGo).toHaveCount(0);

  // Keys zoom about it, and the view goes where it goes.
  const seen = async () => {
    const [frame, mark] = [(await page.locator(".stage-image").boundingBox())!, (await pointer.boundingBox())!];
    const [x, y] = [mark.x + mark.width / 2 - frame.x, mark.y + mark.height / 2 - frame.y];
    expect(x > 0 && x < frame.width && y > 0 && y < frame.height, `${x}, ${y}`).toBe(true);
  };
  await press(page, ...Array(10).fill("Equal"));
  await seen();
  for (const [x, y] of [[790, 20], [790, 590], [0, 600], [0, 0]] as const) {
    await pointTo(page, stage(page), [x, y]);
    await seen();
  }
  await press(page, "ArrowLeft", "Control+ArrowUp");
  await expect(stage(page)).toHaveAttribute("data-pointer", "0 0");
  // Down is down on the screen: on a picture turned clockwise, that is to its right.
  await press(page, "Home", "Backslash", "Control+ArrowDown", "ArrowLeft");
  await expect(stage(page)).toHaveAttribute("data-pointer", "10 1");
  await press(page, "Backslash", "Backslash", "Backslash");

  // A mouse that is moved leaves it alone; one that is pressed takes over. Put away, it comes back where it was.
  await page.mouse.move(500, 400);
  await expect(stage(page)).toHaveAttribute("data-pointer", "10 1");
  await clicks(page, stage(page), [[600, 500]]);
  await expect(pointer).toHaveCount(0);
  await press(page, "Shift+Semicolon");
  await expect(stage(page)).toHaveAttribute("data-pointer", "10 1");
  await press(page, "Escape");
  await expect(pointer).toHaveCount(0);
  await reloadAndSubmit(page, terrace, made);
});

test("every tool by touch, and two fingers that only look", async ({ browser, terrace, page }) => {
  test.slow();
  const made = await prepared(page, terrace);
  const context = await browser.newContext({
    baseURL: terrace.url, locale: "zh-CN", isMobile: true, hasTouch: true, viewport: { width: 820, height: 1180 },
  });
  const pad = await context.newPage();
  const client = await context.newCDPSession(pad);
  await signIn(pad, made.annotator, `/work/${made.project}`);
  await ready(pad);
  await all(
    pad,
    (tool) => pad.locator(".label-button").nth(tools.indexOf(tool)).tap(),
    (deed) => (isDrag(deed) ? fingerDrag(client, stage(pad), ...deed) : taps(pad, stage(pad), [deed])),
    async (back) => {
      // A finger takes a moment from the picture to the button. A tap within some 20 ms of the end of a drag comes as touches
      // alone now and then: Chromium makes no click of it.
      await pad.waitForTimeout(400);
      await pad.getByRole("button", { name: back ? "撤销" : "重做" }).tap();
    },
  );

  // Two fingers zoom and move the view, and draw nothing.
  const before = await kept(pad);
  const view = await stage(pad).getAttribute("data-view");
  await fingers(client, stage(pad), "touchStart", [[300, 300]]);
  await fingers(client, stage(pad), "touchStart", [[300, 300], [400, 300]]);
  await fingers(client, stage(pad), "touchMove", [[250, 320], [450, 320]]);
  await fingers(client, stage(pad), "touchEnd", []);
  await expect(stage(pad)).not.toHaveAttribute("data-view", view!);
  const scale = (words: string | null) => Number((words ?? "").split(" ")[0]);
  expect(scale(await stage(pad).getAttribute("data-view")) / scale(view)).toBeCloseTo(2, 1);
  expect(await kept(pad)).toEqual(before);
  await reloadAndSubmit(pad, terrace, made, () => pad.getByRole("button", { name: /^提交并继续/ }).tap());
  await context.close();
});

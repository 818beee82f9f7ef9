// A picture of every tool of the image workbench in use, on photographs, at 1366 × 768, to be looked at: TERRACE_SCREENS names
// the folder.

import type { Page } from "@playwright/test";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { bench, openBench } from "../support/bench";
import { photographs } from "../support/data";
import { kept, press, ready, stage } from "../support/draft";
import { clicks, drag, imageSize, onScreen, type Point } from "../support/stage";
import { expect, test } from "../support/terrace";

const folder = resolve(process.env.TERRACE_SCREENS ?? "test-results/screens");
const kinds = { 车辆: "box", 车身: "rotated_box", 车轮: "ellipse", 路面: "polygon", 车道线: "polyline", 灯: "point", 目标: "mask" };
const points = ["鼻", "左耳", "右耳", "前爪", "尾"];
// Keys: 1 to 7 by this order, 8 the skeleton.
const schema = {
  controls: [
    ...Object.entries(kinds).map(([zh, kind]) => ({ id: kind, kind, title: { zh, en: kind }, labels: [{ id: `${kind}-1`, title: { zh, en: kind } }] })),
    { id: "skeleton", kind: "skeleton", title: { zh: "动物", en: "skeleton" }, labels: [{ id: "dog", title: { zh: "狗", en: "Dog" } }], points, edges: points.slice(1).map((one) => ["鼻", one]) },
  ],
};

test("pictures of every tool in use", async ({ browser, terrace, page }) => {
  await page.goto("/sign-in");
  const pictures = await photographs(page);
  for (const theme of ["light", "dark"] as const) {
    const out = join(folder, `tools-${theme}`);
    mkdirSync(out, { recursive: true });
    for (const [name, picture] of pictures.entries()) {
      const made = await bench(terrace, "image", schema, [{ name: picture.name, format: "images", bytes: picture.buffer }]);
      const context = await browser.newContext({ baseURL: terrace.url, locale: "zh-CN", viewport: { width: 1366, height: 768 } });
      await context.addCookies([{ name: "theme", value: theme, url: terrace.url }]);
      const desk = await context.newPage();
      await openBench(desk, made);
      await ready(desk);
      await [road, animal, shelf][name]!(desk, (shot) => desk.screenshot({ path: join(out, `${shot}.png`) }));
      await context.close();
    }
  }
});

type Shoot = (name: string) => Promise<unknown>;

/** A point of the image by its share of width and height. */
async function at(page: Page, x: number, y: number): Promise<Point> {
  const [w, h] = await imageSize(stage(page));
  return [x * w, y * h];
}
const all = async (page: Page, shares: readonly Point[]) => Promise.all(shares.map(([x, y]) => at(page, x, y)));
async function over(page: Page, point: Point): Promise<void> {
  const to = await onScreen(stage(page), point);
  await page.mouse.move(to.x - 3, to.y - 2);
  await page.mouse.move(to.x, to.y);
}

async function road(page: Page, shoot: Shoot): Promise<void> {
  await press(page, "1");
  await drag(page, stage(page), await at(page, 0.05, 0.28), await at(page, 0.93, 0.75));
  await shoot("box");
  await press(page, "Escape");
  await over(page, await at(page, 0.052, 0.285));
  await shoot("box-snap");
  await press(page, "Shift+X");
  await clicks(page, stage(page), await all(page, [[0.4, 0.3], [0.3, 0.45], [0.5, 0.6]]));
  await shoot("box-extremes");
  await press(page, "Escape", "Shift+X", "2");
  await drag(page, stage(page), await at(page, 0.2, 0.5), await at(page, 0.5, 0.44));
  await clicks(page, stage(page), await all(page, [[0.5, 0.6]]));
  await shoot("rotated-box");
  await press(page, "3");
  await drag(page, stage(page), await at(page, 0.2, 0.52), await at(page, 0.3, 0.72));
  await shoot("ellipse");
  await press(page, "4");
  await clicks(page, stage(page), await all(page, [[0.02, 0.78], [0.35, 0.8], [0.5, 0.86], [0.45, 0.97], [0.02, 0.96]]));
  await press(page, "Enter", "Escape");
  await clicks(page, stage(page), await all(page, [[0.351, 0.802]]));
  await over(page, await at(page, 0.4515, 0.972));
  await shoot("polygon-snap");
  await clicks(page, stage(page), await all(page, [[0.4515, 0.972]]));
  await press(page, "Shift+Z");
  await over(page, await at(page, 0.8, 0.9));
  await shoot("polygon-follow");
  await clicks(page, stage(page), await all(page, [[0.85, 0.95], [0.8, 0.8]]));
  await press(page, "Enter");
  await shoot("polygon");
  await press(page, "5");
  await clicks(page, stage(page), await all(page, [[0.1, 0.85], [0.4, 0.9], [0.7, 0.86], [0.95, 0.95]]));
  await shoot("polyline");
  await press(page, "Enter", "6");
  await clicks(page, stage(page), await all(page, [[0.12, 0.5], [0.3, 0.4], [0.75, 0.35]]));
  await shoot("points");
  await press(page, "Escape", "Shift+B", "Control+'");
  await page.getByRole("button", { name: "自动", exact: true }).click();
  await over(page, await at(page, 0.5, 0.5));
  await shoot("window-and-rulers");
  await stage(page).focus();
  await press(page, "Shift+B", "Equal", "Equal", "Equal", "Equal", "Quote", "Semicolon");
  await over(page, await at(page, 0.5, 0.5));
  await shoot("near-with-grid-and-map");
  await press(page, "Home", "Backslash");
  await shoot("turned-with-rulers");
}

async function animal(page: Page, shoot: Shoot): Promise<void> {
  // The nose, the ears, a paw; the tail is not in the picture.
  await press(page, "8");
  await clicks(page, stage(page), await all(page, [[0.486, 0.5], [0.335, 0.6], [0.272, 0.45]]));
  await over(page, await at(page, 0.35, 0.92));
  await shoot("skeleton-drawn");
  await clicks(page, stage(page), await all(page, [[0.35, 0.92]]));
  await press(page, "Shift+T");
  await shoot("skeleton");
  await press(page, "Escape", "7");
  await drag(page, stage(page), await at(page, 0.15, 0.85), await at(page, 0.3, 0.75));
  await shoot("mask-brush");
  await press(page, "Control+z", "Escape", "Shift+W", "7");
  await clicks(page, stage(page), await all(page, [[0.55, 0.45]]));
  await expect.poll(async () => (await kept(page)).mask?.length ?? 0).toBe(1);
  await over(page, await at(page, 0.58, 0.48));
  await shoot("wand");
  // Around the bowl, from edge to edge.
  await press(page, "Control+z", "Escape", "Shift+I");
  await clicks(page, stage(page), await all(page, [[0.6125, 0.363], [0.718, 0.262], [0.824, 0.32], [0.8, 0.436]]));
  await over(page, await at(page, 0.708, 0.49));
  await page.waitForTimeout(1_500);
  await shoot("scissors");
  await clicks(page, stage(page), await all(page, [[0.708, 0.49], [0.646, 0.46]]));
  await press(page, "Enter");
  const traced = async () => Object.entries(await kept(page)).flatMap(([kind, regions]) => (kind === "skeleton" ? [] : regions)).length;
  await expect.poll(traced).toBe(1);
  await shoot("scissors-closed");
  await press(page, "Control+z", "Escape", "Shift+U", "7");
  await drag(page, stage(page), await at(page, 0.595, 0.235), await at(page, 0.84, 0.515));
  await expect.poll(traced, { timeout: 30_000 }).toBe(1);
  await shoot("cut-out");
}

async function shelf(page: Page, shoot: Shoot): Promise<void> {
  await press(page, "7", "Shift+Q");
  const way = await all(page, [[0.2, 0.3], [0.35, 0.28], [0.38, 0.6], [0.22, 0.62]]);
  const places = [];
  for (const point of way) places.push(await onScreen(stage(page), point));
  await page.mouse.move(places[0]!.x, places[0]!.y);
  await page.mouse.down();
  for (const { x, y } of places.slice(1)) await page.mouse.move(x, y, { steps: 6 });
  await shoot("mask-outline");
  await page.mouse.up();
  await shoot("mask-filled");
  await press(page, "1");
  for (let n = 0; n < 6; n++) await drag(page, stage(page), await at(page, 0.05 + n * 0.15, 0.7), await at(page, 0.15 + n * 0.15, 0.95));
  await shoot("many");
}

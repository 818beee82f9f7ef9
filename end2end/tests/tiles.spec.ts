// Large images: fetched in tiles of what is looked at, never whole; shapes land on the same pixels; what did not come can be
// asked for again.

import type { Page } from "@playwright/test";
import { deflateSync } from "node:zlib";
import { type Bench, bench, openBench, submitted } from "../support/bench";
import { pngOf } from "../support/png";
import { drag, onScreen, type Point, wheel } from "../support/stage";
import { expect, type Terrace, test } from "../support/terrace";

const [WIDTH, HEIGHT] = [9_000, 6_000];
const schema = { controls: [{ id: "things", kind: "box", labels: [{ id: "car" }] }] };

test.use({ locale: "zh-CN" });

/** One red pixel among grey squares of ten pixels. */
const red: Point = [6_203, 1_507];

function picture(): Uint8Array {
  const rows = Buffer.alloc(HEIGHT * (1 + WIDTH * 3));
  for (let y = 0; y < HEIGHT; y++) {
    const at = y * (1 + WIDTH * 3);
    const [a, b] = [Buffer.alloc(30, 70), Buffer.alloc(30, 190)];
    const odd = Math.floor(y / 10) % 2 === 1;
    Buffer.alloc(WIDTH * 3, odd ? Buffer.concat([b, a]) : Buffer.concat([a, b])).copy(rows, at + 1);
  }
  Buffer.from([255, 0, 0]).copy(rows, red[1] * (1 + WIDTH * 3) + 1 + red[0] * 3);
  return pngOf(WIDTH, HEIGHT, deflateSync(rows, { level: 1 }));
}

const stage = (page: Page) => page.locator("#stage");

/** Every address of an image or a tile that the page asks for, from now on. */
function asked(page: Page): string[] {
  const seen: string[] = [];
  page.on("request", (request) => {
    const path = new URL(request.url()).pathname + new URL(request.url()).search;
    if (path.startsWith("/media/items/")) seen.push(path.replace(/^\/media\/items\/[^/?]+/, ""));
  });
  return seen;
}

/** All tiles of the view have come. */
const settled = (page: Page) =>
  expect
    .poll(async () => {
      const [here, wanted] = ((await stage(page).getAttribute("data-tiles")) ?? "0/1").split("/").map(Number);
      return wanted! - here!;
    })
    .toBe(0);

/** The colour on the screen over a point of the image. */
async function colour(page: Page, point: Point): Promise<number[]> {
  const view = ((await stage(page).getAttribute("data-view")) ?? "").split(" ").map(Number) as [number, number, number];
  return page.evaluate(
    ([x, y]) => {
      const canvas = document.querySelector<HTMLCanvasElement>(".stage-image canvas")!;
      const ratio = canvas.width / canvas.clientWidth;
      return [...canvas.getContext("2d")!.getImageData(Math.floor(x * ratio), Math.floor(y * ratio), 1, 1).data].slice(0, 3);
    },
    [point[0] * view[0] + view[1], point[1] * view[0] + view[2]] as const,
  );
}

async function open(page: Page, terrace: Terrace): Promise<Bench> {
  const made = await bench(terrace, "image", schema, [{ name: "large.png", format: "images", bytes: picture() }]);
  await openBench(page, made);
  await expect(page.locator("#stage[data-ready]")).toBeVisible();
  return made;
}

test("a large image comes in tiles, shows single pixels, and takes a box where it was drawn", async ({ page, terrace }) => {
  const seen = asked(page);
  const made = await open(page, terrace);
  expect(seen).toEqual(["?width=1600"]);

  // Closer and closer to one pixel.
  for (let step = 0; step < 5; step++) await wheel(page, stage(page), red, -700);
  await settled(page);
  const tiles = seen.filter((path) => path.startsWith("/tiles/"));
  expect(tiles.some((path) => path.startsWith("/tiles/0/"))).toBe(true);
  expect(seen.filter((path) => !path.startsWith("/tiles/"))).toEqual(["?width=1600"]);
  expect(tiles.length).toBeLessThan(150);

  // At more than 400 % each pixel is a square of its own colour up to its border.
  const scale = Number(((await stage(page).getAttribute("data-view")) ?? "").split(" ")[0]);
  expect(scale).toBeGreaterThan(4);
  await page.mouse.move(5, 5);
  const inside: Point[] = [[0.5, 0.5], [0.1, 0.1], [0.9, 0.1], [0.1, 0.9], [0.9, 0.9]];
  for (const [dx, dy] of inside) expect(await colour(page, [red[0] + dx, red[1] + dy])).toEqual([255, 0, 0]);
  for (const [dx, dy] of [[-0.1, 0.5], [1.1, 0.5], [0.5, -0.1], [0.5, 1.1]] as Point[]) {
    const [r, g, b] = await colour(page, [red[0] + dx, red[1] + dy]);
    expect([r === g && g === b, [70, 190].includes(r!)]).toEqual([true, true]);
  }

  // Around that pixel, at a distance of three.
  await page.keyboard.press("Digit1");
  const [from, to] = await drag(page, stage(page), [red[0] - 3, red[1] - 3], [red[0] + 4, red[1] + 4]);
  await expect(page.locator(".object")).toHaveCount(1);
  await stage(page).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByText("暂时没有可做的条目")).toBeVisible();
  const [value] = [...(await submitted(terrace, made.project)).values()][0]! as [{ things: { x: number; y: number; w: number; h: number }[] }];
  const box = value.things[0]!;
  const wanted = [from[0], from[1], to[0] - from[0], to[1] - from[1]];
  [box.x, box.y, box.w, box.h].forEach((found, n) => expect(Math.abs(found - wanted[n]!)).toBeLessThanOrEqual(1));
  expect(Math.abs(box.x - (red[0] - 3))).toBeLessThanOrEqual(1);
});

test("tiles that are passed by are given up, and those that fail can be asked for again", async ({ page, terrace }) => {
  let broken = true;
  const given: string[] = [];
  page.on("requestfailed", (request) => given.push(request.failure()?.errorText ?? ""));
  await page.route("**/tiles/**", async (route) => {
    if (broken) return route.fulfill({ status: 500, body: "" });
    await new Promise((next) => setTimeout(next, 150));
    await route.continue().catch(() => undefined);
  });
  await open(page, terrace);
  await wheel(page, stage(page), [4_500, 3_000], -700);
  await wheel(page, stage(page), [4_500, 3_000], -700);
  const note = page.getByText("部分图像没有载入，其余部分可以继续标注。");
  await expect(note).toBeVisible({ timeout: 20_000 });

  // Work goes on meanwhile.
  await stage(page).focus();
  await page.keyboard.press("Digit1");
  await drag(page, stage(page), [4_300, 2_900], [4_400, 3_000]);
  await expect(page.locator(".object")).toHaveCount(1);
  broken = false;
  await page.getByRole("button", { name: "重试" }).click();
  await settled(page);
  await expect(note).toBeHidden();

  // Far away and back before anything can have come.
  const at = await onScreen(stage(page), [4_500, 3_000]);
  await page.mouse.move(at.x, at.y);
  for (let step = 0; step < 4; step++) {
    await page.mouse.down({ button: "middle" });
    await page.mouse.move(at.x - 500, at.y, { steps: 2 });
    await page.mouse.up({ button: "middle" });
    await page.mouse.move(at.x, at.y);
  }
  await expect.poll(() => given.some((why) => why.includes("ABORTED"))).toBe(true);
  await settled(page);
});

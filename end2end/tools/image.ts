// The image workbench among hundreds and thousands of shapes on 20 megapixels: a table, and target/bench/browser.jsonl.
// Frames are the times between animation frames while a hand drags, zooms and pans; 16.7 ms is every frame of the screen.

import { type Browser, type CDPSession, type Page } from "@playwright/test";
import { appendFileSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createDeflate } from "node:zlib";
import { pngOf } from "../support/png";
import { bench, keyToLabel } from "../support/bench";
import { onScreen, type Point } from "../support/stage";
import { expect, signIn, type Terrace, test } from "../support/terrace";

const [WIDTH, HEIGHT] = [5_472, 3_648];
const SECONDS = 3;
const out = join(import.meta.dirname, "../../target/bench");

const schema = {
  controls: [
    { id: "areas", kind: "polygon", labels: [{ id: "field" }, { id: "road" }, { id: "house" }] },
    { id: "boxes", kind: "box", labels: [{ id: "car" }, { id: "person" }, { id: "sign" }] },
  ],
};

type Case = { name: string; kind: "areas" | "boxes"; count: number };
const cases: Case[] = [
  { name: "polygons-100", kind: "areas", count: 100 },
  { name: "polygons-1000", kind: "areas", count: 1_000 },
  { name: "polygons-5000", kind: "areas", count: 5_000 },
  { name: "boxes-5000", kind: "boxes", count: 5_000 },
];

/** So many shapes over the whole image, none upon another: polygons of twelve vertices, or boxes. */
function shapes({ kind, count }: Case): { value: unknown; middle: Point } {
  const columns = Math.ceil(Math.sqrt((count * WIDTH) / HEIGHT));
  const [w, h] = [WIDTH / columns, HEIGHT / Math.ceil(count / columns)];
  const round = (n: number) => Math.round(n * 100) / 100;
  const centre = (n: number): Point => [((n % columns) + 0.5) * w, (Math.floor(n / columns) + 0.5) * h];
  const labels = schema.controls.find((control) => control.id === kind)!.labels;
  const regions = Array.from({ length: count }, (_, n) => {
    const [x, y] = centre(n);
    const named = { id: `r${n + 1}`, label: labels[n % 3]!.id };
    if (kind === "boxes") return { ...named, x: round(x - w * 0.35), y: round(y - h * 0.35), w: round(w * 0.7), h: round(h * 0.7) };
    const points = Array.from({ length: 12 }, (_, k) => {
      const [angle, reach] = [(k / 12) * 2 * Math.PI, 0.32 + 0.1 * ((k * 7 + n) % 3) * 0.5];
      return [round(x + Math.cos(angle) * w * reach), round(y + Math.sin(angle) * h * reach)];
    });
    return { ...named, points };
  });
  const row = Math.floor(Math.ceil(count / columns) / 2);
  return { value: { [kind]: regions }, middle: centre(row * columns + Math.floor(columns / 2)) };
}

/** A photograph's worth of noise: 20 megapixels. */
async function picture(page: Page): Promise<Buffer> {
  const base64 = await page.evaluate(
    ([width, height]) => {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [width, height];
      const brush = canvas.getContext("2d")!;
      for (let n = 0; n < 4_000; n++) {
        brush.fillStyle = `hsl(${(n * 47) % 360} 30% ${30 + (n % 40)}%)`;
        brush.fillRect((n * 7919) % width, (n * 104_729) % height, 40 + (n % 300), 30 + (n % 200));
      }
      return canvas.toDataURL("image/jpeg", 0.8).split(",")[1]!;
    },
    [WIDTH, HEIGHT] as const,
  );
  return Buffer.from(base64, "base64");
}

const at = (sorted: number[], share: number) => sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)]!;

/** The frames while the hand does this for some seconds: median and p95, in milliseconds. */
async function frames(page: Page, hand: (step: number) => Promise<void>): Promise<{ median: number; p95: number }> {
  await page.evaluate(() => {
    const times: number[] = [];
    Object.assign(window, { frames: times, watching: true });
    const watch = (now: number) => {
      times.push(now);
      if ((window as unknown as { watching: boolean }).watching) requestAnimationFrame(watch);
    };
    requestAnimationFrame(watch);
  });
  const end = Date.now() + SECONDS * 1_000;
  for (let step = 0; Date.now() < end; step++) await hand(step);
  const times = await page.evaluate(() => {
    const seen = window as unknown as { frames: number[]; watching: boolean };
    seen.watching = false;
    return seen.frames;
  });
  const gaps = times.slice(1).map((time, n) => time - times[n]!).sort((a, b) => a - b);
  return { median: at(gaps, 0.5), p95: at(gaps, 0.95) };
}

/** What the page's process holds, in megabytes that it shares with no other. */
async function memory(browser: Browser): Promise<number> {
  const client: CDPSession = await browser.newBrowserCDPSession();
  const { processInfo } = await client.send("SystemInfo.getProcessInfo");
  await client.detach();
  const pss = (pid: number) => Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))![1]) / 1_024;
  return Math.max(...processInfo.filter((process) => process.type === "renderer").map((process) => pss(process.id)));
}

/** From the address to the first frame that shows shapes, in milliseconds. */
async function firstView(page: Page, address: string): Promise<number> {
  await page.goto(address);
  return page.evaluate(async () => {
    const isInked = () => {
      const ready = document.querySelector("#stage[data-ready]");
      const canvas = [...document.querySelectorAll<HTMLCanvasElement>(".stage-settled")].find((one) => one.style.visibility === "visible");
      if (!ready || !canvas || canvas.width === 0) return false;
      // A square in the middle is wide enough to hold a piece of a shape, and soon read.
      const side = Math.min(300, canvas.width, canvas.height);
      const middle = canvas.getContext("2d")!.getImageData((canvas.width - side) / 2, (canvas.height - side) / 2, side, side);
      return middle.data.some((byte) => byte > 0);
    };
    while (!isInked()) await new Promise((next) => requestAnimationFrame(next));
    await new Promise((next) => requestAnimationFrame(() => setTimeout(next, 0)));
    return performance.now();
  });
}

async function measure(browser: Browser, terrace: Terrace, file: Buffer, one: Case): Promise<[string, number, string][]> {
  const made = await bench(terrace, "image", schema, [{ name: "large.jpg", format: "images", bytes: file }]);
  const { value, middle } = shapes(one);
  const rest = await terrace.rest(made.annotator);
  const { body } = await rest.post<{ claims: { id: string }[] }>(`/projects/${made.project}/claims`, { count: 1 });
  await rest.put(`/claims/${body.claims[0]!.id}/draft`, { value, active_ms: 0, sequence: 1 });

  const context = await browser.newContext({ baseURL: terrace.url, locale: "zh-CN", viewport: { width: 1366, height: 768 } });
  const page = await context.newPage();
  // Once before, so that what the browser keeps of the page itself is there, as on any day but the first.
  await signIn(page, made.annotator, `/work/${made.project}`);
  await expect(page.locator("#stage[data-ready]")).toBeVisible({ timeout: 60_000 });
  const first = await firstView(page, `/work/${made.project}`);
  const stage = page.locator("#stage");
  await stage.focus();
  await page.waitForTimeout(1_000);

  // With nothing in hand, a click selects.
  await page.keyboard.press("Escape");
  const here = await onScreen(stage, middle);
  await page.mouse.click(here.x, here.y);
  await expect(page.locator(".object-selected")).toHaveCount(1);
  await page.waitForTimeout(500);
  await page.mouse.move(here.x, here.y);
  await page.mouse.down();
  const drag = await frames(page, (step) => page.mouse.move(here.x + 120 * Math.sin(step / 20), here.y + 80 * Math.cos(step / 30)));
  await page.mouse.up();
  const digit = one.kind === "areas" ? 1 : 4;
  // From the first label on each key is another one.
  await page.keyboard.press(`Digit${digit}`);
  await page.waitForTimeout(500);
  const labels: number[] = [];
  for (let n = 0; n < 9; n++) labels.push((await keyToLabel(page, `Digit${digit + ((n + 1) % 3)}`)).shown);
  labels.sort((a, b) => a - b);

  await page.mouse.move(here.x, here.y);
  const zoom = await frames(page, (step) => page.mouse.wheel(0, Math.floor(step / 25) % 2 ? 60 : -60));
  await page.keyboard.press("Home");
  await page.mouse.wheel(0, -400);
  await page.waitForTimeout(1_000);
  await page.mouse.down({ button: "middle" });
  const pan = await frames(page, (step) => page.mouse.move(here.x + 200 * Math.sin(step / 25), here.y + 150 * Math.cos(step / 25)));
  await page.mouse.up({ button: "middle" });
  const held = await memory(browser);
  await context.close();
  return [
    ["first_view_ms", first, "ms"],
    ["drag_frame_median_ms", drag.median, "ms"],
    ["drag_frame_p95_ms", drag.p95, "ms"],
    ["zoom_frame_p95_ms", zoom.p95, "ms"],
    ["pan_frame_p95_ms", pan.p95, "ms"],
    ["key_to_label_ms", at(labels, 0.5), "ms"],
    ["page_mb", held, "MB"],
  ];
}

/** A thousand megapixels: a PNG whose rows come one by one, so that nobody holds them all. */
async function gigapixel(): Promise<Uint8Array> {
  const side = 31_623;
  const deflate = createDeflate({ level: 1 });
  const parts: Buffer[] = [];
  deflate.on("data", (part: Buffer) => parts.push(part));
  const ended = new Promise((done) => deflate.on("end", done));
  const row = Buffer.alloc(1 + side * 3);
  for (let y = 0; y < side; y++) {
    // Slopes in three directions; the file is filtered by nothing, and small because each sixteen rows are alike.
    if (y % 16 === 0) for (let x = 0; x < side; x++) row.writeUIntBE((((x >> 4) & 255) << 16) | (((x + y) >> 5 & 255) << 8) | ((y >> 4) & 255), 1 + x * 3, 3);
    if (!deflate.write(Buffer.from(row))) await new Promise((next) => deflate.once("drain", () => next(undefined)));
  }
  deflate.end();
  await ended;
  return pngOf(side, side, Buffer.concat(parts));
}

/** The workbench over a gigapixel: from the address to all that the first view shows, then zooming and panning. */
async function measureGigapixel(browser: Browser, terrace: Terrace): Promise<[string, number, string][]> {
  const made = await bench(terrace, "image", schema, []);
  const rest = await terrace.rest();
  const begun = Date.now();
  const { body } = await rest.post<{ id: string }>(`/projects/${made.project}/imports?format=images&name=giga.png`, await gigapixel());
  await rest.finished(`/imports/${body.id}`, 1_500);
  console.log(`a gigapixel was made, uploaded and cut in ${((Date.now() - begun) / 1_000).toFixed(0)} s`);
  const context = await browser.newContext({ baseURL: terrace.url, locale: "zh-CN", viewport: { width: 1366, height: 768 } });
  const page = await context.newPage();
  await signIn(page, made.annotator, `/work/${made.project}`);
  await expect(page.locator("#stage[data-ready]")).toBeVisible({ timeout: 60_000 });
  await page.goto(`/work/${made.project}`);
  const first = await page.evaluate(async () => {
    const isThere = () => {
      const stage = document.querySelector("#stage[data-ready]");
      const [here, wanted] = (stage?.getAttribute("data-tiles") ?? "0/0").split("/");
      return stage !== null && here === wanted;
    };
    while (!isThere()) await new Promise((next) => requestAnimationFrame(next));
    await new Promise((next) => requestAnimationFrame(() => setTimeout(next, 0)));
    return performance.now();
  });
  const stage = page.locator("#stage");
  const box = (await stage.boundingBox())!;
  const here = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await page.mouse.move(here.x, here.y);
  const zoom = await frames(page, (step) => page.mouse.wheel(0, Math.floor(step / 40) % 2 ? 80 : -80));
  await page.keyboard.press("Home");
  for (let step = 0; step < 4; step++) await page.mouse.wheel(0, -500);
  await page.waitForTimeout(1_500);
  await page.mouse.down({ button: "middle" });
  const pan = await frames(page, (step) => page.mouse.move(here.x + 300 * Math.sin(step / 25), here.y + 200 * Math.cos(step / 25)));
  await page.mouse.up({ button: "middle" });
  const held = await memory(browser);
  await context.close();
  return [
    ["first_view_ms", first, "ms"],
    ["zoom_frame_p95_ms", zoom.p95, "ms"],
    ["pan_frame_p95_ms", pan.p95, "ms"],
    ["page_mb", held, "MB"],
  ];
}

test("the image workbench over a gigapixel", async ({ browser, terrace }) => {
  test.setTimeout(1_800_000);
  mkdirSync(out, { recursive: true });
  for (const [metric, value, unit] of await measureGigapixel(browser, terrace)) {
    const line = { bench: "image", case: "gigapixel", metric, value: Math.round(value * 100) / 100, unit };
    appendFileSync(join(out, "browser.jsonl"), JSON.stringify(line) + "\n");
    console.log(`gigapixel ${metric} ${value.toFixed(1)}`);
  }
});

test("the image workbench among thousands", async ({ browser, page, terrace }) => {
  const file = await picture(page);
  mkdirSync(out, { recursive: true });
  const rows: [string, [string, number, string][]][] = [];
  for (const one of cases) {
    const figures = await measure(browser, terrace, file, one);
    rows.push([one.name, figures]);
    for (const [metric, value, unit] of figures) {
      const line = { bench: "image", case: one.name, metric, value: Math.round(value * 100) / 100, unit };
      appendFileSync(join(out, "browser.jsonl"), JSON.stringify(line) + "\n");
    }
  }
  const names = rows[0]![1].map(([metric]) => metric);
  console.log(
    [
      "",
      `| case | ${names.join(" | ")} |`,
      `|---|${names.map(() => "---:|").join("")}`,
      ...rows.map(([name, figures]) => `| ${name} | ${figures.map(([, value]) => value.toFixed(1)).join(" | ")} |`),
      "",
    ].join("\n"),
  );
});

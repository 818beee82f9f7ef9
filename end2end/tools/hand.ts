// Boxes an hour of a scripted hand on three photographs: dragged from corner to corner, dragged and put right, and clicked
// together by their extremes. What the hand does is really done in the browser, checked and counted; how long a person's hand
// and head take for it comes from a model, how long the workbench takes is measured. A table, and target/bench/browser.jsonl.
//
// The model. Hand: Fitts's law for a mouse in Shannon's form, with the constants of MacKenzie, Sellen & Buxton (CHI '91):
// pointing -107 + 223 ID ms, dragging 135 + 249 ID ms, ID = log2(distance / width + 1), the button's time within. Keys and
// thought: the keystroke-level model of Card, Moran & Newell (1980), K = 280 ms, M = 1,350 ms. The left hand lies on the keys,
// the right one on the mouse: no H. One M goes before each object (which is next?), one before each place that has to be found
// on the picture, and one before the submit (is it all?). The workbench's answer to each box, label and submit is waited for.

import type { Page } from "@playwright/test";
import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { bench, openBench, submitted } from "../support/bench";
import { type File, photographs } from "../support/data";
import { onScreen, type Point } from "../support/stage";
import { expect, type Terrace, test } from "../support/terrace";

const out = join(import.meta.dirname, "../../target/bench");
/** Milliseconds of a key, and of a thought. */
const [KEY, MENTAL] = [280, 1_350];
/** A side may be off by three pixels of the screen, and a handle is twelve wide. */
const [SIDE, HANDLE] = [6, 12];
/** How far the first corner of a drag misses, on the screen: it lies on nothing that can be seen. */
const MISS = 8;

const labels = ["vehicle", "wheel", "part", "bag", "animal", "person", "thing"];
const schema = { controls: [{ id: "things", kind: "box", labels: labels.map((id) => ({ id })) }] };

/** An object's label and its extremes: top, left, bottom, right, in pixels of the photograph. */
type Thing = { label: string; at: [Point, Point, Point, Point] };
const thing = (label: string, ...at: [Point, Point, Point, Point]): Thing => ({ label, at });

/** In the order in which the hand goes; what lies within another one comes before it. */
const scenes: Record<string, Thing[]> = {
  "truck.jpg": [
    thing("wheel", [560, 625], [446, 737], [563, 854], [676, 737]),
    thing("wheel", [1_520, 560], [1_404, 670], [1_500, 777], [1_627, 670]),
    thing("part", [1_266, 380], [1_246, 408], [1_266, 445], [1_291, 422]),
    thing("part", [1_027, 469], [982, 487], [1_027, 505], [1_070, 482]),
    thing("part", [165, 522], [162, 570], [219, 631], [221, 590]),
    thing("vehicle", [804, 281], [83, 714], [576, 857], [1_710, 589]),
  ],
  "dog.jpg": [
    thing("animal", [228, 222], [0, 470], [150, 534], [425, 325]),
    thing("thing", [590, 138], [491, 195], [600, 262], [660, 180]),
    thing("person", [700, 0], [511, 355], [617, 434], [800, 5]),
    thing("thing", [340, 0], [37, 55], [165, 235], [392, 95]),
  ],
  "groceries.jpg": [
    thing("bag", [410, 163], [367, 300], [400, 342], [447, 205]),
    thing("bag", [497, 144], [438, 325], [455, 341], [514, 160]),
    thing("bag", [597, 137], [580, 150], [600, 341], [642, 300]),
    thing("bag", [571, 90], [506, 245], [550, 340], [584, 190]),
    thing("part", [140, 0], [50, 215], [80, 227], [165, 5]),
    thing("part", [630, 0], [615, 5], [690, 223], [724, 210]),
    thing("vehicle", [400, 0], [22, 375], [630, 534], [752, 365]),
  ],
};

const ways = ["drag", "drag-corrected", "extremes"] as const;
type Way = (typeof ways)[number];

const point = (distance: number, width: number) => Math.max(0, -107 + 223 * Math.log2(distance / width + 1));
const pull = (distance: number, width: number) => 135 + 249 * Math.log2(distance / width + 1);

/** What an action is for: one more box, another label of the selected one, another item. */
type Shown = "box" | "label" | "item";

/** What the hand did and what it took, in milliseconds. */
class Hand {
  keys = 0;
  clicks = 0;
  drags = 0;
  travel = 0;
  motor = 0;
  mental = 0;
  readonly answers: number[] = [];
  #at = { x: 683, y: 384 };

  constructor(readonly page: Page) {}

  /** Thinks once. */
  think(): void {
    this.mental += MENTAL;
  }

  async #go(to: { x: number; y: number }): Promise<number> {
    const distance = Math.hypot(to.x - this.#at.x, to.y - this.#at.y);
    await this.page.mouse.move(to.x, to.y, { steps: 6 });
    this.#at = { x: to.x, y: to.y };
    this.travel += distance;
    return distance;
  }

  async click(to: { x: number; y: number }, width: number): Promise<void> {
    this.motor += point(await this.#go(to), width);
    this.clicks += 1;
    await this.page.mouse.down();
    await this.page.mouse.up();
  }

  async drag(from: { x: number; y: number }, width: number, to: { x: number; y: number }): Promise<void> {
    this.motor += point(await this.#go(from), width);
    await this.page.mouse.down();
    this.motor += pull(await this.#go(to), SIDE);
    this.drags += 1;
    await this.page.mouse.up();
  }

  async key(code: string): Promise<void> {
    this.keys += 1;
    this.motor += KEY;
    await this.page.keyboard.press(code);
  }

  /** Acts, and measures from the last event of it to the frame that shows what it was for. */
  async answered(act: () => Promise<void>, what: Shown, before: string): Promise<void> {
    const waiting = this.page.evaluate(
      async ([what, before]) => {
        const text = (selector: string) => document.querySelector(selector)?.textContent ?? undefined;
        const isThere = {
          box: () => document.querySelectorAll(".object").length > Number(before),
          label: () => ![undefined, before].includes(text(".object-selected")),
          item: () => text(".work-key") !== before && (text(".work-key") === undefined || document.querySelector("#stage[data-ready]") !== null),
        }[what];
        const began = performance.now();
        while (!isThere()) {
          if (performance.now() - began > 20_000) throw new Error(`no other ${what} than ${before}`);
          await new Promise((next) => requestAnimationFrame(next));
        }
        // Drawn, not only in the document.
        await new Promise((next) => requestAnimationFrame(() => setTimeout(next, 0)));
        return performance.now() - (window as unknown as { acted: number }).acted;
      },
      [what, before] as const,
    );
    await act();
    this.answers.push(await waiting);
  }

  get response(): number {
    return this.answers.reduce((sum, one) => sum + one, 0);
  }
}

const shown = (page: Page) => page.locator(".object").count();

/** Draws a box in this way and gives it its label. */
async function draw(hand: Hand, page: Page, way: Way, { label, at }: Thing): Promise<void> {
  const stage = page.locator("#stage");
  const [top, left, bottom, right] = at;
  hand.think();
  const before = await shown(page);
  if (way === "extremes") {
    for (const [n, place] of [top, left, bottom, right].entries()) {
      hand.think();
      const to = await onScreen(stage, place);
      const act = () => hand.click(to, SIDE);
      if (n === 3) await hand.answered(act, "box", `${before}`);
      else await act();
    }
  } else {
    const [a, b] = [await onScreen(stage, [left[0], top[1]]), await onScreen(stage, [right[0], bottom[1]])];
    const by = way === "drag" ? 0 : MISS;
    const from = { x: a.x + by, y: a.y + by };
    // Each corner is found on its own.
    hand.think();
    hand.think();
    await hand.answered(() => hand.drag(from, SIDE, b), "box", `${before}`);
    if (way === "drag-corrected") {
      // Is it right? Then the two sides that are not, by their handles.
      hand.think();
      await hand.drag({ x: (from.x + b.x) / 2, y: from.y }, HANDLE, { x: (from.x + b.x) / 2, y: a.y });
      hand.think();
      await hand.drag({ x: from.x, y: (a.y + b.y) / 2 }, HANDLE, { x: a.x, y: (a.y + b.y) / 2 });
    }
  }
  const selected = page.locator(".object-selected");
  const words = (await selected.textContent()) ?? "";
  if (!words.includes(label)) {
    await hand.answered(() => hand.key(`Digit${labels.indexOf(label) + 1}`), "label", words);
  }
}

async function measure(page: Page, terrace: Terrace, pictures: File[], way: Way): Promise<[string, number, string][]> {
  const names = Object.keys(scenes);
  const made = await bench(terrace, "image", schema, pictures.map(({ name, buffer }) => ({ name, format: "images", bytes: buffer })));
  await page.addInitScript(() => {
    const note = (event: Event) => Object.assign(window, { acted: event.timeStamp });
    for (const kind of ["pointerup", "pointerdown", "keydown"]) window.addEventListener(kind, note, true);
  });
  await openBench(page, made);
  const stage = page.locator("#stage");
  await expect(page.locator("#stage[data-ready]")).toBeVisible();
  await stage.focus();
  // The first label is in the hand, and the way is set, once for all that follows. Nothing sticks: what this hand means, it hits.
  await page.keyboard.press("Shift+KeyY");
  await page.keyboard.press("Digit1");
  if (way === "extremes") await page.keyboard.press("Shift+KeyX");

  const hand = new Hand(page);
  let boxes = 0;
  for (let n = 0; n < names.length; n++) {
    const name = (await page.locator(".work-key").textContent())!;
    for (const one of scenes[name]!) await draw(hand, page, way, one);
    boxes += scenes[name]!.length;
    hand.think();
    await hand.answered(() => hand.key("Enter"), "item", name);
  }

  // The hand has drawn what it meant to.
  await expect.poll(async () => [...(await submitted(terrace, made.project)).values()].filter((one) => one.length > 0).length).toBe(names.length);
  type Box = { label: string; x: number; y: number; w: number; h: number };
  for (const [name, [value]] of await submitted(terrace, made.project)) {
    const found = (value as { things: Box[] }).things;
    expect(found.map((box) => box.label)).toEqual(scenes[name]!.map((one) => one.label));
    for (const [n, box] of found.entries()) {
      const [top, left, bottom, right] = scenes[name]![n]!.at;
      const wanted = [left[0], top[1], right[0], bottom[1]];
      // A pixel of the screen is up to two and a half of the truck's.
      for (const [side, is] of [box.x, box.y, box.x + box.w, box.y + box.h].entries()) {
        expect(Math.abs(is - wanted[side]!), `${name}, ${box.label} ${n}, side ${side}`).toBeLessThanOrEqual(2.5);
      }
    }
  }

  const seconds = (hand.motor + hand.mental + hand.response) / 1_000;
  const answers = [...hand.answers].sort((a, b) => a - b);
  const share = (part: number) => answers[Math.min(answers.length - 1, Math.ceil(answers.length * part) - 1)]!;
  return [
    ["boxes_per_hour", (3_600 * boxes) / seconds, "1/h"],
    ["seconds_per_box", seconds / boxes, "s"],
    ["hand_seconds_per_box", hand.motor / 1_000 / boxes, "s"],
    ["thought_seconds_per_box", hand.mental / 1_000 / boxes, "s"],
    ["response_ms_per_box", hand.response / boxes, "ms"],
    ["response_median_ms", share(0.5), "ms"],
    ["response_p95_ms", share(0.95), "ms"],
    ["boxes", boxes, ""],
    ["keys", hand.keys, ""],
    ["clicks", hand.clicks, ""],
    ["drags", hand.drags, ""],
    ["travel_px", hand.travel, "px"],
  ];
}

test("boxes an hour of a scripted hand", async ({ browser, page, terrace }) => {
  const pictures = await photographs(page);
  test.skip(pictures.some(({ name }) => scenes[name] === undefined), "the photographs are not here");
  mkdirSync(out, { recursive: true });
  const all: [Way, [string, number, string][]][] = [];
  for (const way of ways) {
    const context = await browser.newContext({ baseURL: terrace.url, locale: "en-US", viewport: { width: 1366, height: 768 } });
    const figures = await measure(await context.newPage(), terrace, pictures, way);
    await context.close();
    all.push([way, figures]);
    for (const [metric, value, unit] of figures) {
      const line = { bench: "hand", case: way, metric, value: Math.round(value * 100) / 100, unit };
      appendFileSync(join(out, "browser.jsonl"), JSON.stringify(line) + "\n");
    }
  }
  const metrics = all[0]![1];
  console.log(
    [
      "",
      `| | ${ways.join(" | ")} |`,
      `|---|${ways.map(() => "---:|").join("")}`,
      ...metrics.map(([metric], n) => `| ${metric} | ${all.map(([, figures]) => figures[n]![1].toFixed(1)).join(" | ")} |`),
      "",
    ].join("\n"),
  );
});

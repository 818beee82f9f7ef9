// How soon the helper in the worker answers on a view of two megapixels: a table, and target/bench/browser.jsonl. `worker_ms`
// is what it thinks, `answer_ms` what the person waits, from the question to the answer on the page; median and worst of the
// runs. `frame_max_ms` is the longest the page went without a frame meanwhile.

import type { Page } from "@playwright/test";
import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { bench, openBench } from "../support/bench";
import { clicks, drag, onScreen, type Point } from "../support/stage";
import { expect, test } from "../support/terrace";

const [WIDTH, HEIGHT] = [1_920, 1_080];
const RUNS = 9;
const out = join(import.meta.dirname, "../../target/bench");
const schema = { controls: [{ id: "masks", kind: "mask", labels: [{ id: "cover" }] }] };

/** A textured object with soft edges on textured ground, with grain. */
async function picture(page: Page): Promise<Buffer> {
  const base64 = await page.evaluate(
    ([width, height]) => {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [width, height];
      const brush = canvas.getContext("2d")!;
      const pixels = brush.createImageData(width, height);
      let seed = 1;
      for (let at = 0; at < width * height; at++) {
        const [x, y] = [at % width, Math.floor(at / width)];
        const [dx, dy] = [(x - 960) / 700, (y - 540) / 380];
        const wave = Math.sin(x / 23) * 12 + Math.cos(y / 31) * 12;
        const ripple = 1 + 0.12 * Math.sin(Math.atan2(dy, dx) * 7);
        const inside = Math.min(0.02, Math.max(-0.02, 1 - Math.hypot(dx, dy) / ripple)) * 25 + 0.5;
        seed = (seed * 48_271) % 2_147_483_647;
        const grain = (seed / 2_147_483_647) * 30;
        const color = [[150, 70], [90, 110], [70, 80]].map(([object, ground]) => ground! + (object! - ground!) * inside + wave + grain);
        pixels.data.set([...color, 255], at * 4);
      }
      brush.putImageData(pixels, 0, 0);
      return canvas.toDataURL("image/png").split(",")[1]!;
    },
    [WIDTH, HEIGHT] as const,
  );
  return Buffer.from(base64, "base64");
}

type Times = { worker: number; answer: number; frame: number };

/** Does something that asks, and waits for the answer. */
async function asked(page: Page, deed: () => Promise<unknown>): Promise<Times> {
  const stage = page.locator("#stage");
  const answered = async () => ((await stage.getAttribute("data-answered")) ?? "").split(" ");
  const [before] = await answered();
  await page.evaluate(() => {
    const watched = { longest: 0, last: performance.now(), on: true };
    Object.assign(window, { watched });
    const watch = () => {
      const now = performance.now();
      watched.longest = Math.max(watched.longest, now - watched.last);
      watched.last = now;
      if (watched.on) requestAnimationFrame(watch);
    };
    requestAnimationFrame(watch);
  });
  await deed();
  await expect.poll(async () => (await answered())[0] !== before, { timeout: 30_000 }).toBe(true);
  const frame = await page.evaluate(() => {
    const { watched } = window as unknown as { watched: { longest: number; on: boolean } };
    watched.on = false;
    return watched.longest;
  });
  const [, , worker, answer] = await answered();
  return { worker: Number(worker), answer: Number(answer), frame };
}

test("the helper on two megapixels", async ({ page, terrace }) => {
  const made = await bench(terrace, "image", schema, [{ name: "two.png", format: "images", bytes: await picture(page) }]);
  await openBench(page, made);
  await expect(page.locator("#stage[data-ready]")).toBeVisible({ timeout: 60_000 });
  const stage = page.locator("#stage");
  await stage.focus();
  const rows: [string, Times[]][] = [];
  const run = async (name: string, runs: number, once: (n: number) => Promise<Times>) => {
    const times: Times[] = [];
    for (let n = 0; n < runs; n++) times.push(await once(n));
    rows.push([name, times]);
  };
  const undone = async (times: Times) => {
    await page.keyboard.press("Control+z");
    return times;
  };

  await page.keyboard.press("Shift+W");
  for (let n = 0; n < 3; n++) await page.keyboard.press("Shift+BracketRight");
  await run("wand-first", 1, async () => undone(await asked(page, () => clicks(page, stage, [[960, 540]]))));
  await run("wand", RUNS, async (n) => undone(await asked(page, () => clicks(page, stage, [[900 + 10 * n, 540]]))));
  await page.keyboard.press("Shift+U");
  for (const [w, h] of [[300, 200], [800, 600], [1_600, 900]] as const) {
    const corners: [Point, Point] = [[960 - w / 2, 540 - h / 2], [960 + w / 2, 540 + h / 2]];
    await run(`cut-out-${w}x${h}`, RUNS, async () => {
      const times = await asked(page, () => drag(page, stage, ...corners));
      await page.keyboard.press("Control+z");
      return times;
    });
  }
  await page.keyboard.press("Shift+I");
  const line = (from: Point, to: Point) => async () => {
    await clicks(page, stage, [from]);
    const { x, y } = await onScreen(stage, to);
    const times = await asked(page, () => page.mouse.move(x, y));
    await page.keyboard.press("Escape");
    return times;
  };
  await run("line-first", 1, line([700, 500], [880, 560]));
  await run("line-200", RUNS, line([700, 500], [880, 560]));
  await run("line-corner-to-corner", 3, line([4, 4], [WIDTH - 4, HEIGHT - 4]));

  mkdirSync(out, { recursive: true });
  const table = rows.map(([name, times]) => {
    const of = (pick: (times: Times) => number) => times.map(pick).sort((a, b) => a - b);
    const [worker, answer, frame] = [of((t) => t.worker), of((t) => t.answer), of((t) => t.frame)];
    const half = Math.floor(times.length / 2);
    const figures = [
      ["worker_ms", worker[half]!],
      ["answer_ms", answer[half]!],
      ["answer_worst_ms", answer[answer.length - 1]!],
      ["frame_max_ms", frame[frame.length - 1]!],
    ] as const;
    for (const [metric, value] of figures) {
      const line = { bench: "assist", case: name, metric, value: Math.round(value * 100) / 100, unit: "ms" };
      appendFileSync(join(out, "browser.jsonl"), JSON.stringify(line) + "\n");
    }
    return `| ${name} | ${figures.map(([, value]) => value.toFixed(1)).join(" | ")} |`;
  });
  console.log(["", "| case | worker_ms | answer_ms | answer_worst_ms | frame_max_ms |", "|---|---:|---:|---:|---:|", ...table, ""].join("\n"));
});

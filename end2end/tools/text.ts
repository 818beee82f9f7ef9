// The text workbench over a text of 100,000 characters with 5,000 spans: how long it takes to open, and to show a span more.

import type { Page } from "@playwright/test";
import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { bench, keyToLabel } from "../support/bench";
import { expect, signIn, test } from "../support/terrace";

const CHARACTERS = 100_000;
const SPANS = 5_000;
const ROUNDS = 9;
const out = join(import.meta.dirname, "../../target/bench");

const schema = {
  controls: [{ id: "entities", kind: "span", overlap: true, labels: [{ id: "ORG" }, { id: "LOC" }, { id: "PER" }] }],
};

/** Paragraphs of two hundred characters, no two neighbours alike. */
const text = Array.from({ length: CHARACTERS }, (_, n) =>
  n % 200 === 199 ? "\n" : String.fromCodePoint(0x4e00 + ((n * 7_919) % 20_000)),
).join("");

/** Every twentieth place begins a span of four characters; before the first one there is room for more. */
const spans = Array.from({ length: SPANS }, (_, n) => {
  const start = n * 20 + 12;
  return { id: `r${n + 1}`, label: schema.controls[0]!.labels[n % 3]!.id, start, end: start + 4, text: text.slice(start, start + 4) };
});

/** From the address to the frame that shows spans, in milliseconds. */
async function opened(page: Page, address: string): Promise<number> {
  await page.goto(address);
  return page.evaluate(async () => {
    while (document.querySelectorAll("#stage .seg").length < 10 || !document.querySelector(".object")) {
      await new Promise((next) => requestAnimationFrame(next));
    }
    await new Promise((next) => requestAnimationFrame(() => setTimeout(next, 0)));
    return performance.now();
  });
}

const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

test("a text of 100,000 characters with 5,000 spans", async ({ browser, terrace }) => {
  const bytes = new TextEncoder().encode(JSON.stringify({ id: "long", text }));
  const made = await bench(terrace, "text", schema, [{ name: "long.jsonl", format: "jsonl", bytes }]);
  const rest = await terrace.rest(made.annotator);
  const { body } = await rest.post<{ claims: { id: string }[] }>(`/projects/${made.project}/claims`, { count: 1 });
  await rest.put(`/claims/${body.claims[0]!.id}/draft`, { value: { entities: spans }, active_ms: 0, sequence: 1 });
  const context = await browser.newContext({ baseURL: terrace.url, locale: "zh-CN", viewport: { width: 1366, height: 768 } });
  const page = await context.newPage();
  // Once before, so that what the browser keeps of the page itself is there, as on any day but the first.
  await signIn(page, made.annotator, `/work/${made.project}`);
  await expect(page.locator("#stage .seg").first()).toBeVisible({ timeout: 60_000 });
  const opens: number[] = [];
  for (let n = 0; n < ROUNDS; n++) opens.push(await opened(page, `/work/${made.project}`));
  await page.locator("#stage").focus();
  const adds: { shown: number; busy: number }[] = [];
  for (let n = 0; n < ROUNDS; n++) {
    if (n > 0) await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Shift+ArrowRight");
    adds.push(await keyToLabel(page, `Digit${(n % 3) + 1}`, "text"));
  }
  const figures: [string, number][] = [
    ["open_median_ms", median(opens)],
    ["open_worst_ms", Math.max(...opens)],
    ["add_median_ms", median(adds.map(({ shown }) => shown))],
    ["add_worst_ms", Math.max(...adds.map(({ shown }) => shown))],
    ["add_busy_median_ms", median(adds.map(({ busy }) => busy))],
    ["add_busy_worst_ms", Math.max(...adds.map(({ busy }) => busy))],
  ];
  mkdirSync(out, { recursive: true });
  for (const [metric, value] of figures) {
    appendFileSync(join(out, "browser.jsonl"), `${JSON.stringify({ bench: "text", case: "spans-5000", metric, value: Number(value.toFixed(2)), unit: "ms" })}\n`);
  }
  console.log(["", `| ${CHARACTERS} characters, ${SPANS} spans | ms |`, "|---|---|", ...figures.map(([name, value]) => `| ${name} | ${value.toFixed(1)} |`), ""].join("\n"));
  await context.close();
});

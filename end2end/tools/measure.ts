// How fast the workbench feels: the next item after a submit on a slow line, and what is loaded before the first label of a
// project of texts and of one of images.

import type { CDPSession, Page } from "@playwright/test";
import { account } from "../support/people";
import { bench } from "../support/bench";
import { drawn } from "../support/data";
import { type Load, coldStart } from "../support/line";
import { texts } from "../support/scene";
import { expect, test } from "../support/terrace";

const DELAY_MS = 300;
const SUBMITS = 20;

/** A line with this delay each way's round trip. */
async function slow(client: CDPSession, latency: number): Promise<void> {
  await client.send("Network.enable");
  await client.send("Network.emulateNetworkConditions", { offline: false, latency, downloadThroughput: -1, uploadThroughput: -1 });
}

/** From the key to the frame that shows the next item, in milliseconds. */
async function nextItem(page: Page, after: string): Promise<number> {
  return page.evaluate(async (after) => {
    const shown = () => document.querySelector(".work-key")?.textContent;
    const stage = document.getElementById("stage")!;
    const began = performance.now();
    stage.dispatchEvent(new KeyboardEvent("keydown", { code: "Enter", key: "Enter", bubbles: true, cancelable: true }));
    while (!shown() || shown() === after) {
      if (performance.now() - began > 5_000) throw new Error(`still ${after}`);
      await new Promise((next) => requestAnimationFrame(next));
    }
    // Drawn, not only in the document.
    await new Promise((next) => requestAnimationFrame(() => setTimeout(next, 0)));
    return performance.now() - began;
  }, after);
}

const loaded = (load: Load) => `${(load.bytes / 1000).toFixed(1)} kB in ${load.requests} requests, module ${load.modules.join(", ")}`;

const at = (sorted: number[], share: number) => sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)]!;

test("the workbench on a slow line", async ({ browser, terrace }) => {
  const rest = await terrace.rest();
  const annotator = await account(rest, "annotator", "杨标注");
  const project = await texts(rest, "Measured", SUBMITS + 10, [[annotator, "annotator"]]);

  const { page, client, load: cold, ms: ready } = await coldStart(browser, terrace, annotator, project, async (page) => {
    await expect(page.locator("#stage")).toBeVisible();
    await page.locator("#stage").focus();
    await page.keyboard.press("4");
    await expect(page.getByRole("radio", { name: "正面" })).toBeChecked();
  });

  await slow(client, DELAY_MS);
  const times: number[] = [];
  for (let n = 1; n <= SUBMITS; n++) {
    const key = (await page.locator(".work-key").textContent())!;
    await page.keyboard.press("4");
    await expect(page.getByRole("radio", { name: "正面" })).toBeChecked();
    times.push(await nextItem(page, key));
    // People need a moment for each item; without it one measures a race against the line.
    await page.waitForTimeout(700);
  }
  await slow(client, 0);
  await expect(page.getByRole("status").filter({ hasText: "已保存" })).toBeVisible({ timeout: 30_000 });
  const sorted = [...times].sort((a, b) => a - b);
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  console.log(
    [
      "",
      "| what | figure |",
      "|---|---|",
      `| next item after submit, ${DELAY_MS} ms delay, ${SUBMITS} items: median | ${ms(at(sorted, 0.5))} |`,
      `| the same, p95 | ${ms(at(sorted, 0.95))} |`,
      `| the same, worst | ${ms(at(sorted, 1))} |`,
      `| over the line before the first label, cold | ${loaded(cold)} |`,
      `| from the address to the first label, cold, no delay | ${ms(ready)} |`,
      "",
    ].join("\n"),
  );
  await page.context().close();
});

test("before the first box", async ({ browser, page, terrace }) => {
  const picture = await drawn(page, "one.png", 1_200, 900);
  const schema = { controls: [{ id: "boxes", kind: "box", labels: [{ id: "thing" }] }] };
  const made = await bench(terrace, "image", schema, [{ name: picture.name, format: "images", bytes: picture.buffer }]);
  const cold = await coldStart(browser, terrace, made.annotator, made.project, async (page) => {
    await expect(page.locator("#stage[data-ready]")).toBeVisible();
    await page.locator("#stage").focus();
    await page.keyboard.press("Insert");
    await expect(page.locator(".object")).toHaveCount(1);
  });
  console.log(
    [
      "",
      "| what | figure |",
      "|---|---|",
      `| over the line before the first box, cold, a picture of ${(picture.buffer.length / 1000).toFixed(1)} kB included | ${loaded(cold.load)} |`,
      `| from the address to the first box, cold, no delay | ${cold.ms.toFixed(1)} ms |`,
      "",
    ].join("\n"),
  );
  await cold.page.context().close();
});

// Which module a page comes with: a project of texts loads the one without images, a project of images the one with them, and
// the ways between them lead through the server. Needs a site with all modules, as scripts/build.sh makes it.

import type { Page } from "@playwright/test";
import { type Bench, bench, submitted } from "../support/bench";
import { drawn } from "../support/data";
import { coldStart, counted } from "../support/line";
import { type Terrace, alive, expect, signIn, test } from "../support/terrace";

/** What may cross the line before the first label of a project of texts, with nothing in the browser's cache. */
const LIMIT = 600_000;

const topics = { controls: [{ id: "topic", kind: "choice", required: true, options: [{ id: "food", key: "4" }, { id: "place" }] }] };
const boxes = { controls: [{ id: "boxes", kind: "box", labels: [{ id: "thing" }] }] };

/** A project of each kind and an annotator for both. */
async function both(terrace: Terrace, page: Page): Promise<{ texts: Bench; images: Bench }> {
  const lines = ["遵义的茅台酒", "安顺的黄果树瀑布"].map((text, n) => JSON.stringify({ id: `t${n}`, text })).join("\n");
  const texts = await bench(terrace, "text", topics, [{ name: "lines.jsonl", format: "jsonl", bytes: new TextEncoder().encode(lines) }]);
  const picture = await drawn(page, "one.png", 640, 480);
  const images = await bench(terrace, "image", boxes, [{ name: picture.name, format: "images", bytes: picture.buffer }]);
  const rest = await terrace.rest();
  await rest.put(`/projects/${images.project}/members/${texts.annotator.username}`, { role: "annotator" });
  return { texts, images };
}

const link = (page: Page, project: string) => page.locator(`.table a[href='/work/${project}']`);
const module = async (page: Page) => /\/pkg\/([a-z]+)\./.exec((await page.locator("link[rel=modulepreload]").first().getAttribute("href"))!)![1];
const ready = (page: Page) => expect(page.locator("#stage[data-ready]")).toBeVisible();

test("a project of texts loads the module without images, and all before its first label keeps the limit", async ({ browser, page, terrace }) => {
  const { texts } = await both(terrace, page);
  const cold = await coldStart(browser, terrace, texts.annotator, texts.project, async (page) => {
    await page.locator("#stage").focus();
    await page.keyboard.press("4");
    await expect(page.getByRole("radio", { name: "food" })).toBeChecked();
  });
  expect(cold.load.modules).toEqual(["work"]);
  expect(cold.load.bytes).toBeLessThanOrEqual(LIMIT);
  // It is a whole workbench: the label is checked against the schema, sent and kept.
  await cold.page.keyboard.press("Enter");
  await expect.poll(async () => [...(await submitted(terrace, texts.project)).values()].flat().length).toBe(1);
  await cold.page.context().close();
});

test("a project of images loads the module with them and no other", async ({ browser, page, terrace }) => {
  const { texts, images } = await both(terrace, page);
  const cold = await coldStart(browser, terrace, texts.annotator, images.project, async (page) => {
    await ready(page);
    await page.locator("#stage").focus();
    await page.keyboard.press("Insert");
    await expect(page.locator(".object")).toHaveCount(1);
  });
  expect(cold.load.modules).toEqual(["picture"]);
  await cold.page.context().close();
});

test("from the home page each project is reached with the module that it needs, and back", async ({ page, terrace }) => {
  const { texts, images } = await both(terrace, page);
  await signIn(page, texts.annotator);
  expect(await module(page)).toBe("work");
  const client = await page.context().newCDPSession(page);
  const count = await counted(client);

  // The text project opens in place, nothing is loaded anew.
  await page.evaluate(() => Object.assign(window, { same: true }));
  await link(page, texts.project).click();
  await expect(page.getByRole("radio", { name: "food" })).toBeVisible();
  expect(await page.evaluate(() => "same" in window)).toBe(true);
  await page.locator(".rail-link[href='/']").click();
  expect(count().modules).toEqual([]);

  // The image project comes from the server, with its module.
  await link(page, images.project).click();
  await ready(page);
  await alive(page);
  expect(new URL(page.url()).pathname).toBe(`/work/${images.project}`);
  expect(await module(page)).toBe("picture");
  expect(count().modules).toEqual(["picture"]);

  // Going back leads home and not into a circle.
  await page.goBack();
  await expect(page).toHaveURL(/:\d+\/$/);
  await expect(link(page, images.project)).toBeVisible();
  await page.goForward();
  await ready(page);

  // The module with images has the texts too.
  await page.evaluate(() => Object.assign(window, { same: true }));
  await page.locator(".rail-link[href='/']").click();
  await link(page, texts.project).click();
  await expect(page.getByRole("radio", { name: "food" })).toBeVisible();
  expect(await page.evaluate(() => "same" in window)).toBe(true);
});

test("who may not see a project is told so, whatever its kind", async ({ page, terrace }) => {
  const { texts, images } = await both(terrace, page);
  await signIn(page, images.annotator);
  await page.goto(`/work/${texts.project}`);
  await alive(page);
  expect(await module(page)).toBe("picture");
  await expect(page.locator("#stage")).toHaveCount(0);
  await expect(page.locator(".empty-error")).toBeVisible();
});

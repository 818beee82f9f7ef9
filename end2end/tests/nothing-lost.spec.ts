// What interrupts a person at work: the server dies, the tab is closed, another machine is taken. See also workbench.spec.ts.

import type { Page } from "@playwright/test";
import { account, type Account, Person } from "../support/people";
import { texts } from "../support/scene";
import { alive, expect, type Terrace, test } from "../support/terrace";
import { words } from "../support/words";

const w = words("zh");

async function bench(terrace: Terrace): Promise<{ project: string; annotator: Account }> {
  const rest = await terrace.rest();
  const annotator = await account(rest, "annotator", "杨标注");
  return { project: await texts(rest, `不丢 ${annotator.username}`, 12, [[annotator, "annotator"]]), annotator };
}

/** What the server holds of an item: the values of its annotations. */
async function held(terrace: Terrace, project: string, key: string): Promise<unknown[]> {
  const rest = await terrace.rest();
  const { body } = await rest.get<{ rows: { id: string; key: string }[] }>(`/projects/${project}/items?limit=100`);
  const item = body.rows.find((item) => item.key === key)!;
  const { body: detail } = await rest.get<{ annotations: { value: unknown }[] }>(`/items/${item.id}`);
  return detail.annotations.map((annotation) => annotation.value);
}

const at = (page: Page, key: string) => expect(page.getByText(key, { exact: true }).first()).toBeVisible();
const isSaved = (page: Page) => expect(page.getByRole("status").filter({ hasText: w.saved })).toBeVisible({ timeout: 20_000 });
const good = (page: Page) => page.getByRole("radio", { name: "正面" });
const note = (page: Page) => page.getByRole("textbox", { name: "备注" });

test("a server that dies in the middle of it all takes nothing along", async ({ browser, terrace }) => {
  const { project, annotator } = await bench(terrace);
  const person = await Person.at(browser, terrace, annotator, "zh", `/work/${project}`);
  const page = person.page;
  await at(page, "t1");
  await page.keyboard.press("4");
  await page.keyboard.press("Enter");
  await at(page, "t2");
  await isSaved(page);
  // The second item is half done when the server ends; work goes on without it.
  await note(page).fill("写了一半");
  await terrace.down();
  await good(page).check();
  await page.getByRole("button", { name: w.submit }).click();
  await at(page, "t3");
  await page.keyboard.press("5");
  await expect(page.getByRole("status").filter({ hasText: w.offline })).toBeVisible();
  await terrace.up();
  await isSaved(page);
  expect(await held(terrace, project, "t1")).toEqual([{ mood: ["pos"] }]);
  expect(await held(terrace, project, "t2")).toEqual([{ mood: ["pos"], note: "写了一半" }]);
  await person.leaves();
});

test("a killed server and a reload: the draft is there, and what was acknowledged is kept", async ({ browser, terrace }) => {
  const { project, annotator } = await bench(terrace);
  const person = await Person.at(browser, terrace, annotator, "zh", `/work/${project}`);
  const page = person.page;
  await at(page, "t1");
  await page.keyboard.press("5");
  await page.keyboard.press("Enter");
  await at(page, "t2");
  await isSaved(page);
  await good(page).check();
  await note(page).fill("断电之前");
  await terrace.crashAndRestart();
  await page.reload();
  await alive(page);
  await at(page, "t2");
  await expect(note(page)).toHaveValue("断电之前");
  await expect(good(page)).toBeChecked();
  expect(await held(terrace, project, "t1")).toEqual([{ mood: ["neg"] }]);
  await person.leaves();
});

test("a closed tab: the work is there in the next one", async ({ browser, terrace }) => {
  const { project, annotator } = await bench(terrace);
  const person = await Person.at(browser, terrace, annotator, "zh", `/work/${project}`);
  await at(person.page, "t1");
  await note(person.page).fill("先到这里");
  await person.page.close({ runBeforeUnload: true });
  const page = await person.context.newPage();
  await page.goto(`/work/${project}`);
  await at(page, "t1");
  await expect(note(page)).toHaveValue("先到这里");
  await person.leaves();
});

test("within five seconds a draft is on the server, for another machine to go on from", async ({ browser, terrace }) => {
  const { project, annotator } = await bench(terrace);
  const person = await Person.at(browser, terrace, annotator, "zh", `/work/${project}`);
  await at(person.page, "t1");
  const sent = person.page.waitForResponse((answer) => answer.url().includes("/rpc/save_draft") && answer.ok(), { timeout: 5_000 });
  await note(person.page).fill("换一台电脑");
  await sent;
  const elsewhere = await Person.at(browser, terrace, annotator, "zh", `/work/${project}`);
  await at(elsewhere.page, "t1");
  await expect(note(elsewhere.page)).toHaveValue("换一台电脑");
  await elsewhere.leaves();
  await person.leaves();
});

test("finished without a line and left: home sends it, once", async ({ browser, terrace }) => {
  const { project, annotator } = await bench(terrace);
  const person = await Person.at(browser, terrace, annotator, "zh", `/work/${project}`);
  const page = person.page;
  await at(page, "t1");
  await isSaved(page);
  await person.context.route("**/rpc/submit_claim", (route) => route.abort());
  await page.keyboard.press("4");
  await page.keyboard.press("Enter");
  await at(page, "t2");
  await expect(page.getByRole("status").filter({ hasText: w.offline })).toBeVisible();
  await page.goto("/");
  const left = page.locator(".unsent");
  await expect(left).toContainText("有 1 条已完成的标注尚未同步");
  expect(await held(terrace, project, "t1")).toEqual([]);
  await person.context.unroute("**/rpc/submit_claim");
  await expect(left).toContainText("上次未同步的 1 条已全部上传", { timeout: 15_000 });
  expect(await held(terrace, project, "t1")).toEqual([{ mood: ["pos"] }]);
  // The way on to the workbench is free at once, and nothing is sent a second time.
  await page.goto(`/work/${project}`);
  await at(page, "t2");
  await isSaved(page);
  expect(await held(terrace, project, "t1")).toEqual([{ mood: ["pos"] }]);
  await person.context.close();
});

test("a claim that is gone: the same item comes back with what was done to it", async ({ browser, terrace }) => {
  const rest = await terrace.rest();
  const annotator = await account(rest, "annotator", "杨标注");
  const project = await texts(rest, `失而复得 ${annotator.username}`, 1, [[annotator, "annotator"]]);
  const person = await Person.at(browser, terrace, annotator, "zh", "/");
  const page = person.page;
  // No draft reaches the server, so that only this browser can know.
  await person.context.route("**/rpc/save_draft", (route) => route.abort());
  const answer = page.waitForResponse((answer) => answer.url().includes("/rpc/take_claims"));
  await page.goto(`/work/${project}`);
  const { claims } = (await (await answer).json()) as { claims: { id: string }[] };
  await at(page, "t1");
  await note(page).fill("断线之前写的");
  await page.goto("/");
  // Given back, a claim is gone as one that lapsed is, without the wait.
  await page.evaluate(async (claim) => {
    const answer = await fetch("/rpc/release_claim", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ claim }) });
    if (!answer.ok) throw new Error(`release: ${answer.status}`);
  }, claims[0]!.id);
  await page.goto(`/work/${project}`);
  await at(page, "t1");
  await expect(note(page)).toHaveValue("断线之前写的");
  await person.context.unroute("**/rpc/save_draft");
  await page.keyboard.press("Escape");
  await page.getByRole("radio", { name: "正面" }).check();
  await page.getByRole("button", { name: w.submit }).click();
  await expect.poll(() => held(terrace, project, "t1")).toEqual([{ mood: ["pos"], note: "断线之前写的" }]);
  await person.context.close();
});

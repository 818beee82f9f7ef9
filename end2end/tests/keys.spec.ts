// Without a mouse: from the home page to a submitted item, the sheet of keys, the palette. See also workbench.spec.ts.

import type { Page } from "@playwright/test";
import { account, type Account } from "../support/people";
import { texts } from "../support/scene";
import { expect, signIn, type Terrace, test } from "../support/terrace";
import { fill, words } from "../support/words";

const w = words("zh");

async function bench(terrace: Terrace): Promise<{ project: string; annotator: Account }> {
  const rest = await terrace.rest();
  const annotator = await account(rest, "annotator", "杨标注");
  return { project: await texts(rest, `按键 ${annotator.username}`, 8, [[annotator, "annotator"]]), annotator };
}

const at = (page: Page, key: string) => expect(page.getByText(key, { exact: true }).first()).toBeVisible();
const marked = (page: Page, n: number) => page.getByRole("region", { name: fill(w.marked, { n }), exact: true });

/** Presses Tab until this has the focus. */
async function tabTo(page: Page, target: ReturnType<Page["getByRole"]>): Promise<void> {
  for (let n = 0; n < 60; n++) {
    await page.keyboard.press("Tab");
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error("Tab never came there");
}

test("from home to a submitted item by keys alone", async ({ page, terrace }) => {
  const { annotator } = await bench(terrace);
  await signIn(page, annotator);
  await tabTo(page, page.getByRole("link", { name: w.startLabeling }));
  await page.keyboard.press("Enter");
  await at(page, "t1");
  const stage = page.getByRole("textbox", { name: w.stageText });
  await expect(stage).toBeFocused();
  for (let n = 0; n < 3; n++) await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("3");
  await expect(marked(page, 1)).toContainText("第1天");
  await page.keyboard.press("Control+z");
  await expect(marked(page, 0)).toBeVisible();
  await page.keyboard.press("Control+y");
  await expect(marked(page, 1)).toContainText("第1天");
  // Enter without the answer that the schema asks for: told, and nothing is lost.
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert").filter({ hasText: "情感" })).toBeVisible();
  await page.keyboard.press("Shift+F");
  await expect(page.getByRole("radio", { name: "正面" }).or(page.getByRole("button", { name: /人名/ })).first()).toBeVisible();
  await page.keyboard.press("5");
  await expect(page.getByRole("radio", { name: "负面" })).toBeChecked();
  await stage.focus();
  await page.keyboard.press("Enter");
  await at(page, "t2");
});

test("the sheet says every key and Escape closes it", async ({ page, terrace }) => {
  const { project, annotator } = await bench(terrace);
  await signIn(page, annotator, `/work/${project}`);
  await at(page, "t1");
  await page.keyboard.press("Shift+?");
  const sheet = page.getByRole("dialog", { name: w.keys });
  await expect(sheet).toBeVisible();
  for (const what of [w.submitKey, w.skip, "撤销", "重做", "选择文字", "移动选中标注的右边界", "选择标签或选项", w.find]) {
    await expect(sheet.getByText(what, { exact: true }).first()).toBeVisible();
  }
  // Keys of the page rest while a dialog is open.
  await page.keyboard.press("4");
  await page.keyboard.press("Escape");
  await expect(sheet).toBeHidden();
  await expect(page.getByRole("radio", { name: "正面" })).not.toBeChecked();
});

test("every page is reached from the palette, by a part of its name in either language", async ({ page, terrace }) => {
  const { annotator } = await bench(terrace);
  await signIn(page, annotator);
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog", { name: w.find });
  await expect(palette.getByRole("combobox", { name: w.find })).toBeFocused();
  await page.keyboard.insertText("figur");
  await expect(palette.getByRole("option")).toHaveText([w.figures]);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/figures/);
  await expect(palette).toBeHidden();
});

test("keys hold back while an input method composes", async ({ page, terrace }) => {
  const { project, annotator } = await bench(terrace);
  await signIn(page, annotator, `/work/${project}`);
  await at(page, "t1");
  const note = page.getByRole("textbox", { name: "备注" });
  await note.focus();
  // As an input method does it: the keys that pick a word are the composition's, not the page's.
  const client = await page.context().newCDPSession(page);
  await client.send("Input.imeSetComposition", { text: "gui", selectionStart: 3, selectionEnd: 3 });
  for (const code of ["Digit4", "Enter", "Escape"]) {
    await note.evaluate((field, code) => {
      field.dispatchEvent(new KeyboardEvent("keydown", { code, isComposing: true, ctrlKey: code === "Enter", bubbles: true, cancelable: true }));
    }, code);
  }
  await client.send("Input.insertText", { text: "贵" });
  await expect(note).toHaveValue("贵");
  await expect(page.getByRole("radio", { name: "正面" })).not.toBeChecked();
  await at(page, "t1");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("alert").filter({ hasText: "情感" })).toBeVisible();
});

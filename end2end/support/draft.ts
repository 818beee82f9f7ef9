// What the workbench holds of an item on its stage: the value as this browser keeps it and as the server has it, and the
// stage itself.

import type { Page } from "@playwright/test";
import { type Bench, submitted } from "./bench";
import { alive, expect, type Terrace } from "./terrace";

export type Region = { id: string; label: string; group?: string; attributes?: Record<string, unknown>; [field: string]: unknown };
export type Value = Record<string, Region[]>;

export const stage = (page: Page) => page.locator("#stage");
export const objects = (page: Page) => page.locator(".object");
export const ready = (page: Page) => expect(page.locator("#stage[data-ready]")).toBeVisible();

/** The value of the newest draft that this browser keeps. */
export async function kept(page: Page): Promise<Value> {
  return page.evaluate(() => {
    const drafts = Object.keys(localStorage)
      .filter((key) => key.startsWith("terrace.draft."))
      .map((key) => JSON.parse(localStorage.getItem(key)!))
      .sort((a, b) => b.at - a.at);
    return drafts[0]?.document.value ?? {};
  });
}

/** Takes the last step back, does it again, and finds the same. */
export async function thereAndBack(page: Page): Promise<void> {
  const before = await kept(page);
  await page.keyboard.press("Control+z");
  expect(await kept(page)).not.toEqual(before);
  await page.keyboard.press("Control+y");
  expect(await kept(page)).toEqual(before);
}

/** Presses keys, one after the other. */
export async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const one of keys) await page.keyboard.press(one);
}

/** Reloads, sees the same there, submits (by key, unless told otherwise), and finds the same on the server: what was submitted. */
export async function reloadAndSubmit(page: Page, terrace: Terrace, made: Bench, submit = () => press(page, "Enter")): Promise<Value> {
  const before = await kept(page);
  await page.reload();
  await alive(page);
  await ready(page);
  await expect(objects(page)).toHaveCount(Object.values(before).flat().length);
  expect(await kept(page)).toEqual(before);
  await stage(page).focus();
  await submit();
  await expect(page.getByText("暂时没有可做的条目")).toBeVisible();
  const first = async () => [...(await submitted(terrace, made.project)).values()][0]!;
  await expect.poll(async () => (await first()).length).toBe(1);
  const [value] = (await first()) as [Value];
  expect(value).toEqual(before);
  return value;
}

// Every page as axe sees it, in both themes and languages; the language and the theme are switched where one is; nothing is
// wider than a small screen.

import AxeBuilder from "@axe-core/playwright";
import type { BrowserContext, Page } from "@playwright/test";
import { type Place, places, type Scene, scene } from "../support/scene";
import { alive, complaints, expect, operator, signIn, type Terrace, test } from "../support/terrace";
import { locale, words } from "../support/words";

let made: Scene;

test.describe.configure({ mode: "serial" });

test("a platform at work is there to look at", async ({ page, terrace }) => {
  await page.goto("/sign-in");
  made = await scene(terrace, page);
  expect(places(made).length).toBeGreaterThan(30);
});

const who = (place: Place) => (place.who === "operator" ? operator : place.who === "nobody" ? undefined : made[place.who]);

/** Waits until a page has nothing more on its way. */
async function settled(page: Page): Promise<void> {
  await alive(page);
  await expect(page.locator("h1").first()).toBeAttached();
  await expect(page.locator(".skeleton, [aria-busy=true]")).toHaveCount(0);
}

for (const [lang, theme] of [["zh", "light"], ["en", "dark"]] as const) {
  test(`axe finds nothing on any page: ${lang}, ${theme}`, async ({ browser, terrace }) => {
    test.setTimeout(240_000);
    const contexts = new Map<Place["who"], BrowserContext>();
    const failures: string[] = [];
    for (const place of places(made)) {
      let context = contexts.get(place.who);
      if (!context) {
        context = await browser.newContext({ baseURL: terrace.url, locale: locale(lang), viewport: { width: 1366, height: 768 } });
        await context.addCookies([{ name: "theme", value: theme, url: terrace.url }]);
        contexts.set(place.who, context);
        const account = who(place);
        if (account) {
          const page = await context.newPage();
          await signIn(page, account);
          await page.close();
        }
      }
      await look(terrace, context, place, lang, theme, failures);
    }
    for (const context of contexts.values()) await context.close();
    expect(failures).toEqual([]);
  });
}

async function look(terrace: Terrace, context: BrowserContext, place: Place, lang: "zh" | "en", theme: string, failures: string[]): Promise<void> {
  const page = await context.newPage();
  const complained: string[] = [];
  complaints(page, complained);
  const answer = await page.goto(`${terrace.url}${place.path}`);
  await settled(page);
  const told = (what: string) => failures.push(`${place.name}: ${what}`);
  if (answer!.status() !== (place.name === "missing" ? 404 : 200)) told(`answered ${answer!.status()}`);
  if (page.url() !== `${terrace.url}${place.path}`) told(`went to ${page.url()}`);
  const root = page.locator("html");
  if ((await root.getAttribute("lang")) !== (lang === "zh" ? "zh-CN" : "en")) told(`lang is ${await root.getAttribute("lang")}`);
  if ((await root.getAttribute("data-theme")) !== theme) told(`theme is ${await root.getAttribute("data-theme")}`);
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]).analyze();
  for (const violation of violations) {
    told(`${violation.id} (${violation.help}): ${violation.nodes.slice(0, 3).map((node) => `${node.target.join(" ")} ${node.any[0]?.message ?? ""}`).join(" | ")}`);
  }
  const wide = await page.evaluate(() => document.scrollingElement!.scrollWidth - innerWidth);
  if (wide > 0) told(`is ${wide} px wider than the screen`);
  for (const failure of complained) told(failure);
  await page.close();
}

test("the language is switched where one is, without a reload, and stays", async ({ page }) => {
  await signIn(page, made.manager, "/projects");
  const [zh, en] = [words("zh"), words("en")];
  await expect(page.getByRole("heading", { level: 1, name: zh.projects })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "zh-CN");
  await page.evaluate(() => Object.assign(window, { same: true }));
  await page.getByRole("button", { name: zh.switchLang, exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: en.projects })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await expect(page.getByRole("navigation", { name: en.rail })).toContainText(en.figures);
  expect(await page.evaluate(() => "same" in window)).toBe(true);
  await page.reload();
  await alive(page);
  await expect(page.getByRole("heading", { level: 1, name: en.projects })).toBeVisible();
  await page.getByRole("button", { name: en.switchLang, exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: zh.projects })).toBeVisible();
});

test("the theme is switched where one is, without a reload, and stays", async ({ page }) => {
  await signIn(page, made.manager, "/projects");
  const w = words("zh");
  const ground = () => page.evaluate(() => `${getComputedStyle(document.documentElement).backgroundColor} ${getComputedStyle(document.body).color}`);
  const button = page.getByRole("button", { name: w.theme });
  await button.click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
  const light = await ground();
  await button.click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  expect(await ground()).not.toBe(light);
  const dark = await ground();
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  expect(await ground()).toBe(dark);
});

test("the first key leads past the rail to the content", async ({ page }) => {
  await signIn(page, made.manager, "/projects");
  await page.reload();
  await alive(page);
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "跳到正文" });
  await expect(skip).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
});

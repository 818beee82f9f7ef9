// A picture of every page at 1366 × 768, in both languages and themes, to be looked at: TERRACE_SCREENS names the folder.

import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Place, places, scene, type Scene } from "../support/scene";
import { alive, expect, operator, signIn, test } from "../support/terrace";
import { locale } from "../support/words";

const folder = resolve(process.env.TERRACE_SCREENS ?? "test-results/screens");
const only = process.env.TERRACE_ONLY?.split(",");

test("pictures of every page", async ({ browser, terrace, page }) => {
  await page.goto("/sign-in");
  const made: Scene = await scene(terrace, page);
  for (const lang of ["zh", "en"] as const) {
    for (const theme of ["light", "dark"] as const) {
      const out = join(folder, `${lang}-${theme}`);
      mkdirSync(out, { recursive: true });
      const people: Place["who"][] = ["nobody", "annotator", "reviewer", "manager", "operator"];
      for (const who of people) {
        const context = await browser.newContext({ baseURL: terrace.url, locale: locale(lang), viewport: { width: 1366, height: 768 } });
        await context.addCookies([{ name: "theme", value: theme, url: terrace.url }]);
        const page = await context.newPage();
        if (who !== "nobody") await signIn(page, who === "operator" ? operator : made[who]);
        for (const place of places(made).filter((place) => place.who === who && (!only || only.includes(place.name)))) {
          await page.goto(place.path);
          await alive(page);
          await expect(page.locator("h1").first()).toBeAttached();
          await expect(page.locator(".skeleton")).toHaveCount(0);
          await page.screenshot({ path: join(out, `${place.name}.png`) });
        }
        await context.close();
      }
    }
  }
});

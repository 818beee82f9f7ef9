import { alive, expect, operator, signIn, test } from "../support/terrace";

test("a stranger lands on a sign-in page that is alive", async ({ page }) => {
  await page.goto("/");
  await expect(page).toHaveURL(/\/sign-in/);
  await alive(page);
  const password = page.locator("#password");
  await expect(password).toHaveAttribute("type", "password");
  await page.locator(".field-action").click();
  await expect(password).toHaveAttribute("type", "text");
});

test("a wrong password is told, the right one lets in", async ({ page }) => {
  await page.goto("/sign-in");
  await alive(page);
  await page.locator("#username").fill(operator.username);
  await page.locator("#password").fill("not the password");
  await page.locator("button[type=submit]").click();
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(page).toHaveURL(/\/sign-in/);
  await signIn(page);
  await expect(page.getByRole("main")).toBeVisible();
});

test("the built files are sent compressed and kept for ever; everything else is asked for again", async ({ page, request }) => {
  await page.goto("/");
  const script = await page.locator("link[rel=modulepreload]").first().getAttribute("href");
  expect(script).toMatch(/^\/pkg\/work\.[0-9a-f]{16}\.js$/);
  const style = script!.replace("work.", "terrace.").replace(/\.js$/, ".css");
  for (const path of [script!, script!.replace(/\.js$/, "_bg.wasm"), style]) {
    const answer = await request.get(path, { headers: { "accept-encoding": "br" } });
    expect(answer.status(), path).toBe(200);
    expect(answer.headers()["content-encoding"], path).toBe("br");
    expect(answer.headers()["cache-control"], path).toContain("immutable");
  }
  const icon = await request.get("/favicon.svg");
  expect(icon.headers()["cache-control"]).toBe("no-cache");
  const again = await request.get("/favicon.svg", { headers: { "if-none-match": icon.headers().etag } });
  expect(again.status()).toBe(304);
});

test("the pages of an annotator's day come with a smaller module, and the way out of them leads through the server", async ({ page, request }) => {
  const module = async () => (await page.locator("link[rel=modulepreload]").first().getAttribute("href"))!;
  const size = async (script: string) => {
    const answer = await request.get(script.replace(/\.js$/, "_bg.wasm"), { headers: { "accept-encoding": "br" } });
    return Number(answer.headers()["content-length"]);
  };
  await signIn(page);
  const work = await module();
  expect(work).toMatch(/^\/pkg\/work\./);
  await page.locator(".rail-link[href='/projects']").click();
  await expect(page).toHaveURL(/\/projects$/);
  await expect(page.locator("h1").first()).toBeVisible();
  await alive(page);
  const whole = await module();
  expect(whole).toMatch(/^\/pkg\/terrace\./);
  expect(await size(work)).toBeLessThan(0.8 * (await size(whole)));
  // Back by the browser's own button, and on inside the whole application without another load.
  await page.goBack();
  await expect(page).toHaveURL(/:\d+\/$/);
  await page.goto("/figures");
  await alive(page);
  await page.evaluate(() => Object.assign(window, { same: true }));
  await page.locator(".rail-link[href='/']").click();
  await expect(page).toHaveURL(/:\d+\/$/);
  expect(await page.evaluate(() => "same" in window)).toBe(true);
});

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
  expect(script).toMatch(/^\/pkg\/terrace\.[0-9a-f]{16}\.js$/);
  for (const path of [script!, script!.replace(/\.js$/, "_bg.wasm"), script!.replace(/\.js$/, ".css")]) {
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

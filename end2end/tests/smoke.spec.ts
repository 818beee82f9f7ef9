import { alive, expect, test } from "../support/terrace";

test("a page comes rendered and turns alive", async ({ page }) => {
  const answer = await page.goto("/");
  expect(answer?.status()).toBe(200);
  await alive(page);
  const button = page.getByRole("button", { name: "数一数" });
  await button.click();
  await button.click();
  await expect(button.locator("output")).toHaveText("2");
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

// Addresses that lead nowhere.

import { expect, signIn, test } from "../support/terrace";

test.use({ locale: "zh-CN" });

test("a page that is not there says so, however many others are made at the same time", async ({ page, terrace }) => {
  await signIn(page);
  const seen = new Set<string>();
  for (let round = 0; round < 10; round++) {
    // Read by the page's own requests, of which a 404 is no mistake of the browser's.
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_, n) => {
        const path = n % 2 ? "/no-such-page" : "/figures";
        const answer = await page.request.get(`${terrace.url}${path}`);
        // Pages behind sign-in get their title in the browser.
        const title = /<title>(.*?)<\/title>/.exec(await answer.text())?.[1];
        return `${path} ${answer.status()} ${title ?? ""}`.trim();
      }),
    );
    answers.forEach((answer) => seen.add(answer));
  }
  expect([...seen].sort()).toEqual(["/figures 200", "/no-such-page 404 没有这一页 · 梯田"]);
});

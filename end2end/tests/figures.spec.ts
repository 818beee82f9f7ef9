// The figures of many people: a part of them at a time, in order where all of them are; the file has them all.

import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, operator, signIn, Terrace, test } from "../support/terrace";

test.use({ locale: "zh-CN" });

/** Work of ten days ago and of yesterday, written as no deed could write it in a test's time: n and 2 n labels of worker n. */
const WORKED = `
import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1])
today = int((time.time() + 8 * 3600) // 86400)
(project,) = db.execute("SELECT id FROM projects").fetchone()
for day, times in ((today - 10, 1), (today - 1, 2)):
    for person, name in db.execute("SELECT id, username FROM people WHERE username LIKE 'worker%'").fetchall():
        n = int(name[6:]) * times
        db.execute("INSERT INTO day_figures VALUES (?, ?, ?, NULL, ?, ?, 0, 0, 0, 0, ?, ?, 0, 3600000, 3600000)", (project, person, day, n, n, n, n))
db.commit()
`;

test("the figures of more people than a page shows are complete, in any order", async ({ browser }) => {
  test.slow();
  const terrace = await Terrace.start("serve");
  try {
    const rest = await terrace.rest();
    const names = Array.from({ length: 450 }, (_, n) => `worker${n + 1}`);
    const csv = new TextEncoder().encode(["username,name", ...names.map((name, n) => `${name},工人${n + 1}`)].join("\n"));
    await rest.call("POST", "/people/import", csv, { "content-type": "text/csv" });
    await rest.post("/projects", { name: "多人项目", modality: "text", schema: { controls: [{ id: "note", kind: "text" }] } });
    await terrace.down();
    const done = spawnSync("python3", ["-c", WORKED, join(terrace.data, "terrace.db")], { encoding: "utf8" });
    expect(done.status, done.stderr).toBe(0);
    await terrace.up();

    const context = await browser.newContext({ baseURL: terrace.url, locale: "zh-CN", acceptDownloads: true });
    const page = await context.newPage();
    const sent = page.waitForResponse(/\/rpc\/get_stats/);
    await signIn(page, operator, "/figures");
    // What the page is sent is what it shows.
    const first = (await (await sent).json()) as { rows: unknown[]; left_out: number };
    expect([first.rows.length, first.left_out]).toEqual([200, 250]);
    const table = page.getByRole("table", { name: "统计" });
    const rows = table.locator("tbody tr");
    await expect(rows).toHaveCount(200);
    await expect(rows.first()).toContainText("工人450");
    await expect(rows.first()).toContainText("1,350");
    // Of all people, whoever is shown: 3 × (1 + 2 + … + 450).
    await expect(table.locator("tfoot")).toContainText("304,425");

    await page.getByRole("button", { name: "载入更多" }).click();
    await expect(rows).toHaveCount(400);
    await expect(page.getByText("已显示 400 行")).toBeVisible();

    // The least are among those that were not here.
    await table.getByRole("button", { name: "提交", exact: true }).click();
    await expect(rows.first()).toContainText("工人1 worker1");
    await expect(rows).toHaveCount(400);
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "下载本表（CSV）" }).click();
    const file = (await readFile((await (await download).path())!, "utf8")).trim().split(/\r?\n/);
    expect(file).toHaveLength(451);
    expect([file[1], file[450]].map((line) => line!.split(",")[0])).toEqual(["工人1", "工人450"]);

    await page.getByRole("button", { name: "载入更多" }).click();
    await expect(rows).toHaveCount(450);
    await expect(page.getByRole("button", { name: "载入更多" })).toBeHidden();
    // All are here now, and are put in order here.
    let asked = 0;
    page.on("request", (request) => (asked += request.url().includes("/rpc/get_stats") ? 1 : 0));
    await table.getByRole("button", { name: "提交", exact: true }).click();
    await expect(rows.first()).toContainText("工人450");
    expect(asked).toBe(0);

    // A day that is over, from its sum, and one that is not, from the rows of people.
    await page.getByRole("combobox", { name: "分组" }).selectOption({ label: "按天" });
    await page.getByRole("combobox", { name: "项目" }).selectOption({ label: "多人项目" });
    await expect(page).toHaveURL(/by=day.*project=./);
    await expect(rows).toHaveCount(2);
    await expect(rows.nth(0)).toContainText("202,950");
    await expect(rows.nth(1)).toContainText("101,475");
    await context.close();
  } finally {
    await terrace.remove();
  }
});

// The members of a large project: by pages, found by name and role.

import { expect, operator, signIn, test } from "../support/terrace";

test.use({ locale: "zh-CN" });

test("a project of many members shows them by pages, finds one, and changes a role where it stands", async ({ page, terrace }) => {
  const rest = await terrace.rest();
  const csv = (head: string, rows: string[]) => new TextEncoder().encode([head, ...rows].join("\n"));
  const sheet = { "content-type": "text/csv" };
  const names = Array.from({ length: 120 }, (_, n) => `worker${String(n).padStart(3, "0")}`);
  await rest.call("POST", "/people/import", csv("username,name", names.map((name, n) => `${name},工人${n}`)), sheet);
  const schema = { controls: [{ id: "note", kind: "text" }] };
  const { body: project } = await rest.post<{ id: string }>("/projects", { name: "多人项目", modality: "text", schema });
  await rest.call("POST", `/projects/${project.id}/members/import`, csv("username,role", names.map((name) => `${name},annotator`)), sheet);

  await signIn(page, operator, `/projects/${project.id}/setup/people`);
  const rows = page.getByRole("row").filter({ has: page.getByRole("combobox") });
  await expect(rows).toHaveCount(100);
  await page.getByRole("button", { name: "载入更多" }).click();
  // The 120, and who made the project.
  await expect(rows).toHaveCount(121);
  await expect(page.getByRole("button", { name: "载入更多" })).toBeHidden();

  await page.getByRole("combobox", { name: "工人110的角色" }).selectOption({ label: "质检员" });
  await expect(page.getByRole("combobox", { name: "工人110的角色" })).toHaveValue("reviewer");
  await expect(rows).toHaveCount(121);
  await page.getByRole("combobox", { name: "筛选角色" }).selectOption({ label: "质检员" });
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText("worker110");
  await page.getByRole("combobox", { name: "筛选角色" }).selectOption({ label: "全部角色" });
  await page.getByRole("searchbox", { name: "按姓名或用户名查找" }).fill("Worker07");
  await page.keyboard.press("Enter");
  await expect(rows).toHaveCount(10);
  await rows.first().getByRole("button", { name: "移除" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "移除" }).click();
  await expect(rows).toHaveCount(9);
  await page.getByRole("searchbox", { name: "按姓名或用户名查找" }).fill("nobody");
  await page.keyboard.press("Enter");
  await expect(page.getByText("没有符合条件的人员。")).toBeVisible();
});

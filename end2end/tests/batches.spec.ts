// The batches of a large project: by pages, down to the first one, and by state.

import { account } from "../support/people";
import { expect, operator, signIn, test } from "../support/terrace";

test.use({ locale: "zh-CN" });

test("a project of many batches shows all of them by pages, and those of one state", async ({ page, terrace }) => {
  const rest = await terrace.rest();
  const schema = { controls: [{ id: "note", kind: "text" }] };
  const { body: project } = await rest.post<{ id: string }>("/projects", { name: "多批次项目", modality: "text", schema });
  const worker = await account(rest, "annotator", "杨标注");
  const reviewer = await account(rest, "reviewer", "吴质检");
  await rest.put(`/projects/${project.id}/members/${worker.username}`, { role: "annotator" });
  await rest.put(`/projects/${project.id}/members/${reviewer.username}`, { role: "reviewer" });
  const lines = Array.from({ length: 102 }, (_, n) => JSON.stringify({ id: `k${n}`, text: `第${n}句` }));
  const { body: job } = await rest.post<{ id: string }>(`/projects/${project.id}/imports?format=jsonl&name=a.jsonl`, new TextEncoder().encode(lines.join("\n")));
  await rest.finished(`/imports/${job.id}`);
  const hand = await terrace.rest(worker);
  for (let left = lines.length; left > 0; ) {
    const { body } = await hand.post<{ claims: { id: string }[] }>(`/projects/${project.id}/claims`, { count: 6 });
    for (const claim of body.claims) {
      await hand.post(`/claims/${claim.id}/submit`, { value: { note: "好" }, active_ms: 1_000, schema_version: 1 });
      left -= 1;
    }
  }
  const batches: string[] = [];
  for (const _ of lines) {
    const { body } = await rest.post<{ id: string }>(`/projects/${project.id}/batches`, { size: 1 });
    batches.push(body.id);
  }
  const checks = await terrace.rest(reviewer);
  const { body: run } = await checks.post<{ id: string; sample: { item: string }[] }>(`/batches/${batches[0]}/inspections`, {});
  await checks.put(`/inspections/${run.id}/verdicts/${run.sample[0]!.item}`, { verdict: "pass" });
  await checks.post(`/batches/${batches[0]}/decision`, { decision: "accept" });

  await signIn(page, operator, `/projects/${project.id}/batches`);
  const rows = page.getByRole("table", { name: "批次" }).locator("tbody tr");
  await expect(rows).toHaveCount(100);
  await expect(rows.first()).toContainText("第 102 批");
  await page.getByRole("button", { name: "载入更多" }).click();
  await expect(rows).toHaveCount(102);
  await expect(rows.last()).toContainText("第 1 批");
  await expect(rows.last()).toContainText("已通过");
  await expect(page.getByRole("button", { name: "载入更多" })).toBeHidden();

  await page.getByRole("link", { name: "已通过" }).click();
  await expect(rows).toHaveCount(1);
  await expect(page).toHaveURL(/state=accepted/);
  await page.getByRole("link", { name: "整批退回" }).click();
  await expect(page.getByText("没有这个状态的批次。")).toBeVisible();
});

// A project with people and items, made over REST, for tests of the workbench.

import type { Page } from "@playwright/test";
import { randomUUID } from "node:crypto";
import { signIn, type Terrace } from "./terrace";

export const words = { username: "", password: "green terraces in may" };

export type Bench = {
  project: string;
  annotator: { username: string; password: string };
  reviewer: { username: string; password: string };
};

/** Makes a project of this modality with an annotator, a reviewer and the items, open for work. */
export async function bench(
  terrace: Terrace,
  modality: "text" | "image",
  schema: unknown,
  items: { name: string; bytes: Uint8Array; format: string }[],
  settings: Record<string, unknown> = {},
): Promise<Bench> {
  const rest = await terrace.rest();
  const tail = randomUUID().slice(-8);
  const person = async (role: string) => {
    const account = { username: `${role}-${tail}`, password: words.password };
    await rest.post("/people", { ...account, name: role, must_change_password: false });
    return account;
  };
  const { body: project } = await rest.post<{ id: string }>("/projects", {
    name: `${modality} ${tail}`,
    modality,
    schema,
    guideline: "# 规范\n\n标出**全部**目标。",
    settings: { review: "all", ...settings },
  });
  const [annotator, reviewer] = [await person("annotator"), await person("reviewer")];
  await rest.put(`/projects/${project.id}/members/${annotator.username}`, { role: "annotator" });
  await rest.put(`/projects/${project.id}/members/${reviewer.username}`, { role: "reviewer" });
  for (const item of items) {
    const { body } = await rest.post<{ id: string }>(
      `/projects/${project.id}/imports?format=${item.format}&name=${encodeURIComponent(item.name)}`,
      item.bytes,
    );
    await rest.finished(`/imports/${body.id}`);
  }
  await rest.patch(`/projects/${project.id}`, { status: "open" });
  return { project: project.id, annotator, reviewer };
}

/** Signs the person in and opens the workbench. */
export async function openBench(page: Page, made: Bench): Promise<void> {
  await signIn(page, made.annotator, `/work/${made.project}`);
  await page.locator("#stage").waitFor();
}

/** What was submitted in the project: values by the item's key. */
export async function submitted(terrace: Terrace, project: string): Promise<Map<string, Record<string, unknown>[]>> {
  const rest = await terrace.rest();
  const out = new Map<string, Record<string, unknown>[]>();
  const { body } = await rest.get<{ rows: { id: string; key: string }[] }>(`/projects/${project}/items?limit=100`);
  for (const item of body.rows) {
    const { body: detail } = await rest.get<{ annotations: { value: Record<string, unknown> }[] }>(`/items/${item.id}`);
    out.set(item.key, detail.annotations.map((annotation) => annotation.value));
  }
  return out;
}

/** Where a point of the image lies on the page. */
export async function onScreen(page: Page, x: number, y: number): Promise<{ x: number; y: number }> {
  const stage = page.locator("#stage");
  const [scale, dx, dy] = ((await stage.getAttribute("data-view")) ?? "").split(" ").map(Number) as [number, number, number];
  const box = (await stage.boundingBox())!;
  return { x: box.x + x * scale + dx, y: box.y + y * scale + dy };
}

/**
 * From a label's key to the frame in which the list shows the label, or the text one labelled piece more; and of that how long
 * the page was busy with it, its layout included. In milliseconds.
 */
export async function keyToLabel(page: Page, code: string, where: "list" | "text" = "list"): Promise<{ shown: number; busy: number }> {
  return page.evaluate(async ([code, where]) => {
    const listed = () => document.querySelector(".object-selected")?.textContent;
    const shown = () => (where === "list" ? listed() : document.querySelectorAll("#stage .seg-span").length);
    const before = shown();
    const stage = document.getElementById("stage")!;
    const began = performance.now();
    const press = new KeyboardEvent("keydown", { code, bubbles: true, cancelable: true });
    stage.dispatchEvent(press);
    // What the key set off runs before anything that is posted now.
    await new Promise<void>((next) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => next();
      port2.postMessage(null);
    });
    stage.getBoundingClientRect();
    const busy = performance.now() - began;
    do {
      if (performance.now() - began > 5_000) throw new Error(`still ${before}`);
      await new Promise((next) => requestAnimationFrame(next));
    } while (shown() === before);
    // This frame shows it, and is drawn before the next task.
    await new Promise((next) => setTimeout(next, 0));
    return { shown: performance.now() - began, busy };
  }, [code, where] as const);
}

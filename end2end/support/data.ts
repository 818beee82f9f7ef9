// What the journeys import: the data sets beside the checkout where they are, and data made here where they are not.

import type { Page } from "@playwright/test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const shared = join(import.meta.dirname, "../../../shared/data");

export type File = { name: string; mimeType: string; buffer: Buffer };
/** A file of texts, and what each of its lines becomes. */
export type Texts = File & { items: { key?: string; text: string }[] };

const towns = ["贵阳", "遵义", "安顺", "毕节", "铜仁", "凯里", "都匀", "兴义", "六盘水"];

/** Posts as JSONL, 270 of them where the published set is at hand. */
export function posts(): Texts {
  const path = join(shared, "text/weibo_ner.jsonl");
  const made = () =>
    Array.from({ length: 60 }, (_, n) => JSON.stringify({ id: `post-${n + 1}`, text: `第${n + 1}次到${towns[n % towns.length]}，遇见老朋友，真好。` })).join("\n") + "\n";
  const content = existsSync(path) ? readFileSync(path, "utf8") : made();
  const items = content.split("\n").filter(Boolean).map((line) => JSON.parse(line) as { id: string; text: string });
  return {
    name: "weibo_ner.jsonl",
    mimeType: "application/x-ndjson",
    buffer: Buffer.from(content),
    items: items.map(({ id, text }) => ({ key: id, text })),
  };
}

/** Long official texts, a line an item. */
export function tasks(): Texts {
  const path = join(shared, "text/guizhou_plan_2026.txt");
  const made = () => Array.from({ length: 20 }, (_, n) => `${n + 1}.在${towns[n % towns.length]}建设数据标注基地，推动行业数据集开放共享。`).join("\n") + "\n";
  const content = existsSync(path) ? readFileSync(path, "utf8") : made();
  return {
    name: "guizhou_plan_2026.txt",
    mimeType: "text/plain",
    buffer: Buffer.from(content),
    items: content.split("\n").filter(Boolean).map((text) => ({ text })),
  };
}

/** Three photographs, or three drawn pictures. */
export async function photographs(page: Page): Promise<File[]> {
  const names = ["truck.jpg", "dog.jpg", "groceries.jpg"];
  if (names.every((name) => existsSync(join(shared, "images", name)))) {
    return names.map((name) => ({ name, mimeType: "image/jpeg", buffer: readFileSync(join(shared, "images", name)) }));
  }
  return Promise.all(names.map(async (name, n) => drawn(page, name.replace(".jpg", ".png"), 900 + 300 * n, 600)));
}

/** A picture made here: a coloured ground with a frame and lines. */
export async function drawn(page: Page, name: string, width: number, height: number): Promise<File> {
  const base64 = await page.evaluate(
    ([name, width, height]) => {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [width, height];
      const brush = canvas.getContext("2d")!;
      brush.fillStyle = "#667788";
      brush.fillRect(0, 0, width, height);
      brush.fillStyle = "#c4a35a";
      brush.fillRect(width * 0.2, height * 0.3, width * 0.4, height * 0.4);
      brush.fillStyle = "#fff";
      brush.font = "40px sans-serif";
      brush.fillText(name, 20, 60);
      return canvas.toDataURL("image/png").split(",")[1]!;
    },
    [name, width, height] as const,
  );
  return { name, mimeType: "image/png", buffer: Buffer.from(base64, "base64") };
}

/** How many of the items are new: the same content is added once. */
export const distinct = (items: { text: string }[]) => new Set(items.map((item) => item.text)).size;

/** The part of a text between two places, counted as people count characters: Unicode scalar values. */
export const slice = (text: string, start: number, end: number) => [...text].slice(start, end).join("");

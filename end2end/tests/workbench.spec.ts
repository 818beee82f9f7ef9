// The workbench as an annotator meets it: keys, drawing, drafts, a line that breaks, a second tab.

import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { bench, onScreen, openBench, submitted } from "../support/bench";
import { alive, expect, type Terrace, test } from "../support/terrace";

const sentences = ["𠮷野家在贵阳开店👨🏻‍🚒了", "遵义的茅台酒", "毕节 有 百里杜鹃", "安顺的黄果树瀑布", "凯里的西江千户苗寨", "都匀的毛尖茶"];

const entities = {
  controls: [
    {
      id: "entities",
      kind: "span",
      overlap: true,
      title: { zh: "实体", en: "Entities" },
      labels: [
        { id: "ORG", title: { zh: "机构", en: "Organization" } },
        { id: "LOC", title: { zh: "地名", en: "Place" } },
      ],
    },
    { id: "mood", kind: "choice", title: { zh: "情感", en: "Mood" }, options: [{ id: "good" }, { id: "bad" }] },
    { id: "note", kind: "text", title: { zh: "备注", en: "Note" } },
  ],
};

const topics = {
  controls: [
    { id: "topic", kind: "choice", required: true, options: [{ id: "food", title: { zh: "饮食", en: "Food" } }, { id: "place" }] },
  ],
};

const objects = {
  controls: [
    { id: "boxes", kind: "box", labels: [{ id: "thing", title: { zh: "物体", en: "Thing" } }, { id: "other" }] },
    { id: "areas", kind: "polygon", labels: [{ id: "area", title: { zh: "区域", en: "Area" } }] },
  ],
};

const lines = (texts: string[]) => [
  {
    name: "lines.jsonl",
    format: "jsonl",
    bytes: new TextEncoder().encode(texts.map((text, n) => JSON.stringify({ id: `t${n + 1}`, text })).join("\n")),
  },
];

/** A picture made here: 800 × 600, grey with lines. */
async function picture(page: Page): Promise<Uint8Array> {
  const base64 = await page.evaluate(() => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [800, 600];
    const brush = canvas.getContext("2d")!;
    brush.fillStyle = "#667";
    brush.fillRect(0, 0, 800, 600);
    brush.strokeStyle = "#fff";
    brush.strokeRect(100, 120, 200, 150);
    return canvas.toDataURL("image/png").split(",")[1]!;
  });
  return Uint8Array.from(Buffer.from(base64, "base64"));
}

const makeText = (terrace: Terrace, schema: unknown = entities, settings = {}) =>
  bench(terrace, "text", schema, lines(sentences), settings);

const saved = (page: Page) => expect(page.locator(".work-saved")).toHaveText("已保存", { timeout: 10_000 });
const key = (page: Page) => page.locator(".work-key");

test.use({ locale: "zh-CN" });

test("spans by keys alone, with offsets that count what people see as characters", async ({ page, terrace }) => {
  const made = await makeText(terrace);
  await openBench(page, made);
  await expect(page.locator("#stage")).toBeFocused();
  for (let n = 0; n < 3; n++) await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("1");
  await expect(page.locator(".object")).toHaveText(["机构𠮷野家"]);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("2");
  for (let n = 0; n < 2; n++) await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("1");
  await expect(page.locator(".object")).toHaveText(["机构𠮷野家", "地名贵阳", "机构👨🏻‍🚒"]);
  await page.keyboard.press("Enter");
  await expect(key(page)).toHaveText("t2");
  await saved(page);
  const [value] = (await submitted(terrace, made.project)).get("t1")!;
  expect(value!.entities).toMatchObject([
    { label: "ORG", start: 0, end: 3, text: "𠮷野家" },
    { label: "LOC", start: 4, end: 6, text: "贵阳" },
    { label: "ORG", start: 8, end: 12, text: "👨🏻‍🚒" },
  ]);
});

test("keys that come faster than the screen go on from behind the new span", async ({ page, terrace }) => {
  const made = await makeText(terrace);
  await openBench(page, made);
  await expect(page.locator("#stage")).toBeFocused();
  await page.keyboard.press("ArrowLeft");
  await page.locator("#stage").evaluate(async (stage) => {
    const select = (n: number) => Array.from({ length: n }, () => ({ code: "ArrowRight", key: "ArrowRight", shiftKey: true }));
    const keys: KeyboardEventInit[] = [
      ...select(3),
      { code: "Digit1", key: "1" },
      { code: "ArrowRight", key: "ArrowRight" },
      ...select(2),
      { code: "Digit2", key: "2" },
    ];
    for (const key of keys) {
      stage.dispatchEvent(new KeyboardEvent("keydown", { ...key, bubbles: true, cancelable: true }));
      // The page goes on with its work, but draws nothing.
      await new Promise<void>((next) => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => next();
        channel.port2.postMessage(0);
      });
    }
  });
  await expect(page.locator(".object")).toHaveText(["机构𠮷野家", "地名贵阳"]);
});

test("spans by mouse, label first and selection first, nested, relabeled and deleted", async ({ page, terrace }) => {
  const made = await makeText(terrace);
  await openBench(page, made);
  const words = async (from: number, to: number) => {
    const place = (at: number) =>
      page.locator("#stage").evaluate((stage, at) => {
        const walker = document.createTreeWalker(stage, NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
          const length = node.textContent!.length;
          if (at <= length) {
            const range = document.createRange();
            range.setStart(node, at);
            const rect = range.getBoundingClientRect();
            return { x: rect.left, y: rect.top + rect.height / 2 };
          }
          at -= length;
        }
        throw new Error("outside the text");
      }, at);
    const [a, b] = [await place(from), await place(to)];
    await page.mouse.move(a.x, a.y);
    await page.mouse.down();
    await page.mouse.move(b.x, b.y, { steps: 4 });
    await page.mouse.up();
  };
  // 𠮷 is two UTF-16 units.
  await words(0, 4);
  await page.getByRole("button", { name: "机构", exact: false }).first().click();
  await expect(page.locator(".object")).toHaveText(["机构𠮷野家"]);
  await page.getByRole("button", { name: /^地名/ }).click();
  await words(2, 3);
  await expect(page.locator(".object")).toHaveText(["机构𠮷野家", "地名野"]);
  await page.locator(".seg", { hasText: /^野$/ }).click();
  await expect(page.locator(".object-selected")).toHaveText("地名野");
  await page.keyboard.press("1");
  await expect(page.locator(".object")).toHaveText(["机构𠮷野家", "机构野"]);
  await page.keyboard.press("Delete");
  await expect(page.locator(".object")).toHaveText(["机构𠮷野家"]);
  await page.keyboard.press("Control+z");
  await expect(page.locator(".object")).toHaveText(["机构𠮷野家", "机构野"]);
});

test("a long text is walked by keys into paragraphs that were far away, and a span crosses their ends", async ({ page, terrace }) => {
  const text = Array.from({ length: 300 }, (_, n) => (n % 7 === 3 ? "" : `第${n}段，${"贵阳市观山湖区的天气".repeat(4)}。`)).join("\n");
  const made = await bench(terrace, "text", entities, lines([text]));
  await openBench(page, made);
  await expect(page.locator("#stage")).toBeFocused();
  const inSight = (selector: string) =>
    page.locator(selector).first().evaluate((element) => {
      const [own, frame] = [element.getBoundingClientRect(), document.querySelector(".stage-text")!.getBoundingClientRect()];
      return own.top >= frame.top - 1 && own.bottom <= frame.bottom + 1;
    });
  for (let n = 0; n < 120; n++) await page.keyboard.press("ArrowDown");
  await expect.poll(() => inSight(".text-caret")).toBe(true);
  await page.keyboard.press("End");
  for (let n = 0; n < 6; n++) await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("1");
  await expect(page.locator(".object")).toHaveCount(1);
  await expect.poll(() => inSight(".text-caret")).toBe(true);
  // A long piece makes nothing beside the text wider.
  const wide = await page.locator(".work-side-scroll").evaluate((side) => side.scrollWidth - side.clientWidth);
  expect(wide).toBe(0);
  await saved(page);
  await page.reload();
  await expect(page.locator(".object")).toHaveCount(1);
  await page.locator(".object").click();
  await expect.poll(() => inSight(".seg-lit")).toBe(true);
  await page.locator("#stage").press("Control+Enter");
  await expect(page.getByText("暂时没有可做的条目")).toBeVisible();
  const [value] = (await submitted(terrace, made.project)).get("t1")!;
  const [span] = value!.entities as { start: number; end: number; text: string }[];
  expect(span!.text).toBe([...text].slice(span!.start, span!.end).join(""));
  expect(span!.text).toContain("\n");
  expect(span!.start).toBeGreaterThan(2_000);
});

test("spans of a long text are drawn where somebody looks, and what is selected stays selected meanwhile", async ({ page, terrace }) => {
  const text = Array.from({ length: 400 }, (_, n) => `第${n}段，${"贵阳市观山湖区的天气".repeat(3)}。`).join("\n");
  const starts = [...text.matchAll(/观山/g)].map(({ index }) => index);
  const spans = starts.map((start, n) => ({ id: `r${n + 1}`, label: "LOC", start, end: start + 4, text: "观山湖区" }));
  const made = await bench(terrace, "text", entities, lines([text]));
  const rest = await terrace.rest(made.annotator);
  const { body } = await rest.post<{ claims: { id: string }[] }>(`/projects/${made.project}/claims`, { count: 1 });
  await rest.put(`/claims/${body.claims[0]!.id}/draft`, { value: { entities: spans }, active_ms: 0, sequence: 1 });
  await openBench(page, made);
  const drawn = page.locator("#stage .seg-span");
  await expect(drawn.first()).toBeVisible();
  expect(await drawn.count()).toBeLessThan(spans.length / 2);
  const words = () => page.evaluate(() => getSelection()!.getRangeAt(0).toString().replace(/\s/g, "").length);
  await page.keyboard.press("Control+a");
  const all = await words();
  expect(all).toBe(text.replace(/\s/g, "").length);
  // From end to end, by the scroll bar.
  await page.locator(".stage-text").evaluate((frame) => frame.scrollTo(0, frame.scrollHeight));
  const last = page.locator(".text-paragraph").last();
  await expect(last.locator(".seg-span")).toHaveCount(3);
  await expect(last.locator(".seg-span").last()).toBeInViewport();
  await expect.poll(words).toBe(all);
  expect(await drawn.count()).toBeLessThan(spans.length / 2);
  // A piece that begins and ends within what is drawn anew, as a search of the browser's leaves it.
  const middle = page.locator(".text-paragraph").nth(200);
  await middle.evaluate((paragraph) => {
    const node = paragraph.querySelector(".seg")!.firstChild!;
    getSelection()!.setBaseAndExtent(node, 6, node, 9);
    paragraph.scrollIntoView({ block: "center" });
  });
  await expect(middle.locator(".seg-span")).toHaveCount(3);
  await expect.poll(() => page.evaluate(() => getSelection()!.toString())).toBe("贵阳市");
  // A place that nobody has seen yet, from the list: its span is drawn and in sight.
  await page.locator(".object-list").evaluate((list) => list.scrollTo(0, list.scrollHeight / 2));
  const object = page.locator(".object:not(.object-selected)").nth(20);
  await object.click();
  await expect(page.locator(".seg-lit")).toHaveCount(1);
  await expect(page.locator(".seg-lit")).toBeInViewport();
});

test("no key fires while an input method composes or in a field", async ({ page, terrace }) => {
  const made = await makeText(terrace);
  await openBench(page, made);
  await page.locator("#stage").evaluate((stage) => {
    for (const init of [{ code: "Digit3", isComposing: true }, { code: "Enter", isComposing: true }, { code: "Digit3", keyCode: 229 }]) {
      stage.dispatchEvent(new KeyboardEvent("keydown", { ...init, bubbles: true, cancelable: true }));
    }
  });
  await page.getByLabel("备注").fill("");
  await page.getByLabel("备注").pressSequentially("34q");
  await expect(page.getByLabel("备注")).toHaveValue("34q");
  await expect(page.getByRole("radio", { name: /good/ })).not.toBeChecked();
  await expect(key(page)).toHaveText("t1");
  await page.keyboard.press("Control+Enter");
  await expect(key(page)).toHaveText("t2");
});

test("a reload brings back what was done, with its history", async ({ page, terrace }) => {
  const made = await makeText(terrace);
  await openBench(page, made);
  await page.keyboard.press("3");
  await page.getByLabel("备注").fill("再看看");
  await page.reload();
  await alive(page);
  await expect(page.getByLabel("备注")).toHaveValue("再看看");
  await expect(page.getByRole("radio", { name: /good/ })).toBeChecked();
  await page.locator("#stage").focus();
  await page.keyboard.press("Control+z");
  await expect(page.getByLabel("备注")).toHaveValue("");
});

test("without a line the work goes on, and each item is sent once when it is back", async ({ page, context, terrace }) => {
  const made = await makeText(terrace);
  await openBench(page, made);
  await saved(page);
  await context.setOffline(true);
  await page.keyboard.press("3");
  await page.keyboard.press("Enter");
  await expect(key(page)).toHaveText("t2");
  await page.keyboard.press("4");
  await page.keyboard.press("Enter");
  await expect(key(page)).toHaveText("t3");
  await expect(page.locator(".work-saved")).toContainText("离线");
  await expect(page.locator(".work-saved")).toContainText("2 条");
  await context.setOffline(false);
  await saved(page);
  const values = await submitted(terrace, made.project);
  expect(values.get("t1")).toEqual([{ mood: ["good"] }]);
  expect(values.get("t2")).toEqual([{ mood: ["bad"] }]);
});

test("a submit whose answer was lost is not counted twice", async ({ page, terrace }) => {
  const made = await makeText(terrace);
  await openBench(page, made);
  let lost = 0;
  await page.route("**/rpc/submit_claim", async (route) => {
    if (lost++ > 0) return route.continue();
    await route.fetch();
    await route.abort();
  });
  await page.keyboard.press("3");
  await page.keyboard.press("Enter");
  await expect(key(page)).toHaveText("t2");
  await saved(page);
  expect(lost).toBeGreaterThan(1);
  expect((await submitted(terrace, made.project)).get("t1")).toHaveLength(1);
});

test("an ended session asks to sign in again and loses nothing", async ({ page, context, terrace }) => {
  const made = await makeText(terrace);
  await openBench(page, made);
  await context.clearCookies();
  await page.keyboard.press("3");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "登录已过期" });
  await expect(dialog).toBeVisible();
  await dialog.locator("input[type=password]").fill(made.annotator.password);
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  await saved(page);
  expect((await submitted(terrace, made.project)).get("t1")).toEqual([{ mood: ["good"] }]);
});

test("a second tab says so and can take over", async ({ page, context, terrace }) => {
  const made = await makeText(terrace);
  await openBench(page, made);
  const second = await context.newPage();
  await second.goto(`/work/${made.project}`);
  await expect(second.getByRole("main")).toContainText("正在另一个标签页中作业");
  await second.getByRole("button", { name: "在这里继续" }).click();
  await expect(second.locator("#stage")).toBeVisible();
  await expect(page.getByRole("main")).toContainText("正在另一个标签页中作业");
});

test("the next item is on the screen before the submit is answered", async ({ page, terrace }) => {
  const made = await makeText(terrace, topics);
  await openBench(page, made);
  await saved(page);
  // Nothing that is sent arrives until the third item is there: `make bench-browser` says how fast that is.
  let open = () => {};
  const gate = new Promise<void>((done) => (open = done));
  let held = 0;
  await page.route("**/rpc/submit_claim", async (route) => {
    held += 1;
    await gate;
    await route.continue();
  });
  for (const next of ["t2", "t3"]) {
    await page.keyboard.press("1");
    await page.keyboard.press("Enter");
    await expect(key(page)).toHaveText(next);
  }
  expect(held).toBeGreaterThan(0);
  expect((await submitted(terrace, made.project)).get("t1")).toEqual([]);
  open();
  await saved(page);
  const values = await submitted(terrace, made.project);
  for (const done of ["t1", "t2"]) expect(values.get(done)).toEqual([{ topic: ["food"] }]);
});

test("one key answers and submits where the project says so", async ({ page, terrace }) => {
  const made = await makeText(terrace, topics, { auto_submit: true });
  await openBench(page, made);
  for (const next of ["t2", "t3", "t4"]) {
    await page.keyboard.press("1");
    await expect(key(page)).toHaveText(next);
  }
  await saved(page);
  const values = await submitted(terrace, made.project);
  for (const done of ["t1", "t2", "t3"]) expect(values.get(done)).toEqual([{ topic: ["food"] }]);
  expect(values.get("t4")).toEqual([]);
});

test("what the schema refuses is told and stays; a skip leaves the item with its reason", async ({ page, terrace }) => {
  const made = await makeText(terrace, topics);
  await openBench(page, made);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert").filter({ hasText: "还不能提交" })).toContainText("请完成");
  await expect(key(page)).toHaveText("t1");
  await page.keyboard.press("Shift+S");
  await expect(page.getByRole("dialog", { name: "跳过这一条" })).toBeVisible();
  await page.keyboard.press("3");
  await expect(key(page)).toHaveText("t2");
  await saved(page);
  const rest = await terrace.rest();
  const { body } = await rest.get<{ rows: { key: string }[] }>(`/projects/${made.project}/items?state=void`);
  expect(body.rows.map((row) => row.key)).toEqual(["t1"]);
});

test("a submitted item can be taken back and put right", async ({ page, terrace }) => {
  const made = await makeText(terrace);
  await openBench(page, made);
  await page.keyboard.press("3");
  await page.keyboard.press("Enter");
  await expect(key(page)).toHaveText("t2");
  await saved(page);
  await page.keyboard.press("Shift+H");
  await page.getByRole("button", { name: "取回修改" }).click();
  await expect(key(page)).toHaveText("t1");
  await expect(page.getByRole("note")).toContainText("您取回的条目");
  await expect(page.getByRole("radio", { name: /good/ })).toBeChecked();
  await page.keyboard.press("4");
  await page.keyboard.press("Enter");
  await expect(key(page)).toHaveText("t2");
  await saved(page);
  expect((await submitted(terrace, made.project)).get("t1")).toEqual([{ mood: ["good"] }, { mood: ["bad"] }]);
});

test("boxes and a polygon by mouse, within a pixel, zoomed in and out", async ({ page, terrace }) => {
  const made = await bench(terrace, "image", objects, [{ name: "lines.png", format: "images", bytes: await picture(page) }]);
  await openBench(page, made);
  await expect(page.locator("#stage[data-ready]")).toBeVisible();
  const drag = async (from: [number, number], to: [number, number]) => {
    const [a, b] = [await onScreen(page, ...from), await onScreen(page, ...to)];
    await page.mouse.move(a.x, a.y);
    await page.mouse.down();
    await page.mouse.move(b.x, b.y, { steps: 5 });
    await page.mouse.up();
  };
  await drag([100, 120], [300, 270]);
  await expect(page.locator(".object")).toHaveCount(1);
  // Resized by its lower right handle after zooming to the cursor.
  const at = await onScreen(page, 300, 270);
  await page.mouse.move(at.x, at.y);
  await page.mouse.wheel(0, -300);
  await drag([300, 270], [340, 300]);
  await page.keyboard.press("Home");
  await page.keyboard.press("Escape");
  await page.keyboard.press("3");
  for (const corner of [[400, 300], [600, 300], [650, 450]] as [number, number][]) {
    const p = await onScreen(page, ...corner);
    await page.mouse.click(p.x, p.y);
  }
  await page.keyboard.press("Enter");
  await expect(page.locator(".object")).toHaveCount(2);
  await page.keyboard.press("Enter");
  await expect(page.getByText("暂时没有可做的条目")).toBeVisible();
  await saved(page);
  const [value] = [...(await submitted(terrace, made.project)).values()][0]! as [
    { boxes: { x: number; y: number; w: number; h: number }[]; areas: { points: [number, number][] }[] },
  ];
  const near = (a: number, b: number) => expect(Math.abs(a - b)).toBeLessThanOrEqual(1);
  const box = value.boxes[0]!;
  near(box.x, 100);
  near(box.y, 120);
  near(box.x + box.w, 340);
  near(box.y + box.h, 300);
  const corners = [[400, 300], [600, 300], [650, 450]] as const;
  expect(value.areas[0]!.points).toHaveLength(3);
  value.areas[0]!.points.forEach((point, n) => {
    near(point[0], corners[n]![0]);
    near(point[1], corners[n]![1]);
  });
});

test("a box by keys alone", async ({ page, terrace }) => {
  const made = await bench(terrace, "image", objects, [{ name: "lines.png", format: "images", bytes: await picture(page) }]);
  await openBench(page, made);
  await page.keyboard.press("Shift+N");
  await expect(page.locator(".object-selected")).toHaveCount(1);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Control+ArrowDown");
  await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("Alt+ArrowLeft");
  await page.keyboard.press("2");
  await expect(page.locator(".object-selected")).toContainText("other");
  await page.keyboard.press("Enter");
  await saved(page);
  const [value] = [...(await submitted(terrace, made.project)).values()][0]!;
  expect(value!.boxes).toMatchObject([{ label: "other" }]);
});

for (const theme of ["light", "dark"] as const) {
  test(`axe finds nothing, ${theme}, and the page does not scroll`, async ({ page, context, terrace, baseURL }) => {
    await context.addCookies([{ name: "theme", value: theme, url: baseURL! }]);
    await page.setViewportSize({ width: 1366, height: 768 });
    const made = await makeText(terrace);
    await openBench(page, made);
    for (let n = 0; n < 3; n++) await page.keyboard.press("Shift+ArrowRight");
    await page.keyboard.press("1");
    await page.keyboard.press("Shift+G");
    await expect(page.getByRole("heading", { name: "规范", exact: true })).toBeVisible();
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    const overflow = await page.evaluate(() => document.scrollingElement!.scrollHeight - innerHeight);
    expect(overflow).toBeLessThanOrEqual(0);
  });
}

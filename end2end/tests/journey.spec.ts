// The whole job as three people do it, in Chinese and again in English: import, label, review, rework, accept, export. What
// the exported file holds is compared with what was clicked.

import type { Browser, Locator, Page } from "@playwright/test";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { distinct, photographs, posts, slice, tasks } from "../support/data";
import { account, type Account, Person } from "../support/people";
import { clicks, drag, dragOver, imageSize, type Point, wheel } from "../support/stage";
import { expect, type Terrace, test } from "../support/terrace";
import { fill, type Lang, type Words, words } from "../support/words";

type Crew = { manager: Account; annotator: Account; reviewer: Account };

async function crew(terrace: Terrace): Promise<Crew> {
  const rest = await terrace.rest();
  return {
    manager: await account(rest, "manager", "龙经理", { role: "manager" }),
    annotator: await account(rest, "annotator", "杨标注"),
    reviewer: await account(rest, "reviewer", "吴质检"),
  };
}

/** From the home page to the set-up of a new project. */
async function newProject(page: Page, w: Words, name: string, kind: string): Promise<void> {
  await page.getByRole("navigation", { name: w.rail }).getByRole("link", { name: w.projects }).click();
  await page.getByRole("link", { name: w.newProject }).first().click();
  await page.getByRole("textbox", { name: w.projectName }).fill(name);
  await page.getByRole("radio", { name: kind }).check();
  await page.getByRole("button", { name: w.createProject }).click();
  await expect(page).toHaveURL(/\/projects\/[0-9a-f-]{36}\/setup\/data$/);
}

/** The next step of the set-up. */
const next = (page: Page, w: Words, step: string) => page.getByRole("link", { name: `${w.nextStep}${step}`, exact: true }).click();

/** Waits until an import is over and gives its figures: read, added, duplicates, refused. */
async function imported(page: Page, w: Words, name: string): Promise<number[]> {
  const job = page.getByRole("article").filter({ has: page.getByRole("heading", { name }) });
  await expect(job.getByText(w.done, { exact: true })).toBeVisible({ timeout: 30_000 });
  return (await job.getByRole("definition").allTextContents()).map(Number);
}

async function addMember(page: Page, w: Words, username: string, role: string): Promise<void> {
  await page.getByRole("textbox", { name: w.username }).fill(username);
  await page.getByRole("combobox", { name: w.role, exact: true }).selectOption({ label: role });
  await page.getByRole("button", { name: w.add, exact: true }).click();
  await expect(page.getByRole("row").filter({ hasText: username })).toBeVisible();
}

/** Members, every item reviewed, open for work. Begins on the step before the members. */
async function openForWork(page: Page, w: Words, people: Crew): Promise<void> {
  await next(page, w, w.stepPeople);
  await addMember(page, w, people.annotator.username, w.annotator);
  await addMember(page, w, people.reviewer.username, w.reviewer);
  await next(page, w, w.stepSettings);
  await page.getByRole("combobox", { name: w.reviewMode, exact: true }).selectOption({ label: w.everyItem });
  await page.getByRole("button", { name: w.save, exact: true }).click();
  await expect(page.getByText(w.saved, { exact: true }).first()).toBeVisible();
  await next(page, w, w.stepStart);
  await page.getByRole("button", { name: w.openForWork }).click();
  await expect(page.getByText(w.isOpen)).toBeVisible();
}

/** One control's card in the schema editor. */
async function control(page: Page, w: Words, n: number, kind: string, zh: string, en: string, id: string): Promise<Locator> {
  await page.getByRole("group", { name: w.addControl }).getByRole("button", { name: kind }).click();
  const card = page.getByRole("group", { name: fill(w.controlN, { n }), exact: true });
  await card.getByRole("textbox", { name: w.titleZh }).first().fill(zh);
  await card.getByRole("textbox", { name: w.titleEn }).first().fill(en);
  await card.getByRole("textbox", { name: w.controlId }).first().fill(id);
  return card;
}

async function labels(card: Locator, w: Words, list: string, add: string, rows: string[][]): Promise<void> {
  for (const [n, row] of rows.entries()) {
    if (n > 0) await card.getByRole("button", { name: add, exact: true }).click();
    const line = card.getByRole("list", { name: list }).getByRole("listitem").nth(n);
    for (const [place, name] of [w.titleZh, w.titleEn, w.controlId, w.key].entries()) {
      await line.getByRole("textbox", { name }).fill(row[place]!);
    }
  }
}

/** Gathers what is labeled into the next batch. */
async function gather(page: Page, w: Words, n: number, items: number): Promise<void> {
  await page.getByRole("link", { name: w.batches, exact: true }).click();
  await page.getByRole("button", { name: w.newBatch }).first().click();
  await page.getByRole("dialog", { name: w.newBatch }).getByRole("button", { name: w.newBatch }).click();
  const row = page.getByRole("row").filter({ has: page.getByRole("link", { name: fill(w.batchN, { n }), exact: true }) });
  await expect(row).toContainText(w.waiting);
  await expect(row.getByRole("cell").nth(1)).toHaveText(String(items));
}

/** From anywhere to the next batch of the project. */
async function openBatch(page: Page, w: Words, project: string): Promise<void> {
  await page.goto("/");
  await page.getByRole("navigation", { name: w.rail }).getByRole("link", { name: w.review }).click();
  await page
    .getByRole("list", { name: w.toReview })
    .getByRole("listitem")
    .filter({ hasText: project })
    .getByRole("link", { name: w.openBatch })
    .click();
  await expect(page.getByRole("list", { name: w.strip })).toBeVisible();
}

/** Passes what has no verdict yet, by key and by mouse in turn. */
async function passTheRest(page: Page, w: Words, judged: number, all: number): Promise<void> {
  const pass = page.getByRole("button", { name: w.pass, exact: true });
  for (let done = judged; done < all; done++) {
    await expect(pass).toBeEnabled();
    if (done % 2 === 0) await page.keyboard.press("p");
    else await pass.click();
    await expect(page.getByText(fill(w.allWords, { n: all, done: done + 1 }))).toBeVisible();
  }
}

/** Decides the batch in the dialog that opens with the last verdict. */
async function decide(page: Page, w: Words, choice: string, outcome: string): Promise<void> {
  const dialog = page.getByRole("dialog", { name: w.decide });
  await dialog.getByRole("radio", { name: choice }).check();
  await dialog.getByRole("button", { name: w.decide, exact: true }).click();
  await expect(dialog).toContainText(w.decided);
  await expect(dialog).toContainText(outcome);
}

/** Exports accepted items and gives the file, which has the checksum that the page tells. */
async function exported(page: Page, w: Words, format: string, extension: string): Promise<string> {
  await page.getByRole("link", { name: w.exports, exact: true }).click();
  await page.getByRole("combobox", { name: w.format }).selectOption({ label: format });
  const before = await page.getByRole("article").count();
  await page.getByRole("button", { name: w.startExport, exact: true }).click();
  await expect(page.getByRole("article")).toHaveCount(before + 1);
  const job = page.getByRole("article").first();
  await expect(job.getByText(w.done, { exact: true })).toBeVisible({ timeout: 20_000 });
  const coming = page.waitForEvent("download");
  await job.getByRole("link", { name: w.download, exact: true }).click();
  const download = await coming;
  expect(download.suggestedFilename()).toMatch(new RegExp(`\\.${extension}$`));
  const bytes = await readFile(await download.path());
  await expect(job.getByText(createHash("sha256").update(bytes).digest("hex"))).toBeVisible();
  return bytes.toString("utf8");
}

const isSaved = (page: Page, w: Words) => expect(page.getByRole("status").filter({ hasText: w.saved })).toBeVisible();

/** What came in from outside stayed text. */
async function nothingLive(page: Page): Promise<void> {
  expect(await page.evaluate(() => "hacked" in window)).toBe(false);
  await expect(page.locator("[onerror], img[src='x'], a[href^='javascript:']")).toHaveCount(0);
}

type Span = { label: string; start: number; end: number };
type Line = {
  key: string;
  data: { text: string };
  state: string;
  final: { mood: string[]; entities?: (Span & { text: string })[] };
  annotations: {
    revision: number;
    annotator: string;
    active_ms: number;
    raw_ms: number;
    value: Line["final"];
    verdicts: { verdict: string; reviewer: string; reason?: string; comment?: string }[];
  }[];
};

for (const lang of ["zh", "en"] as const) {
  test(`texts, in ${lang}: posts and plans for choices and spans, one sent back, exported`, async ({ browser, terrace }) => {
    test.setTimeout(150_000);
    await texts(browser, terrace, lang);
  });

  test(`photographs, in ${lang}: boxes and polygons within a pixel, exported as COCO`, async ({ browser, terrace }) => {
    test.setTimeout(120_000);
    await images(browser, terrace, lang);
  });
}

async function texts(browser: Browser, terrace: Terrace, lang: Lang): Promise<void> {
  const w = words(lang);
  const pick = (zh: string, en: string) => (lang === "zh" ? zh : en);
  const people = await crew(terrace);
  const project = pick("微博与规划", "Posts and plans");
  const [post, plan] = [posts(), tasks()];
  const hostile = { key: "first-1", text: '𠮷野家👨🏻‍🚒<img src=x onerror="window.hacked=1">在贵阳开业' };

  // The manager makes the project.
  const manager = await Person.at(browser, terrace, people.manager, lang);
  const page = manager.page;
  await newProject(page, w, project, w.text);

  await page.getByText(w.paste, { exact: true }).click();
  await page.getByRole("textbox", { name: w.pasteLabel }).fill(JSON.stringify({ id: hostile.key, text: hostile.text }));
  await page.getByRole("button", { name: w.pasteSend }).click();
  expect(await imported(page, w, "paste.jsonl")).toEqual([1, 1, 0, 0]);

  await page.getByLabel(w.drop).setInputFiles({ name: post.name, mimeType: post.mimeType, buffer: post.buffer });
  const added = distinct(post.items);
  expect(await imported(page, w, post.name)).toEqual([post.items.length, added, post.items.length - added, 0]);

  const dropped = await page.evaluateHandle(
    ([name, type, text]) => {
      const data = new DataTransfer();
      data.items.add(new File([text!], name!, { type }));
      return data;
    },
    [plan.name, plan.mimeType, plan.buffer.toString("utf8")],
  );
  await page.getByText(w.drop).dispatchEvent("drop", { dataTransfer: dropped });
  expect(await imported(page, w, plan.name)).toEqual([plan.items.length, plan.items.length, 0, 0]);
  const total = 1 + added + plan.items.length;

  await next(page, w, w.stepSchema);
  const mood = await control(page, w, 1, w.kindChoice, "情感", "Mood", "mood");
  await labels(mood, w, w.options, w.addOption, [
    ["正面", "Positive", "pos", "1"],
    ["负面", "Negative", "neg", "2"],
  ]);
  const entities = await control(page, w, 2, w.kindSpan, "实体", "Entities", "entities");
  await entities.getByRole("checkbox", { name: w.required }).uncheck();
  await labels(entities, w, w.labels, w.addLabel, [
    ["人名", "Person", "PER", "q"],
    ["机构", "Company", "ORG", "w"],
    ["地名", "Place", "LOC", "e"],
  ]);
  await expect(page.getByText(w.fits)).toBeVisible();
  await expect(page.getByRole("tabpanel", { name: w.preview })).toContainText("𠮷野家");
  await page.getByRole("tab", { name: "JSON" }).click();
  const json = JSON.parse(await page.getByRole("textbox", { name: w.jsonLabel }).inputValue()) as { controls: { id: string; kind: string }[] };
  expect(json.controls.map((control) => [control.id, control.kind])).toEqual([["mood", "choice"], ["entities", "span"]]);
  await page.getByRole("button", { name: fill(w.saveAs, { n: 1 }) }).click();
  await expect(page.getByText(fill(w.versionInForce, { n: 1 }))).toBeVisible();

  await next(page, w, w.stepGuideline);
  await page
    .getByRole("textbox", { name: w.guidelineText })
    .fill("# 怎么标\n\n**整个**名称。<script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'>[不](javascript:window.hacked=1)");
  await expect(page.getByRole("heading", { name: "怎么标" })).toBeVisible();
  await nothingLive(page);
  await page.getByRole("button", { name: fill(w.saveAs, { n: 1 }) }).click();
  await expect(page.getByText(w.saved, { exact: true }).first()).toBeVisible();
  await openForWork(page, w, people);

  // The annotator labels, by mouse and by keys.
  const annotator = await Person.at(browser, terrace, people.annotator, lang);
  const bench = annotator.page;
  await expect(bench.getByText(project).first()).toBeVisible();
  await bench.getByRole("link", { name: w.startLabeling }).click();
  const stage = bench.getByRole("textbox", { name: w.stageText });
  const at = (key: string) => expect(bench.getByText(key, { exact: true }).first()).toBeVisible();
  const label = (name: string) => bench.getByRole("group", { name: pick("实体", "Entities") }).getByRole("button", { name });
  const marked = (n: number) => bench.getByRole("region", { name: fill(w.marked, { n }), exact: true });
  const [company, place] = [pick("机构", "Company"), pick("地名", "Place")];

  await at(hostile.key);
  await expect(stage).toContainText('<img src=x onerror="window.hacked=1">');
  await nothingLive(bench);
  const town = [...hostile.text].findIndex((_, n, all) => all.slice(n, n + 2).join("") === "贵阳");
  await label(company).click();
  await dragOver(bench, stage, 0, 3);
  await expect(marked(1)).toContainText("𠮷野家");
  await label(place).click();
  await dragOver(bench, stage, town, town + 2);
  await expect(marked(2)).toContainText("贵阳");
  await bench.keyboard.press("1");
  await expect(bench.getByRole("radio", { name: pick("正面", "Positive") })).toBeChecked();
  await bench.getByRole("button", { name: w.guideline }).click();
  await expect(bench.getByRole("heading", { name: "怎么标" })).toBeVisible();
  await nothingLive(bench);
  await bench.keyboard.press("Shift+G");
  await bench.keyboard.press("Enter");

  // The second one too short, so that it comes back.
  const [second, ...others] = post.items.slice(0, 5) as { key: string; text: string }[];
  await at(second!.key);
  await bench.keyboard.press("Shift+ArrowRight");
  await bench.keyboard.press("Shift+ArrowRight");
  await bench.keyboard.press("w");
  await expect(marked(1)).toContainText(slice(second!.text, 0, 2));
  await bench.getByRole("radio", { name: pick("负面", "Negative") }).check();
  await bench.getByRole("button", { name: w.submit }).click();
  for (const [n, item] of others.entries()) {
    await at(item.key);
    await bench.keyboard.press(n % 2 === 0 ? "1" : "2");
    await bench.keyboard.press("Enter");
  }
  await at(post.items[5]!.key!);
  await isSaved(bench, w);
  const wanted = new Map<string, { mood: string[]; entities: Span[] }>([
    [hostile.key, { mood: ["pos"], entities: [{ label: "ORG", start: 0, end: 3 }, { label: "LOC", start: town, end: town + 2 }] }],
    [second!.key, { mood: ["neg"], entities: [{ label: "ORG", start: 0, end: 4 }] }],
    ...others.map((item, n): [string, { mood: string[]; entities: Span[] }] => [item.key, { mood: [n % 2 === 0 ? "pos" : "neg"], entities: [] }]),
  ]);

  // A batch; the reviewer sends one item back with a reason and words.
  await gather(page, w, 1, wanted.size);
  const reviewer = await Person.at(browser, terrace, people.reviewer, lang);
  const desk = reviewer.page;
  await openBatch(desk, w, project);
  const strip = desk.getByRole("list", { name: w.strip });
  await expect(strip.getByRole("button")).toHaveCount(wanted.size);
  await strip.getByRole("button", { name: second!.key }).click();
  await expect(desk.getByRole("textbox", { name: pick("杨标注的标注", "Work of 杨标注") })).toContainText(second!.text);
  await expect(desk.getByRole("button", { name: w.fail, exact: true })).toBeEnabled();
  await desk.keyboard.press("f");
  await expect(desk.getByRole("radiogroup", { name: w.reason })).toBeVisible();
  await desk.keyboard.press("4");
  await expect(desk.getByRole("radio", { name: w.wrongBoundary })).toBeChecked();
  await expect(desk.getByRole("textbox", { name: w.comment })).toBeFocused();
  const remark = "要标到第四个字 <b>为止</b>";
  await desk.keyboard.insertText(remark);
  await desk.keyboard.press("Control+Enter");
  await expect(desk.getByText(fill(w.allWords, { n: wanted.size, done: 1 }))).toBeVisible();
  await passTheRest(desk, w, 1, wanted.size);
  await decide(desk, w, w.returnFailed, w.partlyReturned);

  // Rework comes first, with the reviewer's words; a border is moved by keys.
  await bench.goto("/");
  await expect(bench.getByRole("region", { name: w.homeRework })).toContainText(remark);
  await bench.getByRole("link", { name: w.beginRework }).click();
  await at(second!.key);
  const note = bench.getByRole("note");
  await expect(note).toContainText(w.wrongBoundary);
  await expect(note).toContainText(remark);
  await expect(stage).toBeFocused();
  await bench.keyboard.press("Tab");
  await bench.keyboard.press("Alt+ArrowRight");
  await bench.keyboard.press("Alt+ArrowRight");
  await expect(marked(1)).toContainText(slice(second!.text, 0, 4));
  await bench.keyboard.press("Enter");
  await at(post.items[5]!.key!);
  await isSaved(bench, w);

  // The second batch is accepted.
  await page.reload();
  await gather(page, w, 2, 1);
  await openBatch(desk, w, project);
  await expect(desk.getByText(fill(w.revision, { n: 2 }))).toBeVisible();
  await passTheRest(desk, w, 0, 1);
  await decide(desk, w, w.accept, w.accepted);

  // The file holds what was clicked.
  await page.reload();
  const first = await exported(page, w, w.jsonl, "jsonl");
  const lines = first.trimEnd().split("\n").map((line) => JSON.parse(line) as Line);
  expect(new Set(lines.map((line) => line.key))).toEqual(new Set(wanted.keys()));
  for (const line of lines) {
    const want = wanted.get(line.key)!;
    expect(line.state, line.key).toBe("accepted");
    expect(line.final.mood, line.key).toEqual(want.mood);
    const spans = line.final.entities ?? [];
    expect(spans.map(({ label, start, end }) => ({ label, start, end })), line.key).toEqual(want.entities);
    for (const span of spans) expect(span.text, line.key).toBe(slice(line.data.text, span.start, span.end));
    for (const annotation of line.annotations) {
      expect(annotation.annotator).toBe(people.annotator.username);
      expect(annotation.active_ms).toBeLessThanOrEqual(annotation.raw_ms);
    }
  }
  expect(lines.find((line) => line.key === hostile.key)!.data.text).toBe(hostile.text);
  const reworked = lines.find((line) => line.key === second!.key)!.annotations;
  expect(reworked.map((annotation) => [annotation.revision, annotation.value.entities![0]!.end])).toEqual([[1, 2], [2, 4]]);
  expect(reworked[0]!.verdicts).toMatchObject([
    { verdict: "fail", reviewer: people.reviewer.username, reason: "wrong_boundary", comment: remark },
  ]);
  expect(reworked[1]!.verdicts).toMatchObject([{ verdict: "pass" }]);
  expect(await exported(page, w, w.jsonl, "jsonl")).toBe(first);

  const rest = await terrace.rest(people.manager);
  const id = /projects\/([^/]+)/.exec(page.url())![1]!;
  const { body } = await rest.get<{ counts: Record<string, number> }>(`/projects/${id}`);
  expect(body.counts).toMatchObject({ accepted: wanted.size, open: total - wanted.size });
  for (const person of [manager, annotator, reviewer]) await person.leaves();
}

type Coco = {
  categories: { id: number; name: string; supercategory: string }[];
  images: { id: number; file_name: string; width: number; height: number }[];
  annotations: { image_id: number; category_id: number; bbox: number[]; segmentation: number[][] }[];
};

async function images(browser: Browser, terrace: Terrace, lang: Lang): Promise<void> {
  const w = words(lang);
  const pick = (zh: string, en: string) => (lang === "zh" ? zh : en);
  const people = await crew(terrace);
  const project = pick("三张照片", "Three photographs");

  const manager = await Person.at(browser, terrace, people.manager, lang);
  const page = manager.page;
  const files = await photographs(page);
  await newProject(page, w, project, w.image);
  await page.getByLabel(w.drop).setInputFiles(files);
  expect(await imported(page, w, files[0]!.name)).toEqual([3, 3, 0, 0]);

  await next(page, w, w.stepSchema);
  await page.getByRole("tab", { name: "JSON" }).click();
  const schema = {
    controls: [
      { id: "objects", kind: "box", required: true, title: { zh: "物体", en: "Objects" }, labels: [{ id: "thing", title: { zh: "物体", en: "Thing" } }, { id: "animal", title: { zh: "动物", en: "Animal" } }] },
      { id: "areas", kind: "polygon", title: { zh: "区域", en: "Areas" }, labels: [{ id: "ground", title: { zh: "地面", en: "Ground" } }] },
    ],
  };
  await page.getByRole("textbox", { name: w.jsonLabel }).fill(JSON.stringify(schema));
  await expect(page.getByText(w.fits)).toBeVisible();
  await page.getByRole("button", { name: fill(w.saveAs, { n: 1 }) }).click();
  await expect(page.getByText(fill(w.versionInForce, { n: 1 }))).toBeVisible();
  await next(page, w, w.stepGuideline);
  await openForWork(page, w, people);

  const annotator = await Person.at(browser, terrace, people.annotator, lang);
  const bench = annotator.page;
  await bench.getByRole("link", { name: w.startLabeling }).click();
  const stage = bench.getByRole("application", { name: w.stageImage });
  const marked = (n: number) => expect(bench.getByRole("region", { name: fill(w.marked, { n }), exact: true })).toBeVisible();
  const drawn = new Map<string, { label: string; box: [Point, Point]; outline: Point[] }>();
  for (const [n, file] of files.entries()) {
    await expect(bench.getByText(file.name, { exact: true }).first()).toBeVisible();
    await expect(stage).toHaveAttribute("data-ready", "true");
    const [width, height] = await imageSize(stage);
    const p = (x: number, y: number): Point => [Math.round(width * x), Math.round(height * y)];
    // The first one from near, with the wheel over it.
    if (n === 0) await wheel(bench, stage, p(0.4, 0.4), -400);
    await bench.keyboard.press(n === 1 ? "2" : "1");
    const box = await drag(bench, stage, p(0.32, 0.35), p(0.5, 0.48));
    await marked(1);
    await bench.getByRole("button", { name: w.fit }).click();
    await bench.keyboard.press("Escape");
    if (n === 2) await bench.getByRole("group", { name: pick("区域", "Areas") }).getByRole("button", { name: new RegExp(`^${pick("地面", "Ground")}`) }).click();
    else await bench.keyboard.press("3");
    const corners = [p(0.1, 0.6), p(0.55, 0.62), p(0.7, 0.85), p(0.12, 0.9)];
    const outline = await clicks(bench, stage, corners);
    // Closed by key, or by a click on the first corner.
    if (n === 1) await clicks(bench, stage, [corners[0]!]);
    else await bench.keyboard.press("Enter");
    await marked(2);
    drawn.set(file.name, { label: n === 1 ? "animal" : "thing", box, outline });
    await bench.keyboard.press("Enter");
  }
  await expect(bench.getByText(w.idle)).toBeVisible();
  await isSaved(bench, w);

  await gather(page, w, 1, 3);
  const reviewer = await Person.at(browser, terrace, people.reviewer, lang);
  await openBatch(reviewer.page, w, project);
  await passTheRest(reviewer.page, w, 0, 3);
  await decide(reviewer.page, w, w.accept, w.accepted);

  const coco = JSON.parse(await exported(page, w, w.coco, "json")) as Coco;
  expect(coco.images.map((image) => image.file_name).sort()).toEqual([...drawn.keys()].sort());
  expect(coco.annotations).toHaveLength(6);
  for (const image of coco.images) {
    const want = drawn.get(image.file_name)!;
    const own = coco.annotations.filter((annotation) => annotation.image_id === image.id);
    const named = (name: string) => own.find((annotation) => coco.categories.find((category) => category.id === annotation.category_id)!.name === name)!;
    const [x, y, width, height] = named(want.label).bbox as [number, number, number, number];
    near([x, y, x + width, y + height], want.box.flat(), image.file_name);
    near(named("ground").segmentation[0]!, want.outline.flat(), image.file_name);
  }
  for (const person of [manager, annotator, reviewer]) await person.leaves();
}

/** The same numbers to within one pixel. */
function near(seen: number[], wanted: number[], about: string): void {
  expect(seen, about).toHaveLength(wanted.length);
  const off = Math.max(...seen.map((value, n) => Math.abs(value - wanted[n]!)));
  expect(off, `${about}: ${seen.join(" ")} against ${wanted.join(" ")}`).toBeLessThanOrEqual(1);
}

// Ways to look at an image that change nothing on it (tone, grid, crosshair, small map, the image before beside it), keys of
// one's own, and the schema form for skeletons and attributes.

import { bench, openBench } from "../support/bench";
import { drawn } from "../support/data";
import { kept, objects, press, ready, stage } from "../support/draft";
import { clicks, drag } from "../support/stage";
import { alive, expect, signIn, test } from "../support/terrace";

const schema = { controls: [{ id: "boxes", kind: "box", labels: [{ id: "car", title: { zh: "车", en: "Car" } }] }] };

test.use({ locale: "zh-CN" });

test("tone, grid, crosshair, small map, strength of shapes: switched by keys, and remembered", async ({ page, terrace }) => {
  const picture = await drawn(page, "ground.png", 800, 600);
  const made = await bench(terrace, "image", schema, [{ name: picture.name, format: "images", bytes: picture.buffer }]);
  await openBench(page, made);
  await ready(page);
  await press(page, "1");
  await drag(page, stage(page), [100, 100], [300, 300]);
  const value = await kept(page);

  await press(page, "Shift+B");
  const tones = page.getByRole("group", { name: "窗宽窗位、亮度与对比度" });
  // Window and level: by sliders, by what is seen, by the right button.
  const values = () => Promise.all(["窗宽", "窗位"].map(async (name) => Number(await tones.getByRole("slider", { name }).inputValue())));
  const image = page.locator(".stage-image canvas").first();
  await tones.getByRole("slider", { name: "窗宽" }).fill("51");
  await tones.getByRole("slider", { name: "窗位" }).fill("102");
  await expect(image).toHaveCSS("filter", /^url\(.*#stage-tone-window"?\) brightness\(1\) contrast\(1\)$/);
  await expect(page.locator("#stage-tone-window feFuncG")).toHaveAttribute("slope", "5");
  await expect(page.locator("#stage-tone-window feFuncG")).toHaveAttribute("intercept", "-1.5");
  // Most of it is a blue of lightness 115 and a brown of 164; the few white letters are left out or not.
  await tones.getByRole("button", { name: "自动" }).click();
  const [window, level] = (await values()) as [number, number];
  expect([level - window / 2 > 113, level - window / 2 < 117, level + window / 2 > 162]).toEqual([true, true, true]);
  const middle_ = (await stage(page).boundingBox())!;
  await page.mouse.move(middle_.x + 200, middle_.y + 300);
  await page.mouse.down({ button: "right" });
  await page.mouse.move(middle_.x + 240, middle_.y + 280, { steps: 2 });
  await page.mouse.up({ button: "right" });
  await page.mouse.move(middle_.x + 400, middle_.y + 400);
  expect((await values()).map((n, at) => Math.abs(n - [window + 20, level - 10][at]!) <= 1)).toEqual([true, true]);
  await tones.getByRole("button", { name: "还原" }).click();
  await expect(image).toHaveCSS("filter", "none");
  await tones.getByRole("slider", { name: "亮度" }).fill("1.5");
  await tones.getByRole("slider", { name: "伽马" }).fill("2");
  await tones.getByRole("combobox", { name: "通道" }).selectOption("1");
  const picture_ = page.locator(".stage-image canvas").first();
  await expect(picture_).toHaveCSS("filter", /brightness\(1\.5\) contrast\(1\) url\(.*#stage-tone"?\)/);
  await expect(page.locator("#stage-tone feFuncR")).toHaveAttribute("exponent", "0.5");
  await tones.getByRole("button", { name: "还原" }).click();
  await expect(picture_).toHaveCSS("filter", "none");
  await stage(page).focus();
  await press(page, "Shift+B");
  await expect(tones).toHaveCount(0);

  await press(page, "Quote", "Semicolon");
  await expect(page.locator(".stage-grid")).toBeVisible();
  const [at] = await clicks(page, stage(page), [[400, 400]]);
  await expect(page.locator(".stage-place")).toHaveText(`${Math.floor(at![0])}, ${Math.floor(at![1])}`);
  const stageBox = (await stage(page).boundingBox())!;
  const cross = (await page.locator(".stage-cross-down").boundingBox())!;
  const view = ((await stage(page).getAttribute("data-view")) ?? "").split(" ").map(Number);
  expect(Math.abs(cross.x - stageBox.x - (at![0] * view[0]! + view[1]!))).toBeLessThan(1.5);

  // The map is there while only a part is seen, and leads to any other.
  await expect(page.locator(".stage-map")).toHaveCount(0);
  for (let n = 0; n < 6; n++) await press(page, "Equal");
  const map = (await page.locator(".stage-map").boundingBox())!;
  await page.mouse.click(map.x + 4, map.y + 4);
  const [scale, dx, dy] = ((await stage(page).getAttribute("data-view")) ?? "").split(" ").map(Number) as [number, number, number];
  const middle = [(stageBox.width / 2 - dx) / scale, (stageBox.height / 2 - dy) / scale];
  expect(Math.max(...middle)).toBeLessThan(80);
  await press(page, "Shift+Quote");
  await expect(page.locator(".stage-map")).toHaveCount(0);

  await press(page, "PageDown", "PageDown");
  await expect(page.locator(".stage-settled").first()).toHaveCSS("opacity", "0.7");
  expect(await kept(page)).toEqual(value);
  await page.reload();
  await alive(page);
  await ready(page);
  await expect(page.locator(".stage-grid")).toBeVisible();
  await expect(page.locator(".stage-settled").first()).toHaveCSS("opacity", "0.7");
});

test("turned by a quarter, a box is drawn where the hand draws it, and arrows move it as the eye sees", async ({ page, terrace }) => {
  const picture = await drawn(page, "ground.png", 800, 600);
  const made = await bench(terrace, "image", schema, [{ name: picture.name, format: "images", bytes: picture.buffer }]);
  await openBench(page, made);
  await ready(page);
  await press(page, "1", "Backslash");
  await expect(stage(page)).toHaveAttribute("data-quarter", "1");
  const onScreen = async (x: number, y: number) => {
    const box = (await stage(page).boundingBox())!;
    const [scale, dx, dy] = ((await stage(page).getAttribute("data-view")) ?? "").split(" ").map(Number) as [number, number, number];
    // The stage is turned about its middle: its right is down on the screen.
    const [w, h] = [box.height, box.width];
    const [lx, ly] = [x * scale + dx - w / 2, y * scale + dy - h / 2];
    return { x: box.x + box.width / 2 - ly, y: box.y + box.height / 2 + lx };
  };
  const [a, b] = [await onScreen(100, 100), await onScreen(300, 200)];
  expect(b.x).toBeLessThan(a.x);
  await page.mouse.move(a.x, a.y);
  await page.mouse.down();
  await page.mouse.move((a.x + b.x) / 2, (a.y + b.y) / 2, { steps: 3 });
  await page.mouse.move(b.x, b.y, { steps: 3 });
  await page.mouse.up();
  const box = async () => (await kept(page)).boxes![0] as unknown as { x: number; y: number; w: number; h: number };
  const drawn_ = await box();
  for (const [found, wanted] of [[drawn_.x, 100], [drawn_.y, 100], [drawn_.w, 200], [drawn_.h, 100]] as const) expect(Math.abs(found - wanted)).toBeLessThan(1.5);
  // Down on the screen is to the right on the image.
  await press(page, "Control+ArrowDown");
  const moved = await box();
  expect([moved.x - drawn_.x, moved.y - drawn_.y].map(Math.round)).toEqual([10, 0]);
  await press(page, "Backslash", "Backslash", "Backslash");
  await expect(stage(page)).toHaveAttribute("data-quarter", "0");
  expect(await box()).toEqual(moved);
});

test("the image before, beside this one", async ({ page, terrace }) => {
  const pictures = await Promise.all(["a.png", "b.png"].map((name) => drawn(page, name, 800, 600)));
  const made = await bench(terrace, "image", schema, pictures.map(({ name, buffer }) => ({ name, format: "images", bytes: buffer })));
  await openBench(page, made);
  await ready(page);
  await press(page, "1");
  await drag(page, stage(page), [100, 100], [300, 300]);
  await press(page, "Enter");
  await expect(objects(page)).toHaveCount(0);
  await press(page, "Slash");
  const before = page.locator("#before");
  await expect(page.locator("#before[data-ready]")).toBeVisible();
  await expect(page.locator(".stage-before h2")).toContainText("a.png");
  // It is looked at, never changed.
  const view = ((await before.getAttribute("data-view")) ?? "").split(" ").map(Number) as [number, number, number];
  const box = (await before.boundingBox())!;
  await page.mouse.move(box.x + 200 * view[0] + view[1], box.y + 200 * view[0] + view[2]);
  await page.mouse.down();
  await page.mouse.move(box.x + 300 * view[0] + view[1], box.y + 260 * view[0] + view[2], { steps: 3 });
  await page.mouse.up();
  await expect(objects(page)).toHaveCount(0);
  await stage(page).focus();
  await press(page, "Slash");
  await expect(before).toHaveCount(0);
});

test("a key of one's own: pressed, refused where it is taken, remembered, given back", async ({ page, terrace }) => {
  const picture = await drawn(page, "ground.png", 800, 600);
  const made = await bench(terrace, "image", schema, [{ name: picture.name, format: "images", bytes: picture.buffer }]);
  await signIn(page, made.annotator, "/me");
  await page.getByText("我的快捷键").click();
  const duplicate = page.getByRole("button", { name: /^复制: / });
  await duplicate.click();
  await press(page, "Shift+L");
  await expect(page.getByRole("alert").filter({ hasText: "锁定" })).toBeVisible();
  await duplicate.click();
  await press(page, "KeyD");
  await expect(page.getByRole("alert").filter({ hasText: "标签" })).toBeVisible();
  await duplicate.click();
  await press(page, "Control+Shift+KeyU");
  await expect(duplicate).toHaveText("Ctrl+Shift+U");
  await page.goto(`/work/${made.project}`);
  await alive(page);
  await ready(page);
  await press(page, "1");
  await drag(page, stage(page), [100, 100], [300, 300]);
  await press(page, "Shift+D");
  await expect(objects(page)).toHaveCount(1);
  await press(page, "Control+Shift+KeyU");
  await expect(objects(page)).toHaveCount(2);
  await press(page, "Shift+?");
  await expect(page.getByRole("dialog").locator("div", { hasText: /^CtrlShiftU复制$/ })).toBeVisible();
  await page.goto("/me");
  await alive(page);
  await page.getByText("我的快捷键").click();
  await page.locator(".own-key", { hasText: "Ctrl+Shift+U" }).getByRole("button", { name: "还原" }).click();
  await expect(page.getByRole("button", { name: "复制: Shift+D" })).toBeVisible();
});

test("the schema form makes skeletons, masks and attributes", async ({ page, terrace }) => {
  const rest = await terrace.rest();
  const { body } = await rest.post<{ id: string }>("/projects", { name: "骨架方案", modality: "image" });
  await signIn(page, undefined, `/projects/${body.id}/setup/schema`);
  await page.getByRole("button", { name: "骨架", exact: true }).click();
  await page.getByRole("textbox", { name: "骨架点" }).fill("鼻，左眼，右眼");
  await page.getByRole("textbox", { name: "连线" }).fill("鼻-左眼，鼻-尾巴");
  await expect(page.getByText("连线须为骨架中两个不同的点。").first()).toBeVisible();
  await page.getByRole("textbox", { name: "连线" }).fill("鼻-左眼，鼻-右眼");
  await page.getByRole("button", { name: "添加属性" }).click();
  const row = page.locator(".attribute-row");
  await row.getByRole("combobox").selectOption("choice");
  await row.getByRole("textbox", { name: "中文名称" }).fill("姿势");
  await row.getByPlaceholder("选项").fill("up=站立，down=坐下");
  await page.getByRole("button", { name: "掩膜", exact: true }).click();
  await expect(page.getByText("方案完整，可以保存。")).toBeVisible();
  await page.getByRole("button", { name: "保存为第 1 版" }).click();
  await expect.poll(async () => {
    const { body: project } = await rest.get<{ schema?: { controls: Record<string, unknown>[] } }>(`/projects/${body.id}`);
    return project.schema?.controls.length ?? 0;
  }).toBe(2);
  const { body: project } = await rest.get<{ schema: { controls: Record<string, unknown>[] } }>(`/projects/${body.id}`);
  expect(project.schema.controls[0]).toMatchObject({
    kind: "skeleton",
    points: ["鼻", "左眼", "右眼"],
    edges: [["鼻", "左眼"], ["鼻", "右眼"]],
    labels: [{ attributes: [{ kind: "choice", title: { zh: "姿势" }, options: [{ id: "up", title: { zh: "站立" } }, { id: "down" }] }] }],
  });
});

// The tools that look at the picture: wand, scissors, cut-out. Each draws what is known of a made picture, is undone, edited,
// submitted and found again after a reload. What they find comes from a worker; one that fails is replaced.

import type { Page } from "@playwright/test";
import { type Bench, bench, openBench } from "../support/bench";
import { kept, objects, press, ready, reloadAndSubmit, stage, thereAndBack, type Region, type Value } from "../support/draft";
import { pixelsOf } from "../support/mask";
import { clicks, drag, fingerDrag, keyPresses, onScreen, type Point, taps } from "../support/stage";
import { expect, signIn, type Terrace, test } from "../support/terrace";

const [WIDTH, HEIGHT] = [800, 600];
const disc = { x: 250, y: 300, r: 120 };
const block = { left: 480, top: 150, right: 700, bottom: 420 };
const inDisc = (x: number, y: number) => Math.hypot(x + 0.5 - disc.x, y + 0.5 - disc.y) < disc.r;
const inBlock = (x: number, y: number) => x >= block.left && x < block.right && y >= block.top && y < block.bottom;

// Keys: 1 cover (mask), 2 field (polygon), 3 thing (box).
const schema = {
  controls: [
    { id: "masks", kind: "mask", labels: [{ id: "cover", title: { zh: "cover", en: "cover" } }] },
    { id: "areas", kind: "polygon", labels: [{ id: "field", title: { zh: "field", en: "field" } }] },
    { id: "boxes", kind: "box", labels: [{ id: "thing", title: { zh: "thing", en: "thing" } }] },
  ],
};

test.use({ locale: "zh-CN" });

/** A light disc and a blue block on green ground, which has grain but in its upper left corner. */
async function picture(page: Page): Promise<Buffer> {
  const base64 = await page.evaluate(
    ([width, height, disc, block]) => {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [width, height];
      const brush = canvas.getContext("2d")!;
      const pixels = brush.createImageData(width, height);
      for (let at = 0; at < width * height; at++) {
        const [x, y] = [at % width, Math.floor(at / width)];
        const grain = x < 100 && y < 100 ? 0 : ((x * 7919) ^ (y * 104_729)) % 12;
        const isDisc = Math.hypot(x + 0.5 - disc.x, y + 0.5 - disc.y) < disc.r;
        const isBlock = x >= block.left && x < block.right && y >= block.top && y < block.bottom;
        const color = isDisc ? [230, 150, 120] : isBlock ? [60 + grain, 90 + grain, 200 + grain] : [70 + grain, 120 + grain, 90 + grain];
        pixels.data.set([...color, 255], at * 4);
      }
      brush.putImageData(pixels, 0, 0);
      return canvas.toDataURL("image/png").split(",")[1]!;
    },
    [WIDTH, HEIGHT, disc, block] as const,
  );
  return Buffer.from(base64, "base64");
}

async function open(page: Page, terrace: Terrace): Promise<Bench> {
  const made = await bench(terrace, "image", schema, [{ name: "known.png", format: "images", bytes: await picture(page) }]);
  await openBench(page, made);
  await ready(page);
  return made;
}

/** Presses the tool's key, and sees its button pressed. */
async function take(page: Page, key: string, name: RegExp): Promise<void> {
  await press(page, key);
  await expect(page.getByRole("button", { name })).toHaveAttribute("aria-pressed", "true");
}

/** What a deed leads to: the value, once it is another one. */
async function after(page: Page, deed: () => Promise<unknown>): Promise<Value> {
  const before = JSON.stringify(await kept(page));
  await deed();
  await expect.poll(async () => JSON.stringify(await kept(page)) !== before).toBe(true);
  return kept(page);
}

/** How much what was found and what is there have in common: 1 is all. */
function iou(found: (x: number, y: number) => boolean, truth: (x: number, y: number) => boolean): number {
  let [both, either] = [0, 0];
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const [a, b] = [found(x, y), truth(x, y)];
      if (a && b) both++;
      if (a || b) either++;
    }
  }
  return both / either;
}

const ofMask = (region: Region) => {
  const rows = pixelsOf(region);
  return (x: number, y: number) => rows[y * WIDTH + x] === 1;
};
const pointsOf = (region: Region) => region.points as [number, number][];
const ofPolygon = (region: Region) => {
  const points = pointsOf(region);
  return (x: number, y: number) => {
    let inside = false;
    points.forEach(([bx, by], n) => {
      const [ax, ay] = points[(n + points.length - 1) % points.length]!;
      if (ay > y + 0.5 !== by > y + 0.5 && x + 0.5 < ((bx - ax) * (y + 0.5 - ay)) / (by - ay) + ax) inside = !inside;
    });
    return inside;
  };
};

test("the wand: taken exactly, added to, taken out of, more and less of it; and a polygon", async ({ page, terrace }) => {
  test.slow();
  const made = await open(page, terrace);
  await take(page, "Shift+W", /魔棒/);
  let value = await after(page, () => clicks(page, stage(page), [[250, 300]]));
  expect(iou(ofMask(value.masks![0]!), inDisc)).toBe(1);
  await thereAndBack(page);
  await press(page, "BracketRight");
  value = await after(page, async () => {
    await page.keyboard.down("Shift");
    await clicks(page, stage(page), [[600, 300]]);
    await page.keyboard.up("Shift");
  });
  expect(value.masks).toHaveLength(1);
  expect(iou(ofMask(value.masks![0]!), (x, y) => inDisc(x, y) || inBlock(x, y))).toBe(1);
  await thereAndBack(page);
  value = await after(page, async () => {
    await page.keyboard.down("Alt");
    await clicks(page, stage(page), [[200, 300]]);
    await page.keyboard.up("Alt");
  });
  expect(iou(ofMask(value.masks![0]!), inBlock)).toBe(1);

  // So tolerant that all of the image is one: the same touch, the same step.
  await press(page, "Escape");
  const before = await kept(page);
  const disc_ = await onScreen(stage(page), [250, 300]);
  value = await after(page, async () => {
    await page.mouse.move(disc_.x, disc_.y);
    await page.mouse.down();
  });
  expect(value.masks).toHaveLength(2);
  const whole = () => iou(ofMask(value.masks![1]!), () => true);
  expect(whole()).toBeLessThan(0.2);
  // By the wheel while the button is held, by the wheel with Alt, and by keys.
  const view = await stage(page).getAttribute("data-view");
  await page.mouse.wheel(0, 120);
  await expect(page.locator(".stage-scale", { hasText: "容差 20" })).toBeVisible();
  await page.mouse.up();
  await page.keyboard.down("Alt");
  for (let n = 0; n < 3; n++) await page.mouse.wheel(0, -120);
  await page.keyboard.up("Alt");
  await expect(page.locator(".stage-scale", { hasText: "容差 32" })).toBeVisible();
  expect(await stage(page).getAttribute("data-view")).toBe(view);
  for (let n = 0; n < 35; n++) await press(page, "Shift+BracketRight");
  await expect(page.locator(".stage-scale", { hasText: "容差 172" })).toBeVisible();
  await expect.poll(async () => { value = await kept(page); return whole(); }).toBe(1);
  await press(page, "Control+z");
  expect(await kept(page)).toEqual(before);

  for (let n = 0; n < 37; n++) await press(page, "Shift+BracketLeft");
  await press(page, "2");
  value = await after(page, () => clicks(page, stage(page), [[600, 300]]));
  expect(iou(ofPolygon(value.areas![0]!), inBlock)).toBeGreaterThan(0.98);
  expect(pointsOf(value.areas![0]!).length).toBeLessThan(12);
  await thereAndBack(page);
  await reloadAndSubmit(page, terrace, made);
});

test("the scissors: an outline between clicks lies on the edge, is taken back, closed, edited", async ({ page, terrace }) => {
  const made = await open(page, terrace);
  await press(page, "2");
  await take(page, "Shift+I", /智能剪刀/);
  // Three pixels off the border, in and out; the third click is a slip.
  const around = (degrees: number, off: number): Point => [
    disc.x + (disc.r + off) * Math.cos((degrees * Math.PI) / 180),
    disc.y + (disc.r + off) * Math.sin((degrees * Math.PI) / 180),
  ];
  await clicks(page, stage(page), [around(0, 3), around(80, -3), [700, 560]]);
  await press(page, "Backspace");
  await clicks(page, stage(page), [around(160, 3), around(240, -3)]);
  const value = await after(page, () => press(page, "Enter"));
  const [field] = value.areas!;
  expect(iou(ofPolygon(field!), inDisc)).toBeGreaterThan(0.97);
  for (const [x, y] of pointsOf(field!)) expect(Math.abs(Math.hypot(x - disc.x, y - disc.y) - disc.r), `${x}, ${y}`).toBeLessThan(1.5);
  await thereAndBack(page);

  // With the scissors put down its vertices are moved as any polygon's.
  await press(page, "Shift+I", "BracketRight");
  await expect(page.locator(".object-selected")).toHaveCount(1);
  const moved = await after(page, () => drag(page, stage(page), pointsOf(field!)[0]!, [disc.x + disc.r + 60, disc.y - 40]));
  expect(pointsOf(moved.areas![0]!).some(([x, y]) => Math.hypot(x - disc.x - disc.r - 60, y - disc.y + 40) < 2)).toBe(true);
  await press(page, "Control+z");
  expect(await kept(page)).toEqual(value);

  // Into a mask, closed by a click on the first place; given up, nothing is left.
  await press(page, "Escape", "1", "Shift+I");
  await clicks(page, stage(page), [[480, 151], [699, 150]]);
  await press(page, "Escape");
  await clicks(page, stage(page), [[482, 152], [698, 148], [702, 418], [478, 421], [482, 152]]);
  await expect(objects(page)).toHaveCount(2);
  const [cover] = (await kept(page)).masks!;
  expect(iou(ofMask(cover!), inBlock)).toBeGreaterThan(0.97);
  await thereAndBack(page);
  await reloadAndSubmit(page, terrace, made);
});

test("the cut-out: the object in a box, as a mask and as a polygon; without any, it says so", async ({ page, terrace }) => {
  const made = await open(page, terrace);
  await take(page, "Shift+U", /框选抠图/);
  let value = await after(page, () => drag(page, stage(page), [115, 160], [385, 440]));
  expect(iou(ofMask(value.masks![0]!), inDisc)).toBeGreaterThan(0.97);
  await thereAndBack(page);
  await press(page, "BracketRight");
  // Edited as any mask: a stroke of the brush takes some of it out.
  await press(page, "Shift+U", "Shift+E");
  const less = await after(page, () => drag(page, stage(page), [250, 250], [250, 350]));
  expect(ofMask(less.masks![0]!)(250, 300)).toBe(false);
  await press(page, "Control+z", "Shift+E", "Escape", "2", "Shift+U");
  value = await after(page, () => drag(page, stage(page), [465, 138], [716, 436]));
  expect(iou(ofPolygon(value.areas![0]!), inBlock)).toBeGreaterThan(0.97);
  await thereAndBack(page);
  const before = await kept(page);
  await drag(page, stage(page), [20, 20], [60, 60]);
  await expect(page.getByRole("alert").filter({ hasText: "没有分辨出目标" })).toBeVisible();
  expect(await kept(page)).toEqual(before);
  await reloadAndSubmit(page, terrace, made);
});

test("by the keyboard's pointer, at chosen places", async ({ page, terrace }) => {
  test.slow();
  const made = await open(page, terrace);
  await press(page, "1");
  await take(page, "Shift+W", /魔棒/);
  await press(page, "Shift+Semicolon");
  let value = await after(page, () => keyPresses(page, stage(page), [[250, 300]]));
  expect(iou(ofMask(value.masks![0]!), inDisc)).toBe(1);
  await thereAndBack(page);
  await press(page, "BracketRight");
  value = await after(page, () => keyPresses(page, stage(page), [[600, 300]], "Shift+Space"));
  expect(value.masks).toHaveLength(1);
  expect(iou(ofMask(value.masks![0]!), (x, y) => inDisc(x, y) || inBlock(x, y))).toBe(1);
  value = await after(page, () => keyPresses(page, stage(page), [[200, 300]], "Alt+Enter"));
  expect(iou(ofMask(value.masks![0]!), inBlock)).toBe(1);
  await thereAndBack(page);

  await press(page, "Shift+W", "2", "Shift+I");
  const around = (degrees: number, off: number): Point => [
    Math.round(disc.x + (disc.r + off) * Math.cos((degrees * Math.PI) / 180)),
    Math.round(disc.y + (disc.r + off) * Math.sin((degrees * Math.PI) / 180)),
  ];
  await keyPresses(page, stage(page), [around(0, 3), around(80, -3), [700, 560]]);
  await press(page, "Backspace");
  await keyPresses(page, stage(page), [around(160, 3), around(240, -3)]);
  value = await after(page, () => press(page, "Enter"));
  expect(iou(ofPolygon(value.areas![0]!), inDisc)).toBeGreaterThan(0.97);
  await thereAndBack(page);

  await press(page, "Shift+U");
  value = await after(page, () => keyPresses(page, stage(page), [[465, 138], [716, 436]]));
  expect(value.areas).toHaveLength(2);
  expect(iou(ofPolygon(value.areas![1]!), inBlock)).toBeGreaterThan(0.97);
  await thereAndBack(page);
  await reloadAndSubmit(page, terrace, made);
});

test("by touch: wand, scissors and cut-out", async ({ browser, page, terrace }) => {
  test.slow();
  const made = await bench(terrace, "image", schema, [{ name: "known.png", format: "images", bytes: await picture(page) }]);
  const context = await browser.newContext({
    baseURL: terrace.url, locale: "zh-CN", isMobile: true, hasTouch: true, viewport: { width: 820, height: 1180 },
  });
  const pad = await context.newPage();
  const client = await context.newCDPSession(pad);
  await signIn(pad, made.annotator, `/work/${made.project}`);
  await ready(pad);
  const tap = (name: RegExp) => pad.getByRole("button", { name }).tap();
  const label = (n: number) => pad.locator(".label-button").nth(n).tap();
  const thereAndBackByTouch = async () => {
    const before = await kept(pad);
    await tap(/^撤销/);
    expect(await kept(pad)).not.toEqual(before);
    await tap(/^重做/);
    expect(await kept(pad)).toEqual(before);
  };
  await label(0);
  await tap(/魔棒/);
  let value = await after(pad, () => taps(pad, stage(pad), [[250, 300]]));
  expect(iou(ofMask(value.masks![0]!), inDisc)).toBe(1);
  await thereAndBackByTouch();

  await label(1);
  await tap(/框选抠图/);
  value = await after(pad, () => fingerDrag(client, stage(pad), [465, 138], [716, 436]));
  expect(iou(ofPolygon(value.areas![0]!), inBlock)).toBeGreaterThan(0.97);
  await thereAndBackByTouch();

  await tap(/智能剪刀/);
  const around = (degrees: number): Point => [disc.x + (disc.r + 2) * Math.cos((degrees * Math.PI) / 180), disc.y + (disc.r + 2) * Math.sin((degrees * Math.PI) / 180)];
  // Closed by a tap on the first place.
  value = await after(pad, () => taps(pad, stage(pad), [0, 80, 160, 240, 0].map(around)));
  expect(value.areas).toHaveLength(2);
  expect(iou(ofPolygon(value.areas![1]!), inDisc)).toBeGreaterThan(0.97);
  await thereAndBackByTouch();
  await reloadAndSubmit(pad, terrace, made, () => pad.getByRole("button", { name: /^提交并继续/ }).tap());
  await context.close();
});

type Frame = { left: number; top: number; right: number; bottom: number };

/** Presses an arrow, by tens and by ones, until something has gone as far as wanted, to half a pixel or so. */
async function arrows(page: Page, by: number, forwards: string, back: string, also = ""): Promise<void> {
  const key = by > 0 ? forwards : back;
  const [tens, ones] = [Math.floor(Math.abs(by) / 10), Math.round(Math.abs(by) % 10)];
  await press(page, ...Array(tens).fill(`Control+${also}${key}`), ...Array(ones).fill(`${also}${key}`));
}

/** Moves what is selected into a frame: first its left upper corner, then its right and lower sides. */
async function into(page: Page, frame: () => Promise<Frame>, wanted: Frame): Promise<void> {
  const { left, top } = await frame();
  await arrows(page, wanted.left - left, "ArrowRight", "ArrowLeft");
  await arrows(page, wanted.top - top, "ArrowDown", "ArrowUp");
  const { right, bottom } = await frame();
  await arrows(page, wanted.right - right, "ArrowRight", "ArrowLeft", "Shift+");
  await arrows(page, wanted.bottom - bottom, "ArrowDown", "ArrowUp", "Shift+");
  const is = await frame();
  for (const side of ["left", "top", "right", "bottom"] as const) expect(Math.abs(is[side] - wanted[side]), side).toBeLessThan(2);
}

test("by keys alone, and a worker that failed is told of and replaced", async ({ page, terrace }) => {
  test.slow();
  const made = await open(page, terrace);
  let broken = true;
  await page.context().route(/assist\..*\.wasm$/, (route) => (broken ? route.abort() : route.continue()));
  await take(page, "Shift+W", /魔棒/);
  await press(page, "Shift+N");
  await expect(page.getByRole("alert").filter({ hasText: "辅助工具出了错" })).toBeVisible();
  expect(await kept(page)).toEqual({});
  broken = false;

  // Cut out of the box that is selected.
  await press(page, "Shift+W", "Escape", "3", "Shift+N");
  const box = async (): Promise<Frame> => {
    const { x, y, w, h } = (await kept(page)).boxes![0] as unknown as { x: number; y: number; w: number; h: number };
    return { left: x, top: y, right: x + w, bottom: y + h };
  };
  await into(page, box, { left: 466, top: 138, right: 715, bottom: 435 });
  await take(page, "Shift+U", /框选抠图/);
  await expect(page.locator(".key-strip li", { hasText: "抠出选中方框里的目标" })).toBeVisible();
  let value = await after(page, () => press(page, "Shift+N"));
  await expect(page.getByRole("alert").filter({ hasText: "辅助工具出了错" })).toHaveCount(0);
  expect(iou(ofMask(value.masks![0]!), inBlock)).toBeGreaterThan(0.97);
  const cut = value;
  value = await after(page, () => press(page, "Control+ArrowLeft"));
  expect(iou(ofMask(value.masks![0]!), (x, y) => inBlock(x + 10, y))).toBeGreaterThan(0.97);
  await press(page, "Control+z");
  expect(await kept(page)).toEqual(cut);
  await thereAndBack(page);

  // The scissors lay the selected polygon along the edges, from vertex to vertex.
  await press(page, "Shift+U", "Escape", "2", "Shift+N");
  const field = async (): Promise<Frame> => {
    const points = pointsOf((await kept(page)).areas![0]!);
    const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
    return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
  };
  const { x, y, r } = disc;
  await into(page, field, { left: x - r, top: y - r, right: x + r, bottom: y + r });
  const diamond = (await kept(page)).areas![0]!;
  expect(iou(ofPolygon(diamond), inDisc)).toBeLessThan(0.7);
  await take(page, "Shift+I", /智能剪刀/);
  await expect(page.locator(".key-strip li", { hasText: "让选中的多边形贴合边缘" })).toBeVisible();
  value = await after(page, () => press(page, "Shift+N"));
  expect(value.areas).toHaveLength(1);
  expect(value.areas![0]!.id).toBe(diamond.id);
  expect(iou(ofPolygon(value.areas![0]!), inDisc)).toBeGreaterThan(0.97);
  await thereAndBack(page);

  // The wand touches the middle of what is seen: it is ground.
  await press(page, "Shift+I", "Escape", "1", "Shift+W");
  value = await after(page, () => press(page, "Shift+N"));
  const ground = value;
  expect(iou(ofMask(value.masks![1]!), (x, y) => !inDisc(x, y) && !inBlock(x, y))).toBe(1);
  value = await after(page, () => press(page, "Shift+O"));
  expect(iou(ofMask(value.masks![1]!), () => true)).toBe(1);
  await press(page, "Control+z");
  expect(await kept(page)).toEqual(ground);
  await thereAndBack(page);
  await reloadAndSubmit(page, terrace, made);
});

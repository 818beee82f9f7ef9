// Hands on the stage of the workbench: dragging over characters, drawing in pixels of the image.

import { type CDPSession, expect, type Locator, type Page } from "@playwright/test";

/** Where a place in the text lies on the page. Places are counted in Unicode scalar values. */
async function placeOf(stage: Locator, at: number): Promise<{ x: number; y: number }> {
  return stage.evaluate((stage, at) => {
    const units = [...stage.textContent!].slice(0, at).join("").length;
    const walker = document.createTreeWalker(stage, NodeFilter.SHOW_TEXT);
    let left = units;
    let last: { x: number; y: number } | undefined;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const length = node.textContent!.length;
      if (left <= length && length > 0) {
        const range = document.createRange();
        // The box of the character before or after the place: that of the bare place is empty in some fonts.
        if (left < length) {
          range.setStart(node, left);
          range.setEnd(node, left + (node.textContent!.codePointAt(left)! > 0xffff ? 2 : 1));
          const rect = range.getClientRects()[0]!;
          return { x: rect.left + 0.5, y: rect.top + rect.height / 2 };
        }
        range.setStart(node, length - 1);
        range.setEnd(node, length);
        const rects = range.getClientRects();
        const rect = rects[rects.length - 1]!;
        last = { x: rect.right - 0.5, y: rect.top + rect.height / 2 };
      }
      left -= length;
      if (left < 0) break;
    }
    if (!last) throw new Error(`there is no place ${at} in the text`);
    return last;
  }, at);
}

/** Drags over the characters from `start` up to `end`. */
export async function dragOver(page: Page, stage: Locator, start: number, end: number): Promise<void> {
  await stage.scrollIntoViewIfNeeded();
  const [a, b] = [await placeOf(stage, start), await placeOf(stage, end)];
  await page.mouse.move(a.x, a.y);
  await page.mouse.down();
  await page.mouse.move((a.x + b.x) / 2, b.y, { steps: 3 });
  await page.mouse.move(b.x, b.y, { steps: 3 });
  await page.mouse.up();
}

export type Point = readonly [number, number];

/** A whole pixel of the stage near a point of the image: where it lies on the page, and the point of the image under it. */
export async function onScreen(stage: Locator, [x, y]: Point): Promise<{ x: number; y: number; point: Point }> {
  const view = ((await stage.getAttribute("data-view")) ?? "").split(" ").map(Number);
  const box = (await stage.boundingBox())!;
  const [scale, dx, dy] = view as [number, number, number];
  const [left, top] = [Math.round(x * scale + dx), Math.round(y * scale + dy)];
  return { x: box.x + left, y: box.y + top, point: [(left - dx) / scale, (top - dy) / scale] };
}

/** The size of the image on the stage, in its own pixels. */
export async function imageSize(stage: Locator): Promise<[number, number]> {
  return ((await stage.getAttribute("data-image")) ?? "").split(" ").map(Number) as [number, number];
}

/** Turns the wheel over a point of the image; less than nothing comes nearer. */
export async function wheel(page: Page, stage: Locator, over: Point, by: number): Promise<void> {
  const before = await stage.getAttribute("data-view");
  const at = await onScreen(stage, over);
  await page.mouse.move(at.x, at.y);
  await page.mouse.wheel(0, by);
  await expect(stage).not.toHaveAttribute("data-view", before!);
}

/** Drags from one point of the image to another. Gives the points under the mouse. */
export async function drag(page: Page, stage: Locator, from: Point, to: Point): Promise<[Point, Point]> {
  const [a, b] = [await onScreen(stage, from), await onScreen(stage, to)];
  await page.mouse.move(a.x, a.y);
  await page.mouse.down();
  await page.mouse.move((a.x + b.x) / 2, (a.y + b.y) / 2, { steps: 3 });
  await page.mouse.move(b.x, b.y, { steps: 3 });
  await page.mouse.up();
  return [a.point, b.point];
}

/** Clicks on points of the image, one after the other. Gives the points under the mouse. */
export async function clicks(page: Page, stage: Locator, points: readonly Point[]): Promise<Point[]> {
  const out: Point[] = [];
  for (const point of points) {
    const at = await onScreen(stage, point);
    await page.mouse.click(at.x, at.y);
    out.push(at.point);
  }
  return out;
}

/** Leads the keyboard's pointer, which is in hand, to a whole pixel of the image. */
export async function pointTo(page: Page, stage: Locator, [x, y]: Point): Promise<void> {
  const at = async () => ((await stage.getAttribute("data-pointer")) ?? "").split(" ").map(Number) as [number, number];
  const [fromX, fromY] = await at();
  for (const [by, forwards, back] of [[x - fromX, "ArrowRight", "ArrowLeft"], [y - fromY, "ArrowDown", "ArrowUp"]] as const) {
    let left = Math.abs(by);
    for (const [step, held] of [[100, "Shift+"], [10, "Control+"], [1, ""]] as const) {
      for (; left >= step; left -= step) await page.keyboard.press(held + (by > 0 ? forwards : back));
    }
  }
  expect(await at()).toEqual([x, y]);
}

/** Presses with the keyboard's pointer at pixels of the image, one after the other. */
export async function keyPresses(page: Page, stage: Locator, points: readonly Point[], key = "Space"): Promise<void> {
  for (const point of points) {
    await pointTo(page, stage, point);
    await page.keyboard.press(key);
  }
}

/** Puts fingers on the stage, moves them or takes them off, at points of the image. */
export async function fingers(client: CDPSession, stage: Locator, type: "touchStart" | "touchMove" | "touchEnd", points: Point[]): Promise<void> {
  const at = await Promise.all(points.map((point) => onScreen(stage, point)));
  await client.send("Input.dispatchTouchEvent", { type, touchPoints: at.map(({ x, y }, id) => ({ x, y, id })) });
}

/** Drags with one finger. */
export async function fingerDrag(client: CDPSession, stage: Locator, from: Point, to: Point): Promise<void> {
  await fingers(client, stage, "touchStart", [from]);
  await fingers(client, stage, "touchMove", [[(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]]);
  await fingers(client, stage, "touchMove", [to]);
  await fingers(client, stage, "touchEnd", []);
}

/** Taps on points of the image. */
export async function taps(page: Page, stage: Locator, points: readonly Point[]): Promise<void> {
  for (const point of points) {
    const { x, y } = await onScreen(stage, point);
    await page.touchscreen.tap(x, y);
  }
}

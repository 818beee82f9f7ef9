// Masks as they are stored: COCO's run lengths, down the columns, out first.

import type { Region } from "./draft";

/** The pixels of a mask, row by row: 1 is in. */
export function pixelsOf(region: Region): Uint8Array {
  const { size: [height, width], counts } = region as unknown as { size: [number, number]; counts: string };
  const runs: number[] = [];
  for (let at = 0; at < counts.length; ) {
    let [value, shift, byte] = [0, 0, 0];
    do {
      byte = counts.charCodeAt(at++) - 48;
      value |= (byte & 31) << shift;
      shift += 5;
    } while (byte & 32);
    if (byte & 16) value |= -1 << shift;
    runs.push(runs.length > 2 ? value + runs[runs.length - 2]! : value);
  }
  const rows = new Uint8Array(width * height);
  let [at, inside] = [0, 0];
  for (const run of runs) {
    for (const end = at + run; at < end; at++) rows[(at % height) * width + Math.floor(at / height)] = inside;
    inside = 1 - inside;
  }
  return rows;
}

/** Is the pixel in? */
export function has(region: Region, x: number, y: number): boolean {
  const { size: [, width] } = region as unknown as { size: [number, number] };
  return pixelsOf(region)[y * width + x] === 1;
}

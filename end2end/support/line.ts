// What crosses the line: bytes as they travelled, and which modules were among them.

import type { Browser, CDPSession, Page } from "@playwright/test";
import { type Terrace, alive, signIn } from "./terrace";

/** What was loaded since it was asked. */
export type Load = { bytes: number; requests: number; modules: string[] };

/** Counts from now on, answers compressed as they travelled. */
export async function counted(client: CDPSession): Promise<() => Load> {
  await client.send("Network.enable");
  const load: Load = { bytes: 0, requests: 0, modules: [] };
  client.on("Network.loadingFinished", (event) => {
    load.bytes += event.encodedDataLength;
    load.requests += 1;
  });
  client.on("Network.requestWillBeSent", (event) => {
    const module = /\/pkg\/([a-z]+)\.[^/]*\.wasm$/.exec(event.request.url)?.[1];
    if (module && !load.modules.includes(module)) load.modules.push(module);
  });
  return () => ({ ...load, modules: [...load.modules] });
}

/** Opens a workbench with nothing in the browser's cache, signed in already, and goes on until `label` is done. */
export async function coldStart(
  browser: Browser,
  terrace: Terrace,
  person: { username: string; password: string },
  project: string,
  label: (page: Page) => Promise<void>,
): Promise<{ page: Page; client: CDPSession; load: Load; ms: number }> {
  const context = await browser.newContext({ baseURL: terrace.url, locale: "zh-CN", viewport: { width: 1366, height: 768 } });
  const gate = await context.newPage();
  await signIn(gate, person, "/me");
  await gate.close();
  const page = await context.newPage();
  const client = await context.newCDPSession(page);
  await client.send("Network.clearBrowserCache");
  const count = await counted(client);
  const began = performance.now();
  await page.goto(`/work/${project}`);
  await alive(page);
  await label(page);
  return { page, client, load: count(), ms: performance.now() - began };
}

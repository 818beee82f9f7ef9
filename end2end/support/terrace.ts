// A real server for each worker: the release binary, on a free loopback port, with a data folder that is thrown away.
// Import `test` and `expect` from here, not from @playwright/test.

import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { test as base } from "@playwright/test";

export { expect } from "@playwright/test";

const binary = resolve(process.env.TERRACE_BINARY ?? join(import.meta.dirname, "../../target/release/terrace"));

/** A running `terrace`, and its data folder. */
export class Terrace {
  #process: ChildProcessByStdio<null, Readable, Readable> | undefined;
  #errors: string[] = [];
  #url = "";
  /** Every line that the server has printed. */
  readonly printed: string[] = [];

  private constructor(
    readonly data: string,
    readonly verb: string[],
  ) {}

  /** Starts `terrace VERB` on an empty data folder and waits until it listens. */
  static async start(...verb: string[]): Promise<Terrace> {
    const terrace = new Terrace(await mkdtemp(join(tmpdir(), "terrace-")), verb.length > 0 ? verb : ["serve"]);
    await terrace.up("127.0.0.1:0");
    return terrace;
  }

  /** Where it listens, without a slash at the end. */
  get url(): string {
    return this.#url;
  }

  /** Ends the process at once, as a power failure would, and starts it again on the same port and data. */
  async crashAndRestart(): Promise<void> {
    await this.#end("SIGKILL");
    await this.up(new URL(this.#url).host);
  }

  /** Ends the process in good order; the data folder stays. */
  async down(): Promise<void> {
    await this.#end("SIGTERM");
  }

  /** Starts the process on an address and waits until it listens. */
  async up(address?: string): Promise<void> {
    const process_ = spawn(binary, this.verb, {
      env: { ...process.env, TERRACE_ADDR: address ?? new URL(this.#url).host, TERRACE_DATA: this.data },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#process = process_;
    createInterface({ input: process_.stderr }).on("line", (line) => this.#errors.push(line));
    const lines = createInterface({ input: process_.stdout });
    this.#url = await new Promise<string>((found, missed) => {
      const late = setTimeout(() => missed(new Error(`terrace did not listen within 60 s\n${this.log()}`)), 60_000);
      process_.on("error", missed);
      process_.on("exit", (code) => missed(new Error(`terrace ended with ${code}\n${this.log()}`)));
      lines.on("line", (line) => {
        this.printed.push(line);
        const address = /http:\/\/[\d.]+:\d+/.exec(line)?.[0];
        if (address && line.startsWith("Listening on ")) {
          clearTimeout(late);
          found(address);
        }
      });
    });
  }

  /** The end of what the server printed and logged. */
  log(): string {
    return [...this.printed, ...this.#errors].slice(-60).join("\n");
  }

  /** Ends the process and deletes its data. */
  async remove(): Promise<void> {
    await this.#end("SIGTERM");
    await rm(this.data, { recursive: true, force: true });
  }

  async #end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    const process_ = this.#process;
    this.#process = undefined;
    if (!process_ || process_.exitCode !== null || process_.signalCode !== null) return;
    const ended = once(process_, "exit");
    process_.kill(signal);
    const hard = setTimeout(() => process_.kill("SIGKILL"), 10_000);
    await ended;
    clearTimeout(hard);
  }
}

type Workers = {
  /** `terrace serve` on an empty data folder, shared by the tests of one worker. */
  terrace: Terrace;
};

export const test = base.extend<{ failures: string[] }, Workers>({
  terrace: [
    async ({}, use) => {
      const terrace = await Terrace.start("serve");
      await use(terrace);
      await terrace.remove();
    },
    { scope: "worker" },
  ],
  baseURL: async ({ terrace }, use) => {
    await use(terrace.url);
  },
  // What a page complains about in the console, broken hydration included, fails its test.
  failures: [
    async ({ page }, use) => {
      const failures: string[] = [];
      page.on("pageerror", (error) => failures.push(`${error}`));
      page.on("console", (message) => {
        if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) failures.push(message.text());
      });
      await use(failures);
      base.expect(failures, "errors in the browser's console").toEqual([]);
    },
    { auto: true },
  ],
});

/** Waits until the page is alive: rendered by the server, taken over by the browser. */
export async function alive(page: import("@playwright/test").Page): Promise<void> {
  await page.locator("html[data-live]").waitFor({ state: "attached" });
}

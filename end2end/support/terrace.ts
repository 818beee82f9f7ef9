// A real server for each worker: the release binary, on a free loopback port, with a data folder that is thrown away.
// Import `test` and `expect` from here, not from @playwright/test.

import { type ChildProcessByStdio, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { type Page, expect, test as base } from "@playwright/test";
import { Rest } from "./rest";

export { expect };

/** The first account of every server that these tests start. */
export const operator = { username: "chief", password: "terraced hills of rice" };

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

  /** Starts `terrace VERB` on a new data folder and waits until it listens. `serve` finds one account there: `operator`. */
  static async start(...verb: string[]): Promise<Terrace> {
    const terrace = new Terrace(await mkdtemp(join(tmpdir(), "terrace-")), verb.length > 0 ? verb : ["serve"]);
    if (terrace.verb[0] === "serve") {
      terrace.command(["person", "add", operator.username, "--role", "operator", "--password-stdin"], operator.password);
    }
    await terrace.up("127.0.0.1:0");
    return terrace;
  }

  /** Runs one `terrace` command on the data folder, as an operator of the machine would. */
  command(args: string[], input = ""): string {
    const done = spawnSync(binary, args, { input, encoding: "utf8", env: { ...process.env, TERRACE_DATA: this.data } });
    if (done.status !== 0) throw new Error(`terrace ${args.join(" ")} ended with ${done.status}\n${done.stdout}${done.stderr}`);
    return done.stdout;
  }

  /** The REST interface as seen by one person. */
  async rest(person: { username: string; password: string } = operator): Promise<Rest> {
    return Rest.signIn(this.url, person.username, person.password);
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
  /** `terrace serve` with one operator and nothing else, shared by the tests of one worker. */
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
      complaints(page, failures);
      await use(failures);
      expect(failures, "errors in the browser's console").toEqual([]);
    },
    { auto: true },
  ],
});

/** Remembers what a page complains about. A resource that could not be had is no error of the page. */
export function complaints(page: Page, failures: string[]): void {
  page.on("pageerror", (error) => failures.push(`${error}`));
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) failures.push(message.text());
  });
}

/** Waits until the page is alive: rendered by the server, taken over by the browser. */
export async function alive(page: Page): Promise<void> {
  await page.locator("html[data-live]").waitFor({ state: "attached" });
}

/** Signs a person in through the sign-in page and waits for the page behind it. */
export async function signIn(page: Page, person: { username: string; password: string } = operator, to = "/"): Promise<void> {
  await page.goto(`/sign-in?to=${encodeURIComponent(to)}`);
  await alive(page);
  await page.locator("#username").fill(person.username);
  await page.locator("#password").fill(person.password);
  await page.locator("button[type=submit]").click();
  await page.waitForURL((url) => url.pathname !== "/sign-in");
  await alive(page);
}

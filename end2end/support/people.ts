// People at their browsers: each with an own context, language and theme, and a page whose complaints are remembered.

import type { Browser, BrowserContext, Page } from "@playwright/test";
import { randomUUID } from "node:crypto";
import type { Rest } from "./rest";
import { complaints, expect, signIn, type Terrace } from "./terrace";
import { type Lang, locale } from "./words";

export type Account = { username: string; password: string; name: string };

export const password = "rice and clear water";

/** Makes an account with a password of its own. */
export async function account(rest: Rest, role: string, name: string, more: Record<string, unknown> = {}): Promise<Account> {
  const username = `${role}-${randomUUID().slice(-8)}`;
  await rest.post("/people", { username, name, password, ...more });
  return { username, password, name };
}

/** A person at a browser of their own. */
export class Person {
  private constructor(
    readonly account: Account,
    readonly context: BrowserContext,
    readonly page: Page,
    private readonly failures: string[],
  ) {}

  /** Opens a browser in this language, signs in and goes to a page. */
  static async at(browser: Browser, terrace: Terrace, account: Account, lang: Lang, to = "/"): Promise<Person> {
    const context = await browser.newContext({
      baseURL: terrace.url,
      locale: locale(lang),
      viewport: { width: 1366, height: 768 },
      acceptDownloads: true,
    });
    const page = await context.newPage();
    const failures: string[] = [];
    complaints(page, failures);
    await signIn(page, account, to);
    return new Person(account, context, page, failures);
  }

  /** Goes home; the browser must have had nothing to complain about. */
  async leaves(): Promise<void> {
    await this.context.close();
    expect(this.failures, `errors in the console of ${this.account.name}`).toEqual([]);
  }
}

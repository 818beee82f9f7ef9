// The REST interface, for setting a scene up quickly and for looking at what the browser left behind.

/** What the server answered; never a refusal. */
export type Answer<T> = { status: number; body: T; headers: Headers };

export class Rest {
  private constructor(
    readonly url: string,
    private readonly token: string,
  ) {}

  static async signIn(url: string, username: string, password: string): Promise<Rest> {
    const stranger = new Rest(url, "");
    const { body } = await stranger.post<{ token: string }>("/tokens", { username, password });
    return new Rest(url, body.token);
  }

  get<T = unknown>(path: string): Promise<Answer<T>> {
    return this.call("GET", path);
  }

  post<T = unknown>(path: string, body?: unknown): Promise<Answer<T>> {
    return this.call("POST", path, body);
  }

  put<T = unknown>(path: string, body?: unknown): Promise<Answer<T>> {
    return this.call("PUT", path, body);
  }

  patch<T = unknown>(path: string, body?: unknown): Promise<Answer<T>> {
    return this.call("PATCH", path, body);
  }

  delete<T = unknown>(path: string): Promise<Answer<T>> {
    return this.call("DELETE", path);
  }

  /** One call below /api/v1. Bytes go as they are, anything else as JSON. A status of 400 or more is an error. */
  async call<T>(method: string, path: string, body?: unknown, fields: Record<string, string> = {}): Promise<Answer<T>> {
    const bytes = body instanceof Uint8Array;
    const headers: Record<string, string> = { ...fields };
    if (this.token) headers.authorization = `Bearer ${this.token}`;
    if (body !== undefined) headers["content-type"] ??= bytes ? "application/octet-stream" : "application/json";
    const answer = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers,
      body: body === undefined ? undefined : bytes ? Buffer.from(body) : JSON.stringify(body),
    });
    const text = await answer.text();
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    const json = answer.headers.get("content-type")?.includes("json");
    return { status: answer.status, body: (json ? JSON.parse(text) : text) as T, headers: answer.headers };
  }

  /** Asks again until a job of the server is over, and gives its last answer. */
  async finished<T extends { state: string }>(path: string, seconds = 60): Promise<T> {
    for (const end = Date.now() + seconds * 1000; Date.now() < end; await new Promise((next) => setTimeout(next, 100))) {
      const { body } = await this.get<T>(path);
      if (body.state === "done") return body;
      if (body.state === "failed") throw new Error(`${path} failed: ${JSON.stringify(body)}`);
    }
    throw new Error(`${path} was not over after ${seconds} s`);
  }
}

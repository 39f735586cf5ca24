// The little that starting a cluster needs of the API server, before there is a client for it.
import https from "node:https";
import { setTimeout as sleep } from "node:timers/promises";

type Extra = { readonly type?: string; readonly body?: string };
type Answer = { readonly status: number; readonly text: string };

const TIMEOUT_MS = 20_000;
const POLL_MS = 100;

export class LoopbackApi {
  readonly #options: https.RequestOptions;

  /** `ca`: PEM of the authority; `token`: of a user who may do everything. */
  constructor(port: number, ca: string, token: string) {
    const headers = { authorization: `Bearer ${token}` };
    this.#options = { host: "127.0.0.1", port, ca, headers, timeout: TIMEOUT_MS };
  }

  send(method: string, path: string, { type, body }: Extra = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const headers = { ...this.#options.headers, ...(type && { "content-type": type }) };
      const call = https.request({ ...this.#options, method, path, headers }, (answer) => {
        let text = "";
        answer.setEncoding("utf8").on("data", (part) => {
          text += part;
        });
        answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text }));
      });
      call.on("timeout", () => call.destroy(new Error(`no answer after ${TIMEOUT_MS} ms: ${path}`)));
      call.on("error", reject).end(body);
    });
  }

  /** The status of a path: 200 when what it names is there. */
  async status(path: string): Promise<number> {
    return (await this.send("GET", path)).status;
  }

  /** The object at a path, as its owner knows it. */
  async read<T>(path: string): Promise<T> {
    return JSON.parse((await this.send("GET", path)).text) as T;
  }

  /** Server-side apply of an object, or of YAML just as it is. */
  async apply(path: string, object: string | object): Promise<void> {
    const body = typeof object === "string" ? object : JSON.stringify(object);
    const url = `${path}?fieldManager=cluster-up&force=true`;
    const answer = await this.send("PATCH", url, { type: "application/apply-patch+yaml", body });
    if (answer.status >= 300) throw new Error(`apply ${path}: ${answer.status} ${answer.text.slice(0, 500)}`);
  }
}

/** Waits until `check` is true; an error counts as "not yet". */
export async function until(what: string, check: () => Promise<boolean>, seconds = 90): Promise<void> {
  const end = performance.now() + seconds * 1000;
  let last = "";
  while (performance.now() < end) {
    try {
      if (await check()) return;
    } catch (error) {
      last = String(error);
    }
    await sleep(POLL_MS);
  }
  throw new Error(`${what}: not ready after ${seconds} s ${last}`);
}

import { Agent, request } from "node:http";

/** `final`: 200, or a refusal that repeating would not change. Else why it is worth another attempt. */
export type Attempt =
  | { readonly result: "answered" }
  | { readonly result: "refused"; readonly reason: string }
  | { readonly result: "repeat"; readonly reason: string; readonly afterMs: number }
  | { readonly result: "token"; readonly reason: string };

const TIMEOUT_MS = 15_000;
const AGAIN_MS = 100;

/** Sends inference requests over kept connections. Never throws: what went wrong is the result. */
export class InferenceClient {
  private readonly agent: Agent;

  constructor(connections: number) {
    this.agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  post(url: string, token: string, body: string): Promise<Attempt> {
    return new Promise((resolve) => {
      const repeat = (reason: string) => resolve({ result: "repeat", reason, afterMs: AGAIN_MS });
      const headers = {
        authorization: `Bearer ${token}`,
        "content-type": "application/json",
        "content-length": Buffer.byteLength(body),
      };
      const sent = request(url, { agent: this.agent, method: "POST", headers, timeout: TIMEOUT_MS }, (res) => {
        const chunks: Buffer[] = [];
        res.on("data", (chunk: Buffer) => chunks.push(chunk));
        res.on("error", (error) => repeat(error.message));
        res.on("end", () => {
          // The event counts once the whole answer is here; a connection that broke before is repeated with the same id.
          if (!res.complete) return repeat("the connection broke within the answer");
          const retryAfter = Number(res.headers["retry-after"] ?? 0) * 1000;
          resolve(judge(res.statusCode ?? 0, Buffer.concat(chunks).toString(), retryAfter));
        });
      });
      sent.on("timeout", () => sent.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
      sent.on("error", (error: NodeJS.ErrnoException) => repeat(error.code ?? error.message));
      sent.end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

function judge(status: number, text: string, retryAfterMs: number): Attempt {
  if (status === 200) return { result: "answered" };
  const reason = `${status} ${text.slice(0, 300)}`;
  if (status === 401 || status === 403) return { result: "token", reason };
  // 404: the endpoint serves nothing yet, or moved to another port.
  if (status === 404 || status === 429 || status >= 500) {
    return { result: "repeat", reason, afterMs: Math.max(retryAfterMs, AGAIN_MS) };
  }
  return { result: "refused", reason };
}

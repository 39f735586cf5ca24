import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";

/** What a receiver of alerts took, by channel kind. */
export type Taken = { readonly path: string; readonly body: Record<string, unknown>; readonly key: string | undefined };
type Answer = { readonly status: number; readonly body: unknown; readonly headers?: Record<string, string> };

export const WEBHOOK_KEY = "a key of the webhook";
export const ROUTING_KEY = "R0UTINGKEY0000000000000000000032";

const text = (max: number) => z.string().min(1).max(max);
const head = { routing_key: z.literal(ROUTING_KEY), dedup_key: text(255) };
/** Events API v2, as PagerDuty documents it. */
const pagerDuty = z.discriminatedUnion("event_action", [
  z.strictObject({
    ...head,
    event_action: z.literal("trigger"),
    payload: z.strictObject({
      ...{ summary: text(1024), source: text(255), severity: z.enum(["critical", "error", "warning", "info"]) },
      timestamp: z.iso.datetime().optional(),
      ...{ component: z.string().optional(), group: z.string().optional(), class: z.string().optional() },
      custom_details: z.record(z.string(), z.unknown()).optional(),
    }),
    links: z.array(z.strictObject({ href: z.url(), text: z.string() })).optional(),
    ...{ client: z.string().optional(), client_url: z.url().optional() },
  }),
  z.strictObject({ ...head, event_action: z.literal("acknowledge") }),
  z.strictObject({ ...head, event_action: z.literal("resolve") }),
]);

const mrkdwn = z.strictObject({ type: z.literal("mrkdwn"), text: text(3000) });
/** The blocks of Slack's Block Kit that we send. */
const slack = z.strictObject({
  text: text(40_000),
  blocks: z
    .array(
      z.discriminatedUnion("type", [
        z.strictObject({
          type: z.literal("header"),
          text: z.strictObject({ type: z.literal("plain_text"), text: text(150) }),
        }),
        z.strictObject({ type: z.literal("section"), text: mrkdwn }),
        z.strictObject({ type: z.literal("context"), elements: z.array(mrkdwn).min(1).max(10) }),
      ]),
    )
    .max(50),
});

/**
 * PagerDuty, Slack and a signed webhook on one loopback socket, each as strict as its protocol. `refuse` makes the next answers of a path
 * something else.
 */
export async function testReceivers() {
  const taken: Taken[] = [];
  const refusals = new Map<string, Answer[]>();
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const path = request.url ?? "";
    const { status, body: answer, headers } = refusals.get(path)?.shift() ?? answerTo(request, path, body);
    const key = request.headers["idempotency-key"];
    if (status < 300) taken.push({ path, body: JSON.parse(body), key: typeof key === "string" ? key : undefined });
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken,
    at: (path: string) => taken.filter((one) => one.path === path),
    refuse: (path: string, ...answers: readonly Answer[]) => void refusals.set(path, [...answers]),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answerTo(request: IncomingMessage, path: string, body: string): Answer {
  const refused = (status: number, why: unknown): Answer => ({
    status,
    body: { status: "invalid event", errors: why },
  });
  if (request.method !== "POST") return refused(405, "POST only");
  if (!request.headers["content-type"]?.startsWith("application/json")) return refused(415, "JSON only");
  if (path === "/v2/enqueue") {
    const event = pagerDuty.safeParse(JSON.parse(body));
    if (!event.success) return refused(400, event.error.issues);
    return { status: 202, body: { status: "success", message: "Event processed", dedup_key: event.data.dedup_key } };
  }
  if (path.startsWith("/services/")) {
    const message = slack.safeParse(JSON.parse(body));
    return message.success ? { status: 200, body: "ok" } : refused(400, message.error.issues);
  }
  return isSigned(request, body) ? { status: 200, body: {} } : refused(401, "the signature is wrong");
}

function isSigned(request: IncomingMessage, body: string): boolean {
  const [, at, given] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(`${request.headers["x-proviso-signature"]}`) ?? [];
  return given === createHmac("sha256", WEBHOOK_KEY).update(`${at}.${body}`).digest("hex");
}

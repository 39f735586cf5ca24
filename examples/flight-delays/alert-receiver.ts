import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import path from "node:path";
import { z } from "zod";
import { freePort } from "@/embedded/free-port.mjs";

const LONGEST_AGE_S = 300;

const channel = z.object({ port: z.int(), secret: z.string() });

/** Address and key of the example's webhook channel: chosen once, kept in the data directory. */
export async function alertChannel(dataDir: string): Promise<z.output<typeof channel> & { readonly url: string }> {
  const file = path.join(dataDir, "alert-channel.json");
  if (!existsSync(file)) {
    mkdirSync(dataDir, { recursive: true });
    const made = { port: await freePort(), secret: randomBytes(24).toString("base64url") };
    writeFileSync(file, JSON.stringify(made), { mode: 0o600 });
  }
  const { port, secret } = channel.parse(JSON.parse(readFileSync(file, "utf8")));
  return { port, secret, url: `http://127.0.0.1:${port}/alerts` };
}

export type ReceivedAlert = { readonly event: string; readonly title: string };

type Options = {
  readonly port: number;
  /** The key that the channel was made with. */
  readonly secret: string;
  /** Every message that was signed with it is appended here, one JSON document a line. */
  readonly file: string;
  readonly received: (alert: ReceivedAlert) => void;
};

/**
 * What a team would have behind a webhook channel: takes alerts on loopback, checks their signature and age, and writes them down.
 * Rejects when the port is taken.
 */
export async function receiveAlerts({ port, secret, file, received }: Options): Promise<Server> {
  const server = createServer(async (req, res) => {
    const body = await readBody(req);
    if (req.method !== "POST" || !isSigned(req, body, secret)) {
      res.writeHead(401).end();
      return;
    }
    appendFileSync(file, `${body.trim()}\n`);
    const { event, alert } = JSON.parse(body) as { event: string; alert: { title: string } };
    received({ event, title: alert.title });
    res.writeHead(204).end();
  });
  await once(server.listen(port, "127.0.0.1"), "listening");
  return server;
}

async function readBody(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

/** `X-Proviso-Signature: t=<seconds>,v1=<HMAC-SHA256 of "<seconds>.<body>" in hexadecimal>` */
function isSigned(req: IncomingMessage, body: string, secret: string): boolean {
  const [, at = "", given = ""] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(req.headers["x-proviso-signature"])) ?? [];
  if (Math.abs(Date.now() / 1000 - Number(at)) > LONGEST_AGE_S) return false;
  const wanted = createHmac("sha256", secret).update(`${at}.${body}`).digest("hex");
  return given.length === wanted.length && timingSafeEqual(Buffer.from(given), Buffer.from(wanted));
}

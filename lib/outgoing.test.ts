import { createHmac } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refusedAddress, refusedUrl, retryAfter, send } from "@/lib/outgoing";

let server: Server;
let base: string;
const seen: { method: string; url: string; headers: Record<string, unknown>; body: string }[] = [];

beforeAll(async () => {
  server = createServer(async (req, res) => {
    let body = "";
    for await (const chunk of req) body += chunk;
    seen.push({ method: req.method ?? "", url: req.url ?? "", headers: req.headers, body });
    if (req.url === "/moved") return res.writeHead(302, { location: "/elsewhere" }).end();
    if (req.url === "/busy") return res.writeHead(429, { "retry-after": "7" }).end("slow down");
    if (req.url === "/large") return res.writeHead(200).end("x".repeat(100_000));
    res.writeHead(204).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const message = (url: string) => ({ url, headers: { "content-type": "application/json" }, body: '{"a":"é"}' });

test("a message is posted as it is, signed over time and body", async () => {
  const at = 1_764_000_000_500;
  expect(await send({ ...message(`${base}/in`), signWith: "key" }, at)).toMatchObject({
    kind: "answered",
    status: 204,
  });
  const last = seen.at(-1);
  expect(last).toMatchObject({ method: "POST", url: "/in", body: '{"a":"é"}' });
  const v1 = createHmac("sha256", "key").update('1764000000.{"a":"é"}').digest("hex");
  expect(last?.headers["x-proviso-signature"]).toBe(`t=1764000000,v1=${v1}`);
  await send(message(`${base}/in`));
  expect(seen.at(-1)?.headers).not.toHaveProperty("x-proviso-signature");
});

test("a redirect is not followed", async () => {
  const before = seen.length;
  expect(await send(message(`${base}/moved`))).toMatchObject({ kind: "answered", status: 302 });
  expect(seen.length).toBe(before + 1);
});

test("the receiver's Retry-After is heard, and no more of its answer than is needed", async () => {
  expect(await send(message(`${base}/busy`))).toMatchObject({ status: 429, retryAfterMs: 7000, text: "slow down" });
  const large = await send(message(`${base}/large`));
  expect(large.kind === "answered" && large.text.length).toBe(4096);
  expect(retryAfter("Wed, 01 Jan 2025 00:00:10 GMT", Date.parse("2025-01-01T00:00:00Z"))).toBe(10_000);
  expect(retryAfter("soon", 0)).toBeNull();
});

test("nobody there is a value, not an exception", async () => {
  expect(await send(message("http://127.0.0.1:1/"))).toEqual({ kind: "failed", reason: "connection refused" });
});

describe("addresses that are no receivers", () => {
  test.each([
    "http://169.254.169.254/latest/meta-data",
    "http://[fe80::1]/",
    "http://[::ffff:169.254.169.254]/",
    "http://[::ffff:a9fe:a9fe]/",
    "http://2852039166/",
    "http://0xa9.254.169.254/",
    "http://0xa9fea9fe/",
    "http://0251.0376.0251.0376/",
    "http://[fd00:ec2::254]/",
    "http://[64:ff9b::a9fe:a9fe]/",
    "http://100.100.100.200/",
    "http://0.0.0.0/",
    "http://[::]/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
    "ftp://example.com/",
    "file:///etc/passwd",
    "gopher://127.0.0.1/",
    "http://user:pass@example.com/",
    "not a url",
  ])("%s is refused, and said why", async (url) => {
    expect(refusedUrl(url)).toMatch(/./);
    expect(await send(message(url))).toMatchObject({ kind: "refused" });
  });

  test.each([
    "http://127.0.0.1:9093/",
    "http://10.1.2.3/",
    "https://192.168.0.4/",
    "http://[::1]/",
    "https://example.com/",
  ])("%s is not refused as it is written", (url) => expect(refusedUrl(url)).toBeNull());

  test("a name is judged by what it stands for", () => {
    expect(refusedAddress("169.254.10.1")).toMatch(/metadata/);
    expect(refusedAddress("example.com")).toMatch(/no address/);
  });
});

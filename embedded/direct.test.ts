import { spawn } from "node:child_process";
import { once } from "node:events";
import { type IncomingHttpHeaders, request } from "node:http";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { nodeCommand } from "./tied";

const SECRET = "a-secret-of-this-start";
/** A server as Next is one: made after the preload, in a process of its own. It answers with the three shapes of its headers. */
const SERVER = `
const { createServer } = require("node:http");
const server = createServer((req, res) => {
  const raw = req.rawHeaders.filter((_, at) => req.rawHeaders[at - (at % 2)].toLowerCase() === "x-proviso-direct");
  res.end(JSON.stringify({ plain: req.headers["x-proviso-direct"], distinct: req.headersDistinct["x-proviso-direct"], raw }));
});
server.on("upgrade", (req, socket) => socket.end("HTTP/1.1 400 " + req.headers["x-proviso-direct"] + "\\r\\n\\r\\n"));
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
`;

let port = 0;
let end: () => void = () => undefined;

beforeAll(async () => {
  const preload = path.join(import.meta.dirname, "direct.cjs");
  const [command, args] = nodeCommand(["--require", preload, "--eval", SERVER]);
  const child = spawn(command, args, { stdio: "pipe", env: { ...process.env, DIRECT_SECRET: SECRET } });
  end = () => child.stdin.end();
  const [line] = await once(child.stdout, "data");
  port = Number(String(line));
});
afterAll(() => end());

type Seen = { readonly plain?: string; readonly distinct?: string[]; readonly raw: string[] };

function seen(headers: IncomingHttpHeaders | string[]): Promise<Seen> {
  return new Promise((resolve, reject) => {
    request({ host: "127.0.0.1", port, headers: headers as IncomingHttpHeaders }, (res) => {
      let body = "";
      res.setEncoding("utf8").on("data", (text) => {
        body += text;
      });
      res.on("end", () => resolve(JSON.parse(body) as Seen));
    })
      .on("error", reject)
      .end();
  });
}

const NOT_DIRECT = { raw: [] };
const DIRECT = { plain: SECRET, distinct: [SECRET], raw: ["x-proviso-direct", SECRET] };

test.each(["127.0.0.1", "127.0.0.1:3000", "localhost:3000", "LOCALHOST", "[::1]:3000"])(
  "a loopback request to %s is direct",
  async (host) => {
    expect(await seen({ host })).toEqual(DIRECT);
  },
);

test.each([
  "proviso.example.com",
  "127.0.0.1.example.com",
  "localhost.example.com",
  "example.com:127",
  "0.0.0.0:3000",
  "127.0.0.1@example.com",
  "192.168.0.5:3000",
  " ",
])("a request to the name %s is not direct", async (host) => {
  expect(await seen({ host })).toEqual(NOT_DIRECT);
});

test.each([
  "X-Forwarded-For",
  "x-forwarded-host",
  "x-forwarded-anything",
  "Forwarded",
  "Via",
  "X-Real-IP",
  "CF-Connecting-IP",
  "cf-ray",
  "True-Client-IP",
])("a request that a proxy has marked with %s is not direct, even if the mark is empty", async (name) => {
  expect(await seen({ host: "localhost", [name]: "127.0.0.1" })).toEqual(NOT_DIRECT);
  expect(await seen({ host: "localhost", [name]: "" })).toEqual(NOT_DIRECT);
});

test("a client cannot mark a request itself, in whatever spelling and however often", async () => {
  const forged = ["Host", "example.com", "X-Proviso-Direct", SECRET, "x-proviso-direct", "again"];
  expect(await seen(forged)).toEqual(NOT_DIRECT);
  expect(await seen(["Host", "localhost", "X-PROVISO-DIRECT", "forged"])).toEqual(DIRECT);
});

test("two hosts in one request are not direct", async () => {
  expect(await seen(["Host", "localhost", "Host", "example.com"])).toEqual(NOT_DIRECT);
});

test("an upgrade is marked in the same way", async () => {
  const upgrade = request({
    host: "127.0.0.1",
    port,
    headers: { connection: "upgrade", upgrade: "websocket", via: "p" },
  });
  upgrade.end();
  const [res] = await once(upgrade, "response");
  expect(res.statusMessage).toBe("undefined");
});

test("an address that cannot be decoded is refused with the reason; one that can goes on, whatever its query", async () => {
  const get = (address: string) => fetch(`http://127.0.0.1:${port}${address}`);
  for (const bad of ["/api/v1/models/%ff", "/%E0%A4%A", "/models/%"]) {
    const answer = await get(bad);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: "invalid", detail: "The address is not percent-encoded UTF-8." });
  }
  for (const good of ["/models/%C3%A4?q=%ff", "/", "/%2F%00"]) expect((await get(good)).status).toBe(200);
});

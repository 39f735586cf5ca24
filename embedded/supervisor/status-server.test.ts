import { afterEach, beforeEach, expect, test } from "vitest";
import { freePort } from "@/embedded/free-port.mjs";
import { serveStatus } from "./status-server";

let url: string;
let server: Awaited<ReturnType<typeof serveStatus>>;
beforeEach(async () => {
  const port = await freePort();
  server = await serveStatus(port, "right", () => ({ children: [] }));
  url = `http://127.0.0.1:${port}`;
});
afterEach(() => server.close());

const get = (path: string, token?: string, method = "GET") =>
  fetch(url + path, { method, headers: { connection: "close", ...(token && { authorization: `Bearer ${token}` }) } });

test("the holder of the token sees the status", async () => {
  const response = await get("/status", "right");
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ children: [] });
});

test("without the token there is nothing to see", async () => {
  expect((await get("/status")).status).toBe(401);
  expect((await get("/status", "wrong")).status).toBe(401);
});

test("there is nothing else to ask or to change", async () => {
  expect((await get("/other", "right")).status).toBe(404);
  expect((await get("/status", "right", "POST")).status).toBe(404);
});

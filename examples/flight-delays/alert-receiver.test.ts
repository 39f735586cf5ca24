import { createHmac } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { alertChannel, type ReceivedAlert, receiveAlerts } from "./alert-receiver";

const dir = mkdtempSync(path.join(tmpdir(), "alerts-"));
afterAll(() => rmSync(dir, { recursive: true }));

test("takes only what is signed with the key of the channel, now", async () => {
  const { port, secret, url } = await alertChannel(dir);
  expect(await alertChannel(dir)).toEqual({ port, secret, url });
  expect(statSync(path.join(dir, "alert-channel.json")).mode & 0o777).toBe(0o600);
  const heard: ReceivedAlert[] = [];
  const file = path.join(dir, "alerts.ndjson");
  const server = await receiveAlerts({ port, secret, file, received: (alert) => heard.push(alert) });
  const body = JSON.stringify({ event: "firing", alert: { title: "Calibration breached" } });
  const send = async (key: string, at: number, text = body) => {
    const v1 = createHmac("sha256", key).update(`${at}.${body}`).digest("hex");
    const headers = { "x-proviso-signature": `t=${at},v1=${v1}` };
    return (await fetch(url, { method: "POST", headers, body: text })).status;
  };
  const now = Math.floor(Date.now() / 1000);
  expect(await send(secret, now)).toBe(204);
  expect(await send("another key of the same kind", now)).toBe(401);
  expect(await send(secret, now - 3600)).toBe(401);
  expect(await send(secret, now, body.replace("firing", "resolved"))).toBe(401);
  server.close();
  expect(heard).toEqual([{ event: "firing", title: "Calibration breached" }]);
  expect(readFileSync(file, "utf8")).toBe(`${body}\n`);
});

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { db, disconnect, inTransaction } from "@/lib/db";
import { createChannel } from "@/lib/monitoring/commands/create-channel";
import { ingestAlerts } from "@/lib/monitoring/commands/ingest-alerts";
import { queueDeliveries } from "@/lib/monitoring/commands/queue-deliveries";
import { queueNews } from "@/lib/monitoring/commands/queue-news";
import { testChannel } from "@/lib/monitoring/commands/test-channel";
import { listAlerts } from "@/lib/monitoring/queries/alerts";
import { getAlert } from "@/lib/monitoring/queries/incident";
import { testDatabase } from "@/prisma/test-database";
import { endpoint, makeUseCase, type People, people } from "@/prisma/test-stage";
import { deliverAt } from "@/worker/deliver-alerts";

const NAME = "flights";
const hasAlertmanager = spawnSync("prometheus-alertmanager", ["--version"]).status === 0;
let who: People;

beforeAll(async () => {
  vi.stubEnv("NEXTAUTH_SECRET", "s".repeat(40));
  await testDatabase();
  who = await people();
  await makeUseCase(who, NAME);
  await endpoint(who, NAME);
  if (!hasAlertmanager) {
    process.stderr.write("skipped: no prometheus-alertmanager here (sh e2e/peers/install-monitoring.sh)\n");
  }
});
afterAll(disconnect);

describe("alerts of other systems", () => {
  const startsAt = "2026-11-24T11:00:00.000Z";
  const foreign = (fingerprint: string, labels: Record<string, string>, status: "firing" | "resolved" = "firing") => ({
    ...{ status, labels: { alertname: "NodeDown", severity: "critical", ...labels }, startsAt, fingerprint },
    annotations: { summary: "A node is gone", description: "node-7 does not answer" },
    endsAt: status === "firing" ? "0001-01-01T00:00:00Z" : "2026-11-24T11:30:00.000Z",
  });
  const webhook = (...alerts: ReturnType<typeof foreign>[]) =>
    ingestAlerts.call(who.ci, { version: "4", status: "firing", receiver: "proviso", alerts });

  test("they are shown on the endpoint that they name; the same message again changes nothing", async () => {
    expect(await webhook(foreign("a", { endpoint: NAME }), foreign("b", { endpoint: "nobody" }))).toEqual({
      ...{ opened: 2, refreshed: 0, resolved: 0, ignored: 0, unknownEndpoint: 1 },
    });
    expect(await webhook(foreign("a", { endpoint: NAME }))).toMatchObject({ opened: 0, refreshed: 1 });
    const { items } = await listAlerts.call(who.scientist, { endpoint: NAME });
    expect(items).toMatchObject([
      { kind: "foreign", source: "alertmanager", severity: "page", title: "A node is gone", startedAt: startsAt },
    ]);
    expect((await listAlerts.call(who.scientist, {})).items.map((one) => one.endpoint).sort()).toEqual([NAME, null]);
  });

  test("they end when their sender says so; what was under way meanwhile does not open them again", async () => {
    expect(await webhook(foreign("a", { endpoint: NAME }, "resolved"))).toMatchObject({ resolved: 1 });
    expect(await webhook(foreign("a", { endpoint: NAME }, "resolved"))).toMatchObject({ ignored: 1 });
    expect(await webhook(foreign("a", { endpoint: NAME }))).toMatchObject({ ignored: 1, opened: 0 });
    const [first] = (await listAlerts.call(who.sre, { endpoint: NAME, state: "resolved" })).items;
    expect(first?.resolvedAt).toBe("2026-11-24T11:30:00.000Z");
    const detail = await getAlert.call(who.sre, { id: first?.id ?? "" });
    expect(detail).toMatchObject({ promise: null, contract: null, labels: { alertname: "NodeDown" }, deliveryLog: [] });
  });

  test("another version of the protocol is refused, and so is whoever may not send", async () => {
    const other = { version: "3", status: "firing", alerts: [] } as never;
    await expect(ingestAlerts.call(who.ci, other)).rejects.toMatchObject({
      code: "invalid",
      fields: { version: [/4/] },
    });
    await expect(ingestAlerts.call(who.sre, other)).rejects.toMatchObject({ code: "forbidden" });
  });
});

describe.skipIf(!hasAlertmanager)("with Debian's Alertmanager", () => {
  let manager: ChildProcess;
  let sink: Server;
  let dir: string;
  let url: string;
  const received: unknown[] = [];

  beforeAll(async () => {
    dir = mkdtempSync(path.join(tmpdir(), "proviso-am-"));
    sink = createServer(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      received.push(JSON.parse(body));
      response.writeHead(200).end();
    });
    const sinkPort = await listen(sink);
    const free = createServer();
    const port = await listen(free);
    await new Promise((resolve) => free.close(resolve));
    const config = {
      route: { receiver: "proviso", group_by: ["alertname"], group_wait: "0s", group_interval: "1s" },
      receivers: [
        { name: "proviso", webhook_configs: [{ url: `http://127.0.0.1:${sinkPort}/`, send_resolved: true }] },
      ],
    };
    writeFileSync(path.join(dir, "alertmanager.yml"), JSON.stringify(config));
    url = `http://127.0.0.1:${port}`;
    manager = spawn("prometheus-alertmanager", [
      ...[`--config.file=${dir}/alertmanager.yml`, `--storage.path=${dir}/data`, "--cluster.listen-address="],
      `--web.listen-address=127.0.0.1:${port}`,
    ]);
    await vi.waitFor(async () => expect((await fetch(`${url}/-/ready`)).ok).toBe(true), { timeout: 30_000 });
  });
  afterAll(() => {
    manager?.kill();
    sink?.close();
    rmSync(dir, { recursive: true, force: true });
  });

  const shown = async () => {
    const response = await fetch(`${url}/api/v2/alerts`);
    return (await response.json()) as { labels: Record<string, string>; annotations: Record<string, string> }[];
  };

  test("it takes what we raise, keeps it while it fires, and lets it go at its end; its webhook is what we understand", async () => {
    const made = await createChannel.call(who.sre, { name: "am", kind: "alertmanager", url, owner: "SRE" });
    expect(await testChannel.call(who.sre, { id: made.id })).toEqual({ ok: true, status: 200, error: null });
    const now = Date.now();
    const alert = await inTransaction(async (tx) => {
      const to = await tx.endpoint.findUniqueOrThrow({ where: { name: NAME } });
      const row = await tx.alert.create({
        data: {
          ...{ fingerprint: "x", source: "proviso", kind: "endpoint_down", severity: "page", endpointId: to.id },
          ...{ title: "flights does not answer", summary: "It is down.", annotations: { contract: "v1" } },
          labels: { alertname: "ProvisoEndpointDown", endpoint: NAME, severity: "page" },
        },
      });
      await queueDeliveries(tx, row, [], now);
      return row;
    });
    await deliverAt(now);
    const ours = async () => (await shown()).find(({ labels }) => labels.alertname === "ProvisoEndpointDown");
    expect(await ours()).toMatchObject({ labels: alert.labels, annotations: { summary: alert.title, contract: "v1" } });
    // Told again while it fires, without being counted as another message.
    expect(await deliverAt(now + 61_000)).toBe(1);
    expect(await db().alertDelivery.count({ where: { alertId: alert.id } })).toBe(1);

    await inTransaction(async (tx) => {
      await tx.alert.update({ where: { id: alert.id }, data: { state: "resolved", resolvedAt: new Date() } });
      await queueNews(tx, alert.id, "resolved", Date.now());
    });
    await deliverAt(Date.now());
    await vi.waitFor(async () => expect(await ours()).toBeUndefined(), { timeout: 30_000, interval: 200 });
    await vi.waitFor(() => expect(JSON.stringify(received)).toMatch(/ProvisoEndpointDown.*"resolved"/s), {
      timeout: 30_000,
      interval: 200,
    });
    for (const message of received) {
      expect(await ingestAlerts.call(who.ci, message as never)).toMatchObject({ opened: expect.any(Number) });
    }
    expect((await listAlerts.call(who.sre, { endpoint: NAME })).items).toEqual(
      expect.arrayContaining([expect.objectContaining({ source: "alertmanager", title: "flights does not answer" })]),
    );
  });
});

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { can } from "@/lib/auth/permissions";
import { type Principal, type Role, role } from "@/lib/auth/schema";
import { disconnect } from "@/lib/db";
import type { Operation } from "@/lib/operation";
import { toResult } from "@/lib/operation";
import { testDatabase } from "@/prisma/test-database";

const modules = import.meta.glob<Record<string, unknown>>(
  ["./*.ts", "./*/queries.ts", "./*/queries/*.ts", "./*/commands/*.ts", "!./**/*.test.ts", "!./auth/queries.ts"],
  { eager: true },
);

function isOperation(value: unknown): value is Operation {
  return typeof value === "object" && value !== null && "call" in value && "permission" in value && "name" in value;
}

const operations = Object.values(modules).flatMap((module) => Object.values(module).filter(isOperation));

function someone(roles: Principal["roles"]): Principal {
  const id = "00000000-0000-4000-8000-000000000001";
  return { id, email: "someone@example.com", name: "Someone", kind: "person", roles, development: false };
}

const EVERYONE: readonly Role[] = role.options;
const AUTHORS: readonly Role[] = ["scientist", "owner"];
const SIGNERS: readonly Role[] = ["owner", "sre", "governance"];
const DECIDERS: readonly Role[] = ["validator", "governance"];

/** Written by hand, and compared with what the code does: who may call what. */
const EXPECTED: Readonly<Record<string, readonly Role[]>> = {
  "alert.acknowledge": ["sre"],
  "alert.get": EVERYONE,
  "alert.ingest": ["ci"],
  "alert.list": EVERYONE,
  "alert.summary": EVERYONE,
  "alert_channel.create": ["sre"],
  "alert_channel.list": EVERYONE,
  "alert_channel.remove": ["sre"],
  "alert_channel.test": ["sre"],
  "alert_channel.update": ["sre"],
  "alert_silence.create": ["sre"],
  "alert_silence.end": ["sre"],
  "alert_silence.list": EVERYONE,
  "artifact.find": EVERYONE,
  "artifact.read": EVERYONE,
  "artifact.store": ["ci"],
  "audit.list": ["governance", "auditor", "admin"],
  "baseline.decide": DECIDERS,
  "baseline.propose": ["scientist"],
  "cluster.check": ["sre", "admin"],
  "cluster.create": ["sre", "admin"],
  "cluster.get": ["sre", "admin"],
  "cluster.list": EVERYONE,
  "cluster.remove": ["sre", "admin"],
  "cluster.update": ["sre", "admin"],
  "contract.draft": AUTHORS,
  "contract.feasibility": EVERYONE,
  "contract.get": EVERYONE,
  "contract.list": EVERYONE,
  "contract.mine": EVERYONE,
  "contract.plan": EVERYONE,
  "contract.sign": SIGNERS,
  "contract.submit": AUTHORS,
  "contract.update": AUTHORS,
  "contract.withdraw": AUTHORS,
  "device.report": ["sre", "ci"],
  "endpoint.bundle": ["sre", "ci"],
  "endpoint.create": ["sre"],
  "endpoint.devices": EVERYONE,
  "clause.why": EVERYONE,
  "endpoint.drift": EVERYONE,
  "endpoint.exact_drift": EVERYONE,
  "endpoint.get": EVERYONE,
  "endpoint.list": EVERYONE,
  "endpoint.manifests": EVERYONE,
  "endpoint.rollback": ["sre"],
  "endpoint.rollback_preview": EVERYONE,
  "endpoint.prometheus_rules": EVERYONE,
  "endpoint.series": EVERYONE,
  "endpoint.slo": EVERYONE,
  "endpoint.summary": EVERYONE,
  "evidence.contracts": EVERYONE,
  "evidence.import_load": ["scientist", "ci"],
  "evidence.list": EVERYONE,
  "evidence_run.cancel": ["scientist", "owner", "sre"],
  "evidence_run.get": EVERYONE,
  "evidence_run.request": ["scientist", "owner", "sre"],
  "ground_truth.record": ["ci"],
  "inference.token": ["scientist", "sre", "ci"],
  "ledger.get": EVERYONE,
  "model.get": EVERYONE,
  "model.list": EVERYONE,
  "model_version.get": EVERYONE,
  "model_version.list": EVERYONE,
  "model_version.register": ["ci"],
  "model_version.tier": EVERYONE,
  "promotion.count_mine": EVERYONE,
  "promotion.decide": DECIDERS,
  "promotion.get": EVERYONE,
  "promotion.list": EVERYONE,
  "promotion.manifests": EVERYONE,
  "promotion.mine": EVERYONE,
  "promotion.preview": EVERYONE,
  "promotion.request": AUTHORS,
  "promotion.withdraw": AUTHORS,
  "retraining.close": AUTHORS,
  "retraining.list": EVERYONE,
  "retraining.propose": AUTHORS,
  "rollout.extend": ["scientist", "owner", "sre"],
  "rollout.get": EVERYONE,
  "rollout.list": EVERYONE,
  "rollout.pause": ["scientist", "owner", "sre"],
  "rollout.pause_all": ["sre"],
  "rollout.resume": ["scientist", "owner", "sre"],
  "rollout.resume_all": ["sre"],
  "rollout.stop": ["scientist", "owner", "sre"],
  "session.list": EVERYONE,
  "session.me": EVERYONE,
  "session.revoke": EVERYONE,
  "system.status": ["sre", "admin"],
  "use_case.changes": EVERYONE,
  "use_case.create": AUTHORS,
  "use_case.get": EVERYONE,
  "use_case.history": EVERYONE,
  "use_case.list": EVERYONE,
  "use_case.owners": EVERYONE,
};

/** No operation accepts this as input, so nothing runs: only the permission is seen. */
const NO_INPUT = "not an object" as never;

beforeAll(testDatabase);
afterAll(disconnect);

test("every operation has a row in the table, and every row an operation", () => {
  expect(operations.length).toBeGreaterThan(5);
  expect(operations.map(({ name }) => name).sort()).toEqual(Object.keys(EXPECTED).sort());
});

describe.each(operations.map((operation) => [operation.name, operation] as const))("%s", (name, operation) => {
  test.each(role.options)("as %s", async (one) => {
    const allowed = (EXPECTED[name] ?? []).includes(one);
    const result = await toResult(() => operation.call(someone([one]), NO_INPUT));
    expect(result).toMatchObject({ ok: false, error: { code: allowed ? "invalid" : "forbidden" } });
    expect(can(someone([one]), operation.permission)).toBe(allowed);
  });

  test("as nobody, and without a role", async () => {
    expect(await toResult(() => operation.call(null, NO_INPUT))).toMatchObject({ error: { code: "unauthenticated" } });
    expect(await toResult(() => operation.call(someone([]), NO_INPUT))).toMatchObject({ error: { code: "forbidden" } });
  });
});

import { expect, test } from "vitest";
import type { Principal, Role } from "@/lib/auth/schema";
import type { EndpointDrift } from "@/lib/monitoring/drift-view";
import { decideRefusal, proposeRefusal } from "./drift-refusals";

const person = (role: Role, id = role): Principal => ({
  ...{ id, email: `${id}@example.com`, name: id, kind: "person", roles: [role], development: false },
});
const proposal = {
  ...{ id: 4, from: "2001-05-01T00:00:00Z", to: "2001-05-08T00:00:00Z", n: 9, reason: "season" },
  ...{ proposedBy: "scientist@example.com", proposedById: "scientist", proposedAt: "2026-01-01T00:00:00Z" },
};
const drift = {
  baseline: { id: 1 },
  window: { from: "", to: "", rows: 9 },
  proposals: [],
  troubled: [],
} as unknown as EndpointDrift;

test("a scientist may propose, others are told which role may", () => {
  expect(proposeRefusal(person("scientist"), drift)).toBeNull();
  expect(proposeRefusal(person("finance"), drift)).toMatch(/scientist/);
});

test("nothing is proposed without a reference, beside an open proposal, or while quality is breached", () => {
  const asked = (change: object) => proposeRefusal(person("scientist"), { ...drift, ...change });
  expect(asked({ baseline: null })).toMatch(/no reference/);
  expect(asked({ proposals: [proposal] })).toMatch(/waits for its decision/);
  expect(asked({ troubled: [{ kind: "quality", state: "breached", name: "AUC" }] })).toMatch(/AUC is breached/);
  expect(asked({ troubled: [{ kind: "drift", state: "breached", name: "Drifted features" }] })).toBeNull();
});

test("a validator decides, but never on a proposal of their own", () => {
  expect(decideRefusal(person("validator"), proposal)).toBeNull();
  expect(decideRefusal(person("scientist"), proposal)).toMatch(/validator or governance/);
  expect(decideRefusal(person("validator", "scientist"), proposal)).toMatch(/Somebody else/);
});

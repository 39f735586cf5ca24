import { expect, test } from "vitest";
import { z } from "zod";
import { listAuditEventsInput } from "@/lib/audit/schema";
import { createEndpointInput, endpointKey, listEndpointsInput } from "@/lib/deployments/schema";
import { listPromotionsInput, promotionSubject } from "@/lib/governance/schema";
import {
  getEndpointSeriesInput,
  getEndpointSummaryInput,
  getLedgerInput,
  groundTruthLine,
} from "@/lib/monitoring/schema";
import { encodeCursor, keyAfter } from "@/lib/page";

const endpoint = { name: "e", useCase: "u", environment: "staging", tier: "cpu", target: "local", clock: "wall" };
const subject = { endpoint: "e", model: "m", version: 1 };
const line = { endpoint: "e", row: "r", client: "c", id: "i", observed_at: 0, value: 1 };

const INPUTS = [
  ["audit", listAuditEventsInput, { actor: "a", action: "a", subject: "s" }],
  ["a new endpoint", createEndpointInput, endpoint],
  ["one endpoint", endpointKey, { name: "e" }],
  ["endpoints", listEndpointsInput, { useCase: "u" }],
  ["a promotion", promotionSubject, subject],
  ["promotions", listPromotionsInput, { endpoint: "e", useCase: "u" }],
  ["the ledger", getLedgerInput, { slug: "s" }],
  ["a series", getEndpointSeriesInput, { name: "e" }],
  ["a summary", getEndpointSummaryInput, { name: "e" }],
  ["ground truth", groundTruthLine, line],
] as const;

test.each(INPUTS)("%s refuses text that a database cannot hold, in every field", (_, schema, good) => {
  expect(schema.safeParse(good).error).toBeUndefined();
  const texts = Object.entries(good).filter(([, value]) => typeof value === "string");
  for (const [field] of texts) {
    for (const bad of ["a\0b", "a\ud800b"]) {
      expect(schema.safeParse({ ...good, [field]: bad }).success, `${field} ${JSON.stringify(bad)}`).toBe(false);
    }
  }
});

test("an identity is kept to the letter", () => {
  expect(groundTruthLine.parse({ ...line, row: " r " }).row).toBe(" r ");
});

test("a cursor whose key a database cannot hold is no cursor", () => {
  expect(keyAfter(encodeCursor("a b"), z.string())).toBe("a b");
  expect(() => keyAfter(encodeCursor("a\0b"), z.string())).toThrow("not one of ours");
});

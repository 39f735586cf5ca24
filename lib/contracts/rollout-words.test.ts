import { expect, test } from "vitest";
import { proposeRollout } from "./archetypes";
import { gpuWords, placementSentence } from "./placement-words";
import { rolloutLines, rolloutSentence } from "./rollout-words";
import { exampleDocument, rolledOutDocument } from "./test-document";

/** Numbers and their units are held together by spaces that do not break. */
const plain = (text: string) => text.replace(/[\u00a0\u202f\u2009]/g, " ");

test("a rollout is told stage by stage, and in one sentence", () => {
  const full = rolledOutDocument();
  expect(rolloutLines(full).map(({ name, words }) => plain(`${name}: ${words}`))).toEqual([
    "Shadow: a copy of the requests, and its answers go to nobody",
    "Step 1: 5 % of the requests, for at least 5 min and 200 answers",
    "Step 2: 50 % of the requests, for at least 1 h and 2,000 answers",
    "Then: all requests; the revision before stays warm",
    "It goes back by itself: when it breaks a clause, or is worse than the serving revision: slow 2 % more often, failed 1 % more often, predictions further apart than 0.15",
  ]);
  expect(plain(rolloutSentence(full))).toBe("Copies first, then 5 %, 50 %, then all; at least 1.08 h in all.");
});

test("a contract without a rollout says that a revision takes over at once", () => {
  expect(rolloutSentence(exampleDocument())).toContain("takes over at once");
  expect(rolloutLines(exampleDocument())).toHaveLength(1);
});

test("a proposal asks for no more answers than the ceiling lets through in half of its time", () => {
  const steps = proposeRollout([{ metric: "ceiling", target: 2 }]).steps;
  expect(steps.map(({ minSamples }) => minSamples)).toEqual([60, 150, 300]);
  expect(proposeRollout([{ metric: "ceiling", target: 0.01 }]).steps[0]?.minSamples).toBe(30);
});

test("a placement is told with its replicas and its share of a GPU", () => {
  const { serving } = exampleDocument();
  expect(placementSentence(serving)).toBe("Local runtime, CPU; one process.");
  const placement = { replicas: { min: 2, max: 2 }, zones: 2, gpu: { kind: "mig" as const, profile: "1g.10gb" } };
  expect(placementSentence({ ...serving, target: "kubernetes", tier: "gpu", placement })).toBe(
    "Kubernetes, GPU; 2 in 2 zones, each with the partition 1g.10gb of a GPU.",
  );
  expect(placementSentence({ ...serving, target: "kubernetes" })).toBe("Kubernetes, CPU; 1 to 3 in one zone.");
  expect(gpuWords({ kind: "time_sliced", accepted: false })).toContain("not accepted");
});

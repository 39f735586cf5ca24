import { expect, test } from "vitest";
import type { ContractDocument, GpuShape } from "@/lib/contracts/document";
import { exampleDocument } from "@/lib/contracts/test-document";
import { placementLimits } from "@/lib/serving/placement-limits";

type Tier = ContractDocument["serving"]["tier"];

function placed(tier: Tier, gpu: GpuShape | null): ContractDocument {
  const document = exampleDocument();
  const placement = { replicas: { min: 1, max: 3 }, zones: 1, gpu };
  return { ...document, serving: { ...document.serving, target: "kubernetes", tier, placement } };
}
const reasons = (document: ContractDocument) =>
  placementLimits(document).map(({ path, reason }) => `${path.replace("serving.placement.", "")}: ${reason}`);

test("a contract for the local runtime, and one that asks a cluster for no GPU, are left alone", () => {
  expect(placementLimits(exampleDocument())).toEqual([]);
  expect(placementLimits(placed("cpu", null))).toEqual([]);
});

test("the tier and the GPU shape go together", () => {
  expect(reasons(placed("gpu", null))).toEqual(["gpu: the tier gpu needs to know how much of a GPU a replica gets"]);
  expect(reasons(placed("cpu", { kind: "whole", count: 1 }))).toEqual([
    "gpu: the tier cpu asks for no GPU, and the placement does",
  ]);
  expect(reasons(placed("gpu", { kind: "whole", count: 1 }))).toEqual([]);
});

test("a partition that no GPU has is refused", () => {
  expect(reasons(placed("gpu", { kind: "mig", profile: "1g.10gb" }))).toEqual([]);
  expect(reasons(placed("gpu", { kind: "mig", profile: "5g.40gb" }))).toEqual([
    "gpu.profile: no GPU has the partition 5g.40gb",
  ]);
});

test("a GPU shared in time is refused where a latency is promised, unless the signers accept it", () => {
  const shared = placed("gpu", { kind: "time_sliced", accepted: false });
  expect(reasons(shared)).toEqual([expect.stringContaining("latency_p95 and latency_p99")]);
  expect(reasons(placed("gpu", { kind: "time_sliced", accepted: true }))).toEqual([]);
  const clauses = shared.clauses.filter(({ kind }) => kind !== "latency");
  expect(reasons({ ...shared, clauses })).toEqual([]);
});

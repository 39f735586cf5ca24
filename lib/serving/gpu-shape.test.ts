import { expect, test } from "vitest";
import {
  GPU_PRODUCTS,
  gpuFitOf,
  gpuRequestOf,
  gpuShareOf,
  gpusFor,
  productsWith,
  shapesFor,
} from "@/lib/serving/gpu-shape";
import { mostOf } from "@/lib/serving/mig-packing";

test.each([
  ["A100 40GB", "1g.5gb 7, 1g.5gb.me 1, 1g.10gb 4, 2g.10gb 3, 3g.20gb 2, 4g.20gb 1, 7g.40gb 1"],
  ["A100 80GB", "1g.10gb 7, 1g.10gb.me 1, 1g.20gb 4, 2g.20gb 3, 3g.40gb 2, 4g.40gb 1, 7g.80gb 1"],
  ["H100 80GB", "1g.10gb 7, 1g.10gb.me 1, 1g.20gb 4, 2g.20gb 3, 3g.40gb 2, 4g.40gb 1, 7g.80gb 1"],
  ["H100 NVL 94GB", "1g.12gb 7, 1g.24gb 4, 2g.24gb 3, 3g.47gb 2, 4g.47gb 1, 7g.94gb 1"],
  ["H200 141GB", "1g.18gb 7, 1g.18gb.me 1, 1g.35gb 4, 2g.35gb 3, 3g.71gb 2, 4g.71gb 1, 7g.141gb 1"],
])("%s has the profiles of NVIDIA's table, and as many instances of each", (product, expected) => {
  const profiles = GPU_PRODUCTS.find(({ name }) => name === product)?.profiles ?? [];
  expect(profiles.map(({ name, kind }) => `${name} ${mostOf(kind)}`).join(", ")).toBe(expected);
});

test("a resource is spelled as the device plugin does with the mixed strategy", () => {
  expect(gpuRequestOf({ kind: "whole", count: 2 })).toEqual({ resource: "nvidia.com/gpu", count: 2 });
  expect(gpuRequestOf({ kind: "mig", profile: "1g.10gb.me" })).toEqual({
    resource: "nvidia.com/mig-1g.10gb.me",
    count: 1,
  });
  expect(gpuRequestOf({ kind: "time_sliced", accepted: true })).toEqual({
    resource: "nvidia.com/gpu.shared",
    count: 1,
  });
});

test("the share of a GPU is its compute slices; of one shared in time nobody knows", () => {
  expect(gpuShareOf({ kind: "whole", count: 2 })).toBe(2);
  expect(gpuShareOf({ kind: "mig", profile: "3g.40gb" })).toBeCloseTo(3 / 7);
  expect(gpuShareOf({ kind: "time_sliced", accepted: true })).toBeNull();
  expect(gpuShareOf({ kind: "mig", profile: "5g.40gb" })).toBeNull();
});

test("a profile names the products that have it, or none", () => {
  expect(productsWith("1g.10gb").map(({ name }) => name)).toEqual(["A100 40GB", "A100 80GB", "H100 80GB"]);
  expect(productsWith("5g.40gb")).toEqual([]);
});

const mig = { gpu: { kind: "mig" as const, profile: "1g.10gb" } };

test("what is free is compared with what all replicas ask for", () => {
  const resources = [
    { name: "nvidia.com/mig-1g.10gb", free: 3 },
    { name: "nvidia.com/gpu", free: 1 },
  ];
  expect(gpuFitOf(mig, 3, resources)).toMatchObject({ needed: 3, free: 3, fits: true, reason: null });
  expect(gpuFitOf({ gpu: { kind: "whole", count: 2 } }, 2, resources)).toMatchObject({
    needed: 4,
    fits: false,
    reason: "4 nvidia.com/gpu are needed, 1 are free",
  });
  expect(gpuFitOf({ gpu: null }, 2, resources)).toBeNull();
});

test("what is missing of a profile says how many GPUs would have to be partitioned, and what is free beside it", () => {
  const fit = gpuFitOf(mig, 9, [
    { name: "nvidia.com/mig-1g.10gb", free: 1 },
    { name: "nvidia.com/mig-2g.20gb", free: 2 },
  ]);
  expect(fit?.fix).toBe(
    "take a free profile (2 x 2g.20gb), or partition 2 more GPUs into 1g.10gb (node label nvidia.com/mig.config)",
  );
  expect(gpuFitOf(mig, 1, [])).toMatchObject({ reason: "no node of the cluster has nvidia.com/mig-1g.10gb" });
});

test("GPUs for a number of instances follow the packing; where products differ, the one that takes the fewest", () => {
  expect(gpusFor("1g.10gb", 8)).toBe(2);
  expect(gpusFor("1g.10gb", 9)).toBe(3);
  expect(gpusFor("2g.20gb", 4)).toBe(2);
  expect(gpusFor("7g.80gb", 3)).toBe(3);
  expect(gpusFor("5g.40gb", 1)).toBeNull();
});

test("the smallest partition that holds a model, by product; a GPU that is too small is not offered", () => {
  const offers = shapesFor(15).map(({ product, profile, perGpu }) => `${product} ${profile} x${perGpu}`);
  expect(offers).toEqual([
    "A100 40GB 3g.20gb x2",
    "A100 80GB 1g.20gb x4",
    "H100 80GB 1g.20gb x4",
    "H100 NVL 94GB 1g.24gb x4",
    "H200 141GB 1g.18gb x7",
  ]);
  expect(shapesFor(100).map(({ product }) => product)).toEqual(["H200 141GB"]);
  expect(shapesFor(200)).toEqual([]);
});

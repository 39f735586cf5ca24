import { expect, test } from "vitest";
import { GPU_PRODUCTS, gpuRequestOf, gpuShareOf, productsWith, shapesFor } from "@/lib/serving/gpu-shape";
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

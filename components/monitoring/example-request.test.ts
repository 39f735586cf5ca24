import { expect, test } from "vitest";
import { exampleRequest } from "./example-request";

const features = [
  { name: "distance", type: "number" as const, min: 31 },
  { name: "hour", type: "integer" as const },
];
const tensor = { name: "features", datatype: "FP32" as const, shape: [-1, 2], features: ["distance", "hour"] };

test("the example names the model's tensor, fills every feature within its range, and says no time unasked", () => {
  expect(exampleRequest({ features, featureTime: "none" }, { inputs: [tensor] }, 5)).toEqual({
    inputs: [{ name: "features", datatype: "FP32", shape: [1, 2], data: [31, 0] }],
  });
});

test("the example says when its features were computed where the contract requires it", () => {
  const example = exampleRequest({ features, featureTime: "required" }, { inputs: [tensor] }, 5);
  expect(example?.parameters).toEqual({ event_time: 5, feature_time: 5 });
});

test("there is no example for a tensor that the runtime does not take", () => {
  const inputs = [{ ...tensor, datatype: "INT64" as const }];
  expect(exampleRequest({ features, featureTime: "none" }, { inputs }, 5)).toBeNull();
});

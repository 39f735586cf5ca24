import { expect, test } from "vitest";
import type { ClusterCapabilities } from "@/lib/serving/cluster-capabilities";
import { findingsOf } from "./cluster-words";

const BARE: ClusterCapabilities = {
  ...{ version: "v1.30.0", kserve: null, gatewayApi: false, envoyGateway: false, keda: false, mesh: null },
  ...{ prometheusOperator: false, imageVolumes: false, gpuResources: [], gateway: null, prometheusUrl: null },
  images: { triton: null },
};

test("whatever is missing comes with what would help, and what is there with nothing", () => {
  const missing = findingsOf(BARE);
  expect(missing.filter(({ found, fix }) => found !== null || fix === null)).toEqual([]);
  const image = `triton@sha256:${"a".repeat(64)}`;
  const all = findingsOf({
    ...BARE,
    ...{
      kserve: { version: "v0.20.0" },
      gatewayApi: true,
      envoyGateway: true,
      backends: true,
      keda: true,
      mesh: "istio",
    },
    ...{ prometheusOperator: true, imageVolumes: true, prometheusUrl: "http://p:9090", images: { triton: image } },
    gateway: { name: "inference", namespace: "gateways" },
  });
  expect(all.filter(({ found, fix }) => found === null || fix !== null)).toEqual([]);
  expect(all.map(({ name }) => name)).toEqual(missing.map(({ name }) => name));
});

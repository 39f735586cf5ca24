import { describe, expect, test } from "vitest";
import { keyOf, type Manifest, objectOf } from "./manifest";
import type { ManifestInput } from "./manifest-input";
import { CLUSTER_CONTRACTS, clusterInput, clusterRevision } from "./test-clusters";
import { trafficManifests } from "./traffic-manifests";

type Rule = { readonly record?: string; readonly alert?: string; readonly expr: string };
type Group = { readonly name: string; readonly rules: readonly Rule[] };

const document = CLUSTER_CONTRACTS["cpu-decision"];
if (!document) throw new Error("there is no such contract");
const canary = [
  clusterRevision(document, 2, { percent: 95 }),
  clusterRevision(document, 3, { role: "canary", percent: 5 }),
];

function find(input: ManifestInput): Manifest | undefined {
  return trafficManifests(input).manifests.find((each) => keyOf(each).kind === "PrometheusRule");
}

describe("the error budgets of a cluster's own alerts", () => {
  function groupsOf(input: ManifestInput): readonly Group[] {
    const found = find(input);
    return found ? (objectOf(found) as unknown as { spec: { groups: Group[] } }).spec.groups : [];
  }
  const names = (input: ManifestInput) => groupsOf(input).map(({ name }) => name.split("/").at(-1));
  const promising = (target: number) => {
    const clauses = document.clauses.map((each) => (each.id === "latency_p99" ? { ...each, target } : each));
    return clusterInput([clusterRevision({ ...document, clauses }, 1)]);
  };

  test("are those that its gateway can count, and when no pod answers", () => {
    expect(names(clusterInput(canary))).toEqual(["availability", "latency_p95", "latency_p99", "up"]);
    expect(find(clusterInput(canary, { prometheusOperator: false }))).toBeUndefined();
  });
  test("leave out a latency between two buckets of Envoy, and say so", () => {
    expect(names(promising(40))).toEqual(["availability", "latency_p95", "up"]);
    expect(trafficManifests(promising(40)).advice.map(({ clause }) => clause)).toContain("latency_p99");
    expect(trafficManifests(promising(25)).advice.map(({ clause }) => clause)).not.toContain("latency_p99");
  });
  test("count requests of the endpoint alone: not of another whose name begins like it, nor copies for a shadow", () => {
    const [, expr = ""] =
      /envoy_cluster_name=~"([^"]*)"/.exec(groupsOf(clusterInput(canary))[0]?.rules[0]?.expr ?? "") ?? [];
    const counted = new RegExp(`^(?:${expr})$`);
    const route = "httproute/models/flight-delays";
    for (const one of ["rule/0", "rule/0/backend/1"]) expect(`${route}/${one}`).toMatch(counted);
    for (const other of ["rule/1", "rule/0-mirror-0"]) expect(`${route}/${other}`).not.toMatch(counted);
    expect("httproute/models/flight-delays-two/rule/0").not.toMatch(counted);
  });
});

import { expect, test } from "vitest";
import type { DesiredState, EndpointConfig } from "@/lib/inference/desired-state";
import { mergeDesired, withoutPort } from "./desired";
import type { HostState } from "./state-file";

const config = (generation: number, audience = "flights"): EndpointConfig => ({
  name: "flights",
  generation,
  clock: "wall",
  serving: null,
  warm: null,
  auth: { issuer: "issuer", audience, jwks: { keys: [{}] } },
});
const removed = (generation: number) => ({ name: "flights", generation, removed: true as const });
const empty: HostState = { version: 1, shipperPort: null, endpoints: {} };
const ports = new Map([["flights", 9100]]);

/** Merges one after the other. @returns the results, and the state after the last */
function merge(...wanted: DesiredState["endpoints"]) {
  let state = empty;
  const results = wanted.map((want) => {
    const { next, applied } = mergeDesired(state, [want], ports);
    state = next;
    return applied.endpoints[0];
  });
  return { results, record: state.endpoints.flights };
}

test("a lower generation is refused as stale, changes nothing, and is told the one that is held", () => {
  const { results, record } = merge(config(5), config(4, "undone"));
  expect(results[1]).toEqual({ name: "flights", result: "stale", generation: 5 });
  expect(record?.config).toEqual(config(5));
});

test("the same again is unchanged; the same generation with a rotated key is accepted", () => {
  const { results } = merge(config(5), config(5), config(5, "rotated"));
  expect(results.map((result) => result?.result)).toEqual(["accepted", "unchanged", "accepted"]);
});

test("a removed endpoint keeps its generation and comes back only with a higher one", () => {
  const { results, record } = merge(config(5), removed(6), config(6), config(5), config(7));
  expect(results.map((result) => result?.result)).toEqual(["accepted", "accepted", "stale", "stale", "accepted"]);
  expect(record).toMatchObject({ generation: 7, port: 9100 });
});

test("endpoints that are not named are left as they are, and only new ones need a port", () => {
  const { next } = mergeDesired(empty, [config(1)], ports);
  expect(mergeDesired(next, [], new Map()).next).toEqual(next);
  expect(withoutPort(next, [config(2), { ...config(1), name: "other" }])).toEqual(["other"]);
});

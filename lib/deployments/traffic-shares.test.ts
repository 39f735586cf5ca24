import { expect, test } from "vitest";
import { CLUSTER_CONTRACTS, clusterRevision } from "@/lib/serving/test-clusters";
import type { ClusterEndpoint } from "./cluster-endpoint";
import { sharesOf } from "./traffic-shares";

const document = CLUSTER_CONTRACTS["cpu-plain"];
if (!document) throw new RangeError("there is no such contract");
const revision = (n: number) => {
  const { spec, identity } = clusterRevision(document, n);
  return { spec, identity: { ...identity, revision: `r${n}` } };
};
const canary = (percent: number, shadow = false) => ({ revision: revision(3), percent, shadow });

type Roles = Partial<Pick<ClusterEndpoint, "serving" | "warm" | "canary">>;
function shares(roles: Roles, loaded: readonly string[], before: Record<string, number> = {}, answering = loaded) {
  const endpoint: ClusterEndpoint = {
    ...{
      name: "flights",
      generation: 1,
      useCase: "x",
      cluster: "c",
      serving: revision(2),
      warm: null,
      canary: null,
      storage: {},
    },
    jwt: { issuer: "https://id.example", jwks: { inline: "{}" } },
    ...roles,
  };
  const conditionOf = (name: string) => ({ isLoaded: loaded.includes(name), answers: answering.includes(name) });
  const found = sharesOf(endpoint, { conditionOf, before });
  return found.map(
    ({ role, percent, shadow, identity }) => `${role} ${identity.revision} ${percent}${shadow ? " shadow" : ""}`,
  );
}

test("nothing is led to a first revision until it is loaded", () => {
  expect(shares({}, [])).toEqual(["serving r2 0"]);
  expect(shares({}, ["r2"])).toEqual(["serving r2 100"]);
});

test("until the next revision is loaded the one before serves on", () => {
  const roles = { warm: revision(1) };
  expect(shares(roles, ["r1"], { r1: 100 })).toEqual(["serving r1 100", "warm r2 0"]);
  expect(shares(roles, ["r1", "r2"], { r1: 100 })).toEqual(["serving r2 100", "warm r1 0"]);
});

test("a serving revision that stops answering keeps its share: nobody decided to go back", () => {
  expect(shares({ warm: revision(1) }, ["r1"], { r2: 100 })).toEqual(["serving r2 100", "warm r1 0"]);
});

test("a canary gets its share once it is loaded, keeps it while one replica answers, and loses it when none does", () => {
  expect(shares({ canary: canary(10) }, ["r2"], { r2: 100 })).toEqual(["serving r2 100", "canary r3 0"]);
  expect(shares({ canary: canary(10) }, ["r2", "r3"], { r2: 100 })).toEqual(["serving r2 90", "canary r3 10"]);
  expect(shares({ canary: canary(25) }, ["r2"], { r2: 90, r3: 10 }, ["r2", "r3"])).toEqual([
    "serving r2 75",
    "canary r3 25",
  ]);
  expect(shares({ canary: canary(25) }, ["r2"], { r2: 90, r3: 10 })).toEqual(["serving r2 100", "canary r3 0"]);
});

test("a shadow gets copies only once it is loaded", () => {
  expect(shares({ canary: canary(0, true) }, ["r2"])).toEqual(["serving r2 100", "canary r3 0"]);
  expect(shares({ canary: canary(0, true) }, ["r2", "r3"])).toEqual(["serving r2 100", "canary r3 0 shadow"]);
});

test("a canary that was promoted keeps what it had, and more", () => {
  expect(shares({ serving: revision(3), warm: revision(2) }, [], { r2: 50, r3: 50 })).toEqual([
    "serving r3 100",
    "warm r2 0",
  ]);
});

test("an endpoint that serves nothing has no shares", () => {
  expect(shares({ serving: null }, [])).toEqual([]);
});

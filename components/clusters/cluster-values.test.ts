import { expect, test } from "vitest";
import { createClusterInput } from "@/lib/deployments/cluster-view";
import { type ClusterValues, fieldOf, inputOf, NO_VALUES } from "./cluster-values";

const typed: ClusterValues = { ...NO_VALUES, name: "prod", namespace: "risk", kubeconfig: "k" };

/** Fields with a message. */
const refused = (change: Partial<ClusterValues>) =>
  createClusterInput.safeParse(inputOf({ ...typed, ...change })).error?.issues.map(({ path }) => fieldOf(path)) ?? [];

test("what is left empty is not chosen", () => {
  const { config, access } = createClusterInput.parse(inputOf(typed));
  expect([config.gateway, config.jwt, config.storage, config.images, access]).toEqual([
    null,
    null,
    null,
    { triton: null },
    "kubeconfig",
  ]);
});

test("a gateway, a key set and an address of one are told apart by how they are written", () => {
  const inline = '{"keys":[{"kty":"EC"}]}';
  const of = (change: Partial<ClusterValues>) => createClusterInput.parse(inputOf({ ...typed, ...change })).config;
  expect(of({ gateway: "gateways/inference" }).gateway).toEqual({ namespace: "gateways", name: "inference" });
  expect(of({ issuer: "me", jwks: inline }).jwt).toEqual({ issuer: "me", jwks: { inline } });
  const uri = "https://login.example.com/jwks";
  expect(of({ issuer: "me", jwks: uri }).jwt).toEqual({ issuer: "me", jwks: { uri } });
});

test.each([
  ["name", { name: "Not a name" }],
  ["gateway", { gateway: "inference" }],
  ["storage", { storage: "s3://models/" }],
  ["triton", { triton: "triton:latest" }],
  ["issuer", { jwks: "https://login.example.com/jwks" }],
  ["jwks", { issuer: "me", jwks: '{"keys":[{"kty":"EC","d":"private"}]}' }],
] as const)("a message about %s stands by its field", (field, change) => {
  expect(new Set(refused(change))).toEqual(new Set([field]));
});

test("credentials that are typed for a cluster from outside are not sent for one from inside", () => {
  expect(inputOf({ ...typed, access: "in_cluster" })).not.toHaveProperty("kubeconfig");
});

import { expect, test } from "vitest";
import { keyOf } from "@/lib/serving/manifest";
import { everyManifest } from "@/lib/serving/test-clusters";
import { WRITTEN_KINDS } from "./cluster-kinds";

test("the kinds that are watched, and that the account may write, are exactly those that anything is compiled to", () => {
  const idOf = ({ apiVersion, kind }: { apiVersion: string; kind: string }) => `${apiVersion} ${kind}`;
  const made = new Set(everyManifest().map((manifest) => idOf(keyOf(manifest))));
  expect([...made].sort()).toEqual(WRITTEN_KINDS.map(idOf).sort());
});

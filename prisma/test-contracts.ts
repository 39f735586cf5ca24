import { afterAll, beforeAll, beforeEach } from "vitest";
import type { Principal, Role } from "@/lib/auth/schema";
import { createUseCase } from "@/lib/contracts/commands/create-use-case";
import { draftContract } from "@/lib/contracts/commands/draft-contract";
import type { ContractDocument } from "@/lib/contracts/document";
import { exampleDocument } from "@/lib/contracts/test-document";
import { disconnect } from "@/lib/db";
import type { Failure } from "@/lib/errors";
import { signContract } from "@/lib/governance/commands/sign-contract";
import { submitContract } from "@/lib/governance/commands/submit-contract";
import { toResult } from "@/lib/operation";
import { type TestDatabase, testDatabase } from "@/prisma/test-database";
import { account } from "@/prisma/test-stage";

const ACCOUNTS: Readonly<Record<string, readonly Role[]>> = {
  scientist: ["scientist"],
  owner: ["owner"],
  "second-owner": ["owner"],
  sre: ["sre"],
  governance: ["governance"],
  both: ["sre", "governance"],
  finance: ["finance"],
  robot: ["owner"],
};

export const USE_CASE = {
  name: "Flight delays",
  purpose: "Rebook connections before landing",
  team: "Travel",
  owner: "owner@example.com",
  costCentre: "4410",
};

/** A database with one account per kind of caller, and before each test a use case of its own. */
export function contractWorld() {
  const people = new Map<string, Principal>();
  const world = {
    database: undefined as TestDatabase | undefined,
    slug: "",
    as: (name: string): Principal => {
      const principal = people.get(name);
      if (!principal) throw new Error(`no account ${name}`);
      return principal;
    },
    submitted: async (document: ContractDocument = exampleDocument()) => {
      const { slug, as } = world;
      const { number: n } = await draftContract.call(as("scientist"), { slug, from: "document", document });
      const { digest } = await submitContract.call(as("scientist"), { slug, n });
      return { n, digest };
    },
    signed: async () => {
      const { n, digest } = await world.submitted();
      for (const name of ["owner", "sre", "governance"]) {
        await signContract.call(world.as(name), { slug: world.slug, n, digest });
      }
      return { n, digest };
    },
  };
  let count = 0;
  beforeAll(async () => {
    world.database = await testDatabase();
    for (const [name, roles] of Object.entries(ACCOUNTS))
      people.set(name, await account(name, roles, name === "robot" ? "service" : "person"));
  });
  beforeEach(async () => {
    count += 1;
    world.slug = `use-case-${count}`;
    await createUseCase.call(world.as("scientist"), { ...USE_CASE, slug: world.slug });
  });
  afterAll(disconnect);
  return world;
}

/** The refusal of an operation; fails when it was not refused. */
export async function refusal(work: () => Promise<unknown>): Promise<Failure> {
  const result = await toResult(work);
  if (result.ok) throw new Error("was not refused");
  return result.error;
}

/** The example with another p99. */
export function withP99(target: number): ContractDocument {
  const document = exampleDocument();
  const clauses = document.clauses.map((each) =>
    each.id === "latency_p99" ? { ...each, target, atRisk: target } : each,
  );
  return { ...document, clauses };
}

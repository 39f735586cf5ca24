import { describe, expect, test } from "vitest";
import { draftContract } from "@/lib/contracts/commands/draft-contract";
import { updateDraft } from "@/lib/contracts/commands/update-draft";
import { exampleDocument } from "@/lib/contracts/test-document";
import { inTransaction } from "@/lib/db";
import { digestOf } from "@/lib/digest";
import { signContract } from "@/lib/governance/commands/sign-contract";
import { submitContract } from "@/lib/governance/commands/submit-contract";
import { planContract } from "@/lib/governance/queries/contract-plan";
import { getContract, listContracts } from "@/lib/governance/queries/contracts";
import { contractWorld, refusal, withP99 } from "@/prisma/test-contracts";

const world = contractWorld();

describe("an amendment", () => {
  test("begins from the signed document, and its plan shows by clause what it changes", async () => {
    expect(
      await refusal(() => draftContract.call(world.as("owner"), { slug: world.slug, from: "amendment" })),
    ).toMatchObject({
      code: "conflict",
    });
    await world.signed();
    const amendment = await draftContract.call(world.as("owner"), { slug: world.slug, from: "amendment" });
    expect(amendment).toMatchObject({ number: 2, document: exampleDocument(), problems: [] });
    await updateDraft.call(world.as("owner"), { slug: world.slug, n: 2, revision: 1, document: withP99(40) });
    const plan = await planContract.call(world.as("finance"), { slug: world.slug, n: 2 });
    expect(plan.against).toEqual({ number: 1, standing: "signed" });
    expect(plan.spec.cannot).toEqual([]);
    expect(plan.documentDifference.map(({ part }) => part)).toEqual(["latency_p99"]);
    expect(plan.specDifference).toEqual([
      {
        clause: "latency_p99",
        changes: [
          { path: "latency.boundsMs.latency_p99", before: 25, after: 40 },
          { path: "rules.latency_p99.atRisk", before: 20, after: 40 },
          { path: "rules.latency_p99.target", before: 25, after: 40 },
        ],
      },
    ]);
    expect((await planContract.call(world.as("finance"), { slug: world.slug, n: 1 })).against).toBeNull();
  });

  test("that is signed governs nothing until a revision under it serves", async () => {
    const first = await world.signed();
    const contracts = () => listContracts.call(world.as("finance"), { slug: world.slug });
    const standings = async () => (await contracts()).items.map(({ number, standing }) => `${number} ${standing}`);
    await serve(first.n);
    expect(await standings()).toEqual(["1 in_force"]);
    await draftContract.call(world.as("owner"), { slug: world.slug, from: "amendment" });
    await updateDraft.call(world.as("owner"), { slug: world.slug, n: 2, revision: 1, document: withP99(40) });
    const { digest } = await submitContract.call(world.as("owner"), { slug: world.slug, n: 2 });
    for (const name of ["owner", "sre", "governance"])
      await signContract.call(world.as(name), { slug: world.slug, n: 2, digest });
    expect(await standings()).toEqual(["2 signed", "1 in_force"]);
    await serve(2);
    expect(await standings()).toEqual(["2 in_force", "1 replaced"]);
    expect(await getContract.call(world.as("finance"), { slug: world.slug, n: 2 })).toMatchObject({
      inForceOn: [`${world.slug}-prod`],
    });
  });
});

/** What a promotion leaves behind: a revision under the contract that the endpoint serves. */
function serve(n: number): Promise<unknown> {
  return inTransaction(async (tx) => {
    const { id: useCaseId } = await tx.useCase.findUniqueOrThrow({ where: { slug: world.slug } });
    const { id: contractId } = await tx.contract.findUniqueOrThrow({
      where: { useCaseId_number: { useCaseId, number: n } },
    });
    const facts = {
      digest: digestOf({ slug: world.slug, n }),
      files: [],
      schema: {},
      evaluation: {},
      dataset: {},
      codeRevision: "c",
    };
    const { id: modelVersionId } = await tx.modelVersion.create({
      data: {
        ...facts,
        number: n,
        registeredBy: "ci",
        registeredById: world.as("robot").id,
        model: { connectOrCreate: { where: { name: world.slug }, create: { name: world.slug, createdBy: "ci" } } },
      },
    });
    await tx.modelVersion.update({ where: { id: modelVersionId }, data: { state: "ready" } });
    const name = `${world.slug}-prod`;
    const kind = { environment: "production", tier: "cpu", target: "local", clock: "wall", createdBy: "sre" };
    const endpoint = await tx.endpoint.upsert({ where: { name }, create: { name, useCaseId, ...kind }, update: {} });
    const revision = await tx.revision.create({
      data: {
        endpointId: endpoint.id,
        number: n,
        name: `${name}-r${n}`,
        modelVersionId,
        contractId,
        spec: {},
        specDigest: facts.digest,
        servedAt: new Date(),
      },
    });
    return tx.endpoint.update({
      where: { id: endpoint.id },
      data: { servingId: revision.id, generation: { increment: 1 } },
    });
  });
}

import "server-only";
import { toContractState } from "@/lib/contracts/contract-state";
import { type ContractDocument, contractDocument } from "@/lib/contracts/document";
import { documentDifference } from "@/lib/contracts/document-difference";
import { validateDocument } from "@/lib/contracts/validate-document";
import { db, inTransaction } from "@/lib/db";
import { findClusterCapabilities } from "@/lib/deployments/commands/find-cluster-capabilities";
import { AppError } from "@/lib/errors";
import { contractPlan, planContractInput, standingOf } from "@/lib/governance/contract-view";
import { operation } from "@/lib/operation";
import { capabilitiesFor } from "@/lib/serving/capabilities";
import { compile } from "@/lib/serving/compile";
import { diffSpecs } from "@/lib/serving/diff-spec";

/**
 * What a version compiles to on its target, each line with its clause, and by clause what that changes against the version in
 * force (else the one signed before; else `against`). Throws `not_found`.
 */
export const planContract = operation({
  name: "contract.plan",
  permission: "contract:read",
  input: planContractInput,
  output: contractPlan,
  run: async ({ input }) => {
    const versions = await db().contract.findMany({
      where: { useCase: { slug: input.slug } },
      select: {
        number: true,
        state: true,
        document: true,
        revisions: { where: { servingOn: { some: {} } }, select: { id: true }, take: 1 },
      },
      orderBy: { number: "desc" },
    });
    const version = versions.find(({ number }) => number === input.n);
    if (!version) throw new AppError("not_found", `There is no contract ${input.n} of ${input.slug}.`);
    const base = baseOf(versions, input.n, input.against);
    if (input.against !== undefined && !base) {
      throw new AppError("not_found", `There is no contract ${input.against} of ${input.slug} to compare with.`);
    }
    const document = contractDocument.parse(version.document);
    const clusters = await inTransaction((tx) => findClusterCapabilities(tx));
    const plan = (of: ContractDocument) => compile(of, null, capabilitiesFor(of.serving.target, clusters));
    const spec = plan(document);
    const before = base && contractDocument.parse(base.document);
    const highest = versions.find(isInForce)?.number ?? null;
    return {
      useCase: input.slug,
      number: input.n,
      target: document.serving.target,
      spec,
      problems: validateDocument(document),
      against: base
        ? {
            number: base.number,
            standing: standingOf(
              { state: toContractState(base.state), number: base.number, inForce: isInForce(base) },
              highest,
            ),
          }
        : null,
      documentDifference: before ? documentDifference(before, document) : [],
      specDifference: before ? diffSpecs(plan(before), spec) : [],
    };
  },
});

type Version = { readonly number: number; readonly state: string; readonly revisions: readonly unknown[] };

const isInForce = ({ revisions }: Version) => revisions.length > 0;

/** `versions` come newest first. */
function baseOf<T extends Version>(versions: readonly T[], n: number, against: number | undefined): T | undefined {
  if (against !== undefined) return versions.find(({ number }) => number === against);
  const earlier = versions.filter(({ number, state }) => number < n && state === "signed");
  return earlier.find(isInForce) ?? earlier[0];
}

import "server-only";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import type { Principal } from "@/lib/auth/schema";
import { lockContract } from "@/lib/contracts/commands/lock-contract";
import { toContractState } from "@/lib/contracts/contract-state";
import { contractDocument } from "@/lib/contracts/document";
import { inTransaction, type Tx } from "@/lib/db";
import { digestOf } from "@/lib/digest";
import { AppError } from "@/lib/errors";
import { refuseInfeasible } from "@/lib/governance/commands/refuse-infeasible";
import { missingSlots, type SignatureSlot, signatureSlot, signingOf } from "@/lib/governance/contract-signing";
import { signContractInput, signingStatus } from "@/lib/governance/contract-view";
import { operation } from "@/lib/operation";

/**
 * Signs the digest that was shown, in the slot of the signer's role; the third signature makes the contract signed in the same
 * transaction. Throws `forbidden` (role, service account, the same person twice), `conflict` (not submitted, another digest,
 * slot taken), `invalid` (several roles and no slot named) and `precondition` with curve and alternatives, when a measured load curve
 * of what serves, or of the named candidate, shows that it cannot be kept.
 */
export const signContract = operation({
  name: "contract.sign",
  permission: "contract:sign",
  refusal: "A contract is signed by its owner, SRE and governance.",
  input: signContractInput,
  output: signingStatus,
  run: ({ principal, input }) =>
    inTransaction(async (tx) => {
      const contract = await lockContract(tx, input);
      const subject = `${input.slug}/${input.n}`;
      const signatures = contract.signatures.map((each) => ({ ...each, slot: signatureSlot.parse(each.slot) }));
      const state = toContractState(contract.state);
      const signing = signingOf(principal, { state, digest: contract.digest, signatures }, input.slot);
      if (!signing.ok) {
        const fields = signing.code === "invalid" ? { slot: [signing.reason] } : undefined;
        throw new AppError(signing.code, signing.reason, fields, { subject });
      }
      const digest = checkedDigest(contract, input.digest);
      const document = contractDocument.parse(contract.document);
      const { useCaseId } = contract;
      await refuseInfeasible(tx, { useCaseId, document, candidate: input.candidate }, "It is not signed");
      const { slot } = signing;
      const comment = input.comment || null;
      const added = await tx.contractSignature.create({
        data: { contractId: contract.id, slot, userId: principal.id, email: principal.email, digest, comment },
      });
      const all = [...signatures, { ...added, slot }];
      const missing = [...missingSlots(all)];
      const done = missing.length === 0;
      await recordAudit(tx, {
        actor: principal,
        action: "contract.sign",
        outcome: "done",
        subjectType: "contract",
        subject,
        after: { slot, digest, ...(comment && { comment }), state: done ? "signed" : "submitted" },
      });
      if (done) await closeSigning(tx, contract.id, principal);
      return {
        useCase: input.slug,
        number: input.n,
        state: done ? ("signed" as const) : ("submitted" as const),
        digest,
        signatures: all.map((each) => ({ ...each, signedAt: each.signedAt.toISOString() })).map(toDto),
        missing,
      };
    }),
});

type Contract = { readonly digest: string | null; readonly document: unknown; readonly number: number };

/** What is signed is what was shown, and what was shown is what is stored. */
function checkedDigest({ digest, document, number }: Contract, shown: string): string {
  if (digest !== shown) {
    const message = `You were shown the digest ${shown.slice(0, 8)}…, but contract ${number} has ${digest?.slice(0, 8)}…: read it again before you sign.`;
    throw new AppError("conflict", message, { digest: ["not the digest of this contract"] }, { details: { digest } });
  }
  if (digestOf(document) !== digest) {
    throw new AppError(
      "conflict",
      `The stored document of contract ${number} does not have its own digest: do not sign it.`,
    );
  }
  return digest;
}

async function closeSigning(tx: Tx, id: string, { email }: Principal): Promise<void> {
  const now = new Date();
  await tx.contract.update({
    where: { id },
    data: { state: "signed", signedAt: now, updatedAt: now, updatedBy: email },
  });
}

type Added = { slot: SignatureSlot; email: string; digest: string; comment: string | null; signedAt: string };

function toDto({ slot, email, digest, comment, signedAt }: Added): Added {
  return { slot, email, digest, comment, signedAt };
}

import { ClauseState } from "@/components/ui/clause-state";
import { Digest } from "@/components/ui/digest";
import { Panel, PanelRow } from "@/components/ui/panel";
import { RelativeTime } from "@/components/ui/relative-time";
import { SIGNATURE_SLOTS } from "@/lib/governance/contract-signing";
import type { ContractView } from "@/lib/governance/contract-view";
import { SLOT_NAMES } from "./slot-names";

/** The three slots: who signed when with what words, and who could fill the open ones. */
export function SignaturesPanel({ contract }: { readonly contract: ContractView }) {
  const { digest, signatures, missing } = contract;
  return (
    <Panel title={`Signatures of v${contract.number}`} aside={digest ? <Digest value={digest} /> : "not submitted"}>
      {SIGNATURE_SLOTS.map((slot) => {
        const signature = signatures.find((each) => each.slot === slot);
        const people = missing.find((each) => each.slot === slot)?.people ?? [];
        return (
          <PanelRow
            key={slot}
            sub={
              signature ? (
                (signature.comment ?? "no comment")
              ) : (
                <Candidates people={people} waiting={missing.length > 0} />
              )
            }
            value={
              signature ? (
                <>
                  <ClauseState state="met" word="Signed" />
                  <div>
                    <RelativeTime at={signature.signedAt} />
                  </div>
                </>
              ) : (
                <ClauseState state="unproven" word="Missing" />
              )
            }
          >
            <span className="text-muted">{SLOT_NAMES[slot]}</span>
            {signature && <div className="font-medium">{signature.email}</div>}
          </PanelRow>
        );
      })}
    </Panel>
  );
}

function Candidates({ people, waiting }: { readonly people: readonly string[]; readonly waiting: boolean }) {
  if (!waiting) return null;
  return people.length > 0 ? `${people.join(", ")} could` : "nobody has the role yet";
}

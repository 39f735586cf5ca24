"use client";

import { useRouter } from "next/navigation";
import { Button } from "@/components/ui/button";
import { ConfirmByName } from "@/components/ui/confirm-by-name";
import { RefusedAction } from "@/components/ui/refused-action";
import { withdrawContractAction } from "@/lib/contracts/actions";

type Props = {
  readonly slug: string;
  readonly n: number;
  readonly signatures: number;
  /** Why this person may not withdraw; null: they may. */
  readonly reason: string | null;
};

/** Takes a version off the table, after its name was typed. */
export function WithdrawButton({ slug, n, signatures, reason }: Props) {
  const router = useRouter();
  if (reason) return <RefusedAction reason={reason}>Withdraw</RefusedAction>;
  const lost = signatures === 0 ? "" : ` Its ${signatures === 1 ? "signature counts" : "signatures count"} no more.`;
  return (
    <ConfirmByName
      trigger={<Button variant="danger">Withdraw</Button>}
      title={`Withdraw contract v${n}`}
      effect={`It can no longer be edited or signed and stays on record.${lost} A copy can begin from it. The version in force is not touched.`}
      name={`${slug} v${n}`}
      verb="Withdraw"
      onConfirm={async () => {
        const result = await withdrawContractAction({ slug, n });
        if (result.ok) router.refresh();
        return result;
      }}
    />
  );
}

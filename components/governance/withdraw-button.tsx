"use client";

import { useRouter } from "next/navigation";
import { Button } from "@/components/ui/button";
import { ConfirmByName } from "@/components/ui/confirm-by-name";
import { withdrawPromotionAction } from "@/lib/governance/actions";

/** Takes the promotion back; a new one can be requested afterwards. */
export function WithdrawButton({ id }: { readonly id: number }) {
  const router = useRouter();
  return (
    <ConfirmByName
      trigger={<Button variant="danger">Withdraw…</Button>}
      title={`Withdraw promotion ${id}`}
      effect="Nobody decides on it any more, and approvals that were given are void. What serves now is not touched. A new promotion can be requested."
      name={String(id)}
      verb="Withdraw"
      onConfirm={async () => {
        const result = await withdrawPromotionAction({ id });
        if (result.ok) router.refresh();
        return result;
      }}
    />
  );
}

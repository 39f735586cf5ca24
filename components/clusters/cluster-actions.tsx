"use client";

import { useRouter } from "next/navigation";
import { Button } from "@/components/ui/button";
import { ConfirmByName } from "@/components/ui/confirm-by-name";
import { FormError } from "@/components/ui/form-error";
import { LinkButton } from "@/components/ui/link-button";
import { RefusedAction } from "@/components/ui/refused-action";
import { usePageAction } from "@/components/ui/use-page-action";
import { checkClusterAction, removeClusterAction } from "@/lib/deployments/actions";

type Props = {
  readonly name: string;
  readonly endpoints: number;
  /** Why this person may not; null: they may. */
  readonly reason: string | null;
};

/** Look again, change, forget. */
export function ClusterActions({ name, endpoints, reason }: Props) {
  const router = useRouter();
  const { run, failure, pending } = usePageAction();
  if (reason) return <RefusedAction reason={reason}>Edit</RefusedAction>;
  return (
    <div className="grid justify-items-end gap-1.5">
      <div className="flex flex-wrap gap-2">
        <Button pending={pending} onClick={() => run(() => checkClusterAction({ name }))}>
          Look again
        </Button>
        <LinkButton href={`/settings/clusters/${name}/edit`}>Edit</LinkButton>
        {endpoints > 0 ? (
          <RefusedAction reason={`${endpoints} endpoints serve there: a cluster with endpoints cannot be removed.`}>
            Remove
          </RefusedAction>
        ) : (
          <ConfirmByName
            trigger={<Button variant="danger">Remove</Button>}
            title={`Remove ${name}`}
            effect="Its credentials are forgotten and nobody looks at it any more. In the cluster nothing is changed. It can be added again with a kubeconfig."
            name={name}
            verb="Remove"
            onConfirm={async () => {
              const result = await removeClusterAction({ name, confirm: name });
              if (result.ok) router.push("/settings/clusters");
              return result;
            }}
          />
        )}
      </div>
      <FormError error={failure} />
    </div>
  );
}

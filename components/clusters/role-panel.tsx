import { Code } from "@/components/ui/code";
import { Panel, PanelBody } from "@/components/ui/panel";
import { accountCommands, clusterRoleYaml } from "@/lib/deployments/cluster-role";

type Props = { readonly namespace: string; readonly server: string | null };

/** The least that our account needs there, and how its kubeconfig is made. */
export function RolePanel({ namespace, server }: Props) {
  return (
    <Panel title="Role of our account" aside="writes in its namespace only, reads no secret">
      <PanelBody className="grid gap-3">
        <p className="text-muted">
          Apply it with an account that may. The same from a terminal:{" "}
          <code className="num text-xs wrap-anywhere">npx proviso cluster role --namespace {namespace}</code>
        </p>
        <details>
          <summary className="cursor-pointer text-sm font-medium">Role as YAML</summary>
          <Code label="Role as YAML" text={clusterRoleYaml(namespace)} className="mt-2" />
        </details>
        {server && (
          <details>
            <summary className="cursor-pointer text-sm font-medium">A kubeconfig for it</summary>
            <Code label="Commands for a kubeconfig" text={accountCommands(namespace, server)} className="mt-2" />
          </details>
        )}
      </PanelBody>
    </Panel>
  );
}

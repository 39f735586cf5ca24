import { EndpointTable } from "@/components/deployments/endpoint-table";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkButton } from "@/components/ui/link-button";
import { Panel } from "@/components/ui/panel";
import type { Endpoint } from "@/lib/deployments/schema";
import type { NextStep } from "./next-step";

type Props = { readonly endpoints: readonly Endpoint[]; readonly next: NextStep };

/** The endpoints that need a look, or what to do while there is none. */
export function EndpointsPanel({ endpoints, next }: Props) {
  return (
    <Panel title="Endpoints" aside={endpoints.length > 0 ? "worst clause first" : undefined}>
      {endpoints.length > 0 ? (
        <EndpointTable endpoints={endpoints} />
      ) : (
        <EmptyState
          title={next.title}
          {...(next.command && { command: next.command })}
          action={<LinkButton href={next.href}>{next.action}</LinkButton>}
        >
          {next.text}
        </EmptyState>
      )}
    </Panel>
  );
}

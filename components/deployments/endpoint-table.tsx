import { ClauseState } from "@/components/ui/clause-state";
import { RelativeTime } from "@/components/ui/relative-time";
import { RowLink, Sub, Table, Tbody, Td, Th, Thead, Tr } from "@/components/ui/table";
import type { Endpoint } from "@/lib/deployments/schema";
import { ClauseCounts } from "./clause-counts";
import { TargetState } from "./target-state";

/** Endpoints with what they serve, how their clauses stand, and what the target says. */
export function EndpointTable({ endpoints }: { readonly endpoints: readonly Endpoint[] }) {
  return (
    <Table label="Endpoints" minWidth={860}>
      <Thead>
        <Th>Endpoint</Th>
        <Th>Clauses</Th>
        <Th>Serves</Th>
        <Th>Contract in force</Th>
        <Th>Target</Th>
        <Th>Read</Th>
      </Thead>
      <Tbody>
        {endpoints.map((endpoint) => (
          <Tr key={endpoint.name}>
            <Td>
              <RowLink href={`/endpoints/${endpoint.name}`}>{endpoint.name}</RowLink>
              <Sub>
                {endpoint.environment} · {endpoint.tier.toUpperCase()} · {endpoint.useCase.name}
              </Sub>
            </Td>
            <Td>
              {endpoint.worstClause ? (
                <ClauseState state={endpoint.worstClause} />
              ) : (
                <span className="text-muted">—</span>
              )}
              <ClauseCounts clauses={endpoint.clauses} />
            </Td>
            <Td>
              {endpoint.serving ? (
                <>
                  {endpoint.serving.model} v{endpoint.serving.version}
                  <Sub>{endpoint.serving.revision}</Sub>
                </>
              ) : (
                <span className="text-muted">nothing yet</span>
              )}
            </Td>
            <Td>
              {endpoint.contractInForce ? (
                <span className="num">v{endpoint.contractInForce.number}</span>
              ) : (
                <span className="text-muted">none</span>
              )}
            </Td>
            <Td>
              <TargetState endpoint={endpoint} />
              <Sub>{endpoint.cluster ?? endpoint.target}</Sub>
            </Td>
            <Td className="whitespace-nowrap text-muted">
              {endpoint.observed.at ? <RelativeTime at={endpoint.observed.at} /> : "never"}
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

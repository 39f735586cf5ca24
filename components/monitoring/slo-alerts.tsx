import { Badge } from "@/components/ui/badge";
import { ClauseState, type ClauseStateName } from "@/components/ui/clause-state";
import { Sub, Table, Tbody, Td, Th, Thead, Tr } from "@/components/ui/table";
import { formatDuration, formatNumber, formatPercent } from "@/lib/format";
import type { BurnAlertView } from "@/lib/monitoring/slo-view";

const STATE: Readonly<Record<BurnAlertView["state"], { readonly state: ClauseStateName; readonly word: string }>> = {
  armed: { state: "met", word: "Armed" },
  firing: { state: "breached", word: "Firing" },
  left_out: { state: "unproven", word: "Left out" },
};

/** The alerts on one budget: when each fires, and those that are refused because they never could, or always would. */
export function AlertTable({ alerts, name }: { readonly alerts: readonly BurnAlertView[]; readonly name: string }) {
  return (
    <Table label={`Alerts on ${name}`} minWidth={600}>
      <Thead>
        <Th>Alert</Th>
        <Th numeric>Burn</Th>
        <Th>Fires when</Th>
        <Th>Now</Th>
      </Thead>
      <Tbody>
        {alerts.map((alert) => (
          <Tr key={`${alert.severity} ${alert.longSeconds} ${alert.factor}`}>
            <Td className="align-top whitespace-nowrap">
              <Badge tone={alert.severity === "page" ? "accent" : "neutral"}>{alert.severity}</Badge>
              <Sub>
                {formatDuration(alert.longSeconds * 1000)} and {formatDuration(alert.shortSeconds * 1000)}
              </Sub>
            </Td>
            <Td numeric className="align-top">
              {formatNumber(alert.factor)}×<Sub>{formatPercent(alert.spends)} of the budget</Sub>
            </Td>
            <Td className="max-w-md align-top">
              {alert.state === "left_out" ? <s className="text-muted">{alert.fires}</s> : alert.fires}
            </Td>
            <Td className="max-w-72 align-top">
              <ClauseState {...STATE[alert.state]} />
              {alert.reason && <Sub>{alert.reason}</Sub>}
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

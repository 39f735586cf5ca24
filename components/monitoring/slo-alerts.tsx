import { Badge } from "@/components/ui/badge";
import { ClauseState, type ClauseStateName } from "@/components/ui/clause-state";
import { Sub, Table, Tbody, Td, Th, Thead, Tr } from "@/components/ui/table";
import { formatDuration, formatNumber, formatPercent } from "@/lib/format";
import type { BurnAlertView } from "@/lib/monitoring/slo-view";
import { byReason } from "./slo-numbers";

const STATE: Readonly<Record<BurnAlertView["state"], { readonly state: ClauseStateName; readonly word: string }>> = {
  armed: { state: "met", word: "Armed" },
  firing: { state: "breached", word: "Firing" },
  left_out: { state: "unproven", word: "Left out" },
};

const keyOf = ({ severity, longSeconds, factor }: BurnAlertView) => `${severity} ${longSeconds} ${factor}`;

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
        {alerts
          .filter(({ state }) => state !== "left_out")
          .map((alert) => (
            <Tr key={keyOf(alert)}>
              <Td className="align-top whitespace-nowrap">
                <Severity alert={alert} />
                <Sub>
                  {formatDuration(alert.longSeconds * 1000)} and {formatDuration(alert.shortSeconds * 1000)}
                </Sub>
              </Td>
              <Td numeric className="align-top">
                {formatNumber(alert.factor)}×<Sub>{formatPercent(alert.spends)} of the budget</Sub>
              </Td>
              <Td className="max-w-md align-top">{alert.fires}</Td>
              <Td className="max-w-72 align-top">
                <ClauseState {...STATE[alert.state]} />
                {alert.reason && <Sub>{alert.reason}</Sub>}
              </Td>
            </Tr>
          ))}
        {byReason(alerts.filter(({ state }) => state === "left_out")).map(({ reason, items }) => (
          <LeftOut key={reason} reason={reason} alerts={items} />
        ))}
      </Tbody>
    </Table>
  );
}

/** Alerts that are not made, for one reason. */
function LeftOut({ reason, alerts }: { readonly reason: string; readonly alerts: readonly BurnAlertView[] }) {
  return (
    <Tr>
      <Td className="align-top whitespace-nowrap">
        {alerts.map((alert) => (
          <span key={keyOf(alert)} className="block">
            <Severity alert={alert} />
          </span>
        ))}
      </Td>
      <Td numeric className="align-top text-muted">
        {alerts.map((alert) => (
          <span key={keyOf(alert)} className="block">
            {formatNumber(alert.factor)}×
          </span>
        ))}
      </Td>
      <Td className="max-w-md align-top text-muted">never: {reason}</Td>
      <Td className="align-top">
        <ClauseState {...STATE.left_out} />
      </Td>
    </Tr>
  );
}

function Severity({ alert: { severity } }: { readonly alert: BurnAlertView }) {
  return <Badge tone={severity === "page" ? "accent" : "neutral"}>{severity}</Badge>;
}

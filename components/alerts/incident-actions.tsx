import type { ReactNode } from "react";
import { RollbackButton } from "@/components/deployments/rollback-button";
import { LinkButton } from "@/components/ui/link-button";
import { Panel, PanelBody, PanelRow } from "@/components/ui/panel";
import type { AlertDetail } from "@/lib/monitoring/alert-view";
import { type Reasons, silenceReason } from "./incident-header";
import { SilenceButton } from "./silence-button";

type Props = { readonly alert: AlertDetail; readonly reasons: Reasons };
type Action = AlertDetail["actions"][number];

/** What one can do now; what can be undone the fastest stands first. */
export function IncidentActions({ alert, reasons }: Props) {
  const { actions } = alert;
  if (actions.length === 0 && alert.endpoint === null) return null;
  return (
    <Panel title="What to do" aside="the easiest to undo first">
      {actions.length === 0 && <PanelBody className="text-muted">Nothing: it is over.</PanelBody>}
      {actions.map((action) => (
        <PanelRow
          key={action.kind}
          sub={
            <>
              {action.why}
              <span className="block">Undone: {action.reversible}</span>
            </>
          }
          value={<ActionButton action={action} alert={alert} reasons={reasons} />}
        >
          <span className="font-medium">{action.title}</span>
        </PanelRow>
      ))}
    </Panel>
  );
}

function ActionButton({ action, alert, reasons }: Props & { readonly action: Action }): ReactNode {
  const { endpoint } = alert;
  switch (action.kind) {
    case "roll_back":
      return endpoint !== null && <RollbackButton name={endpoint} reason={reasons.rollback} />;
    case "silence":
      return <SilenceButton target={alert} reason={silenceReason(alert, reasons)} />;
    case "drill":
      return <LinkButton href={`${action.href}#drill`}>Drill</LinkButton>;
    case "amend":
      return <LinkButton href={action.href}>Contract</LinkButton>;
  }
}

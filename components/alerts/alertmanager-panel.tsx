import { Code } from "@/components/ui/code";
import { Panel, PanelBody } from "@/components/ui/panel";

const RECEIVER = `receivers:
  - name: proviso
    webhook_configs:
      - url: "$PROVISO_URL/api/v1/alerts/alertmanager"
        send_resolved: true
        http_config:
          authorization:
            type: Bearer
            credentials_file: /etc/alertmanager/proviso-token`;

const CURL = `curl -sS "$PROVISO_URL/api/v1/alerts/alertmanager" \\
  -H "Authorization: Bearer $PROVISO_TOKEN" -H "Content-Type: application/json" \\
  -d '{"version": "4", "status": "firing", "alerts": [{
    "status": "firing", "fingerprint": "example-1",
    "labels": {"alertname": "NodeMemoryHigh", "endpoint": "NAME", "severity": "page"},
    "annotations": {"summary": "Memory of the node is nearly used up"},
    "startsAt": "'$(date -u +%Y-%m-%dT%H:%M:%SZ)'"}]}'`;

/** How alerts of others come to stand on the pages of our endpoints. */
export function AlertmanagerPanel() {
  return (
    <Panel title="Alerts from an Alertmanager" aside="its webhook, version 4">
      <PanelBody className="grid gap-3">
        <p>
          An Alertmanager that knows the machines can send its alerts here: they stand on the page of the endpoint that
          their label <code className="num">endpoint</code> names, marked with where they come from. The token is one of
          the role CI; put it in a file that only the Alertmanager reads, and the address of this portal in the place of{" "}
          <code className="num">$PROVISO_URL</code>.
        </p>
        <Code label="Receiver in alertmanager.yml" text={RECEIVER} />
        <p className="text-sm text-muted">To try it without one:</p>
        <Code label="curl" text={CURL} />
      </PanelBody>
    </Panel>
  );
}

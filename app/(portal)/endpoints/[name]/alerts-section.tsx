import { ChannelNotice } from "@/components/alerts/channel-notice";
import { EndpointAlerts } from "@/components/alerts/endpoint-alerts";
import { SilenceNotice } from "@/components/alerts/silence-notice";
import { permissionReason } from "@/lib/auth/permissions";
import { requirePrincipal } from "@/lib/auth/queries";
import { listSilences } from "@/lib/monitoring/queries/alert-settings";
import { listAlerts, summariseAlerts } from "@/lib/monitoring/queries/alerts";
import { read } from "@/lib/read";

/** What stands above the numbers of an endpoint: that nobody would be told, what is silenced, and what fires. */
export async function AlertNotices({ name }: { readonly name: string }) {
  const principal = await requirePrincipal();
  const [summary, silences] = await Promise.all([
    read(summariseAlerts, {}),
    read(listSilences, { endpoint: name, active: "true", limit: 5 }),
  ]);
  return (
    <>
      {summary.ok && (
        <ChannelNotice summary={summary.data} endpoint={name} reason={permissionReason(principal, "alert:configure")} />
      )}
      {silences.ok &&
        silences.data.items.map(({ createdBy, ...silence }) => (
          <SilenceNotice
            key={silence.id}
            silence={{ ...silence, by: createdBy }}
            reason={permissionReason(principal, "alert:acknowledge")}
          />
        ))}
      <AlertsSection name={name} while="firing" />
    </>
  );
}

type Props = { readonly name: string; readonly while: "firing" | "quiet" };

/** Alerts on this endpoint, those of other systems included: above everything while one fires, else below. */
export async function AlertsSection({ name, while: when }: Props) {
  const principal = await requirePrincipal();
  const [firing, resolved] = await Promise.all([
    read(listAlerts, { endpoint: name, state: "firing", sort: "worst", limit: 10 }),
    read(listAlerts, { endpoint: name, state: "resolved", limit: 5 }),
  ]);
  if (!firing.ok || !resolved.ok || firing.data.items.length > 0 !== (when === "firing")) return null;
  return (
    <div className={when === "firing" ? "mb-4" : undefined}>
      <EndpointAlerts
        name={name}
        firing={firing.data}
        resolved={resolved.data}
        reason={permissionReason(principal, "alert:acknowledge")}
      />
    </div>
  );
}

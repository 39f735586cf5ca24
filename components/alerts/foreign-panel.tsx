import { Panel, PanelBody } from "@/components/ui/panel";
import type { AlertDetail } from "@/lib/monitoring/alert-view";

/** What the other system says: its labels and annotations, as they came. */
export function ForeignPanel({ alert: { source, labels, annotations, endpoint } }: { readonly alert: AlertDetail }) {
  return (
    <Panel title={`As ${source} sent it`} aside="silence and routing are its own">
      <PanelBody className="grid gap-3">
        {endpoint === null && (
          <p className="text-muted">
            Its label <span className="num">endpoint</span>
            {labels.endpoint ? ` says ${labels.endpoint}, and` : " is missing:"} no endpoint here has that name. With
            the name of one, the alert would stand on its page.
          </p>
        )}
        <Pairs title="Labels" pairs={labels} />
        <Pairs title="Annotations" pairs={annotations} />
      </PanelBody>
    </Panel>
  );
}

function Pairs({ title, pairs }: { readonly title: string; readonly pairs: Readonly<Record<string, string>> }) {
  const entries = Object.entries(pairs);
  if (entries.length === 0) return null;
  return (
    <div>
      <h3 className="text-sm font-medium">{title}</h3>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-0.5 text-sm">
        {entries.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="num text-muted">{name}</dt>
            <dd className="wrap-anywhere">{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

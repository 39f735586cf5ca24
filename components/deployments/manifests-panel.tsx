import { Code } from "@/components/ui/code";
import { CopyButton } from "@/components/ui/copy-button";
import { Notice } from "@/components/ui/notice";
import { Panel, PanelBody } from "@/components/ui/panel";
import type { ManifestPlan, PlannedObject } from "@/lib/deployments/cluster-view";

type Props = {
  readonly plan: Pick<ManifestPlan, "cluster" | "namespace" | "objects" | "cannot" | "advice">;
  readonly title: string;
  /** How the same is got from a terminal. */
  readonly command?: string;
};

/** The objects in a cluster as YAML, each line with its clause; first what the cluster lacks. */
export function ManifestsPanel({ plan: { cluster, namespace, objects, cannot, advice }, title, command }: Props) {
  return (
    <Panel
      title={title}
      aside={
        <span className="flex flex-wrap items-center gap-2">
          {objects.length} objects in {namespace} of {cluster}
          {objects.length > 0 && (
            <CopyButton label="Copy as YAML" text={objects.map(({ yaml }) => yaml).join("---\n")} />
          )}
        </span>
      }
    >
      {(cannot.length > 0 || advice.length > 0) && (
        <PanelBody className="grid gap-2 border-b">
          {cannot.length > 0 && (
            <Notice tone="breach" title="What the cluster lacks">
              <Reasons all={cannot} />
            </Notice>
          )}
          {advice.length > 0 && (
            <Notice tone="risk" title="Serves all the same, but">
              <Reasons all={advice} />
            </Notice>
          )}
        </PanelBody>
      )}
      {objects.length === 0 && <PanelBody className="text-muted">There is nothing to apply.</PanelBody>}
      {objects.map((object) => (
        <ObjectDetails key={`${object.kind} ${object.name}`} object={object} />
      ))}
      {command && (
        <PanelBody className="border-t text-sm text-muted">
          For Git: <code className="num text-xs wrap-anywhere">{command}</code>
        </PanelBody>
      )}
    </Panel>
  );
}

function Reasons({ all }: { readonly all: ManifestPlan["cannot"] }) {
  return (
    <ul className="grid gap-1">
      {all.map(({ clause, reason, fix }) => (
        <li key={`${clause} ${reason}`}>
          <span className="num text-xs">{clause}</span>: {reason}. {fix}
        </li>
      ))}
    </ul>
  );
}

function ObjectDetails({ object: { kind, name, yaml } }: { readonly object: PlannedObject }) {
  return (
    <details className="border-b last:border-b-0">
      <summary className="cursor-pointer px-4 py-2 hover:bg-bg">
        <span className="font-medium">{kind}</span> <span className="num text-sm text-muted">{name}</span>
      </summary>
      <div className="px-4 pb-3">
        <Code label={`${kind} ${name}`} text={yaml} />
      </div>
    </details>
  );
}

import Link from "next/link";
import { Badge } from "@/components/ui/badge";
import { Panel, PanelBody, PanelRow } from "@/components/ui/panel";
import { RelativeTime } from "@/components/ui/relative-time";
import type { Serving } from "@/lib/registry/schema";

const WORDS = { serving: "serves", warm: "kept warm", past: "served before" } as const;

/** Where the version serves, is kept warm to go back to, or served. */
export function ServingPanel({ serves }: { readonly serves: readonly Serving[] }) {
  return (
    <Panel title="Where it serves">
      {serves.length === 0 && <PanelBody className="text-muted">Nowhere yet: a promotion makes it serve.</PanelBody>}
      {serves.map(({ endpoint, environment, revision, role, since, useCase }) => (
        <PanelRow
          key={revision}
          sub={
            <>
              revision {revision} ·{" "}
              <Link href={`/use-cases/${useCase}`} className="underline underline-offset-2">
                {useCase}
              </Link>{" "}
              · {since ? <RelativeTime at={since} /> : "has not answered yet"}
            </>
          }
          value={<Badge tone={role === "serving" ? "accent" : "neutral"}>{WORDS[role]}</Badge>}
        >
          <Link href={`/endpoints/${endpoint}`} className="font-medium hover:underline">
            {endpoint}
          </Link>{" "}
          <span className="text-muted">{environment}</span>
        </PanelRow>
      ))}
    </Panel>
  );
}

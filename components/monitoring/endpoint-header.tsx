import Link from "next/link";
import { RollbackButton } from "@/components/deployments/rollback-button";
import { ClauseState } from "@/components/ui/clause-state";
import { CopyMenu } from "@/components/ui/copy-menu";
import { PageHeader } from "@/components/ui/page-header";
import type { Endpoint } from "@/lib/deployments/schema";
import type { exampleRequest } from "./example-request";
import { RangePicker } from "./range-picker";

type Props = {
  readonly endpoint: Endpoint;
  /** A body that the endpoint accepts; without one there is no curl to copy. */
  readonly example: ReturnType<typeof exampleRequest>;
  /** Why this person may not roll back; null: they may. */
  readonly rollbackReason: string | null;
};

/** Title, what it serves, and how to call it. */
export function EndpointHeader({ endpoint, example, rollbackReason }: Props) {
  const { name, useCase, contractInForce, inferenceUrl } = endpoint;
  const entries = [
    ...(inferenceUrl && example ? [{ label: "curl", text: curl(name, inferenceUrl, JSON.stringify(example)) }] : []),
    { label: "CLI", text: `npx proviso endpoint get ${name}` },
  ];
  return (
    <PageHeader
      crumbs={[{ label: "Endpoints", href: "/endpoints" }]}
      title={name}
      state={endpoint.worstClause && <ClauseState state={endpoint.worstClause} />}
      note={
        <>
          {endpoint.environment} · {endpoint.tier.toUpperCase()} tier · target {endpoint.target} ·{" "}
          <Link href={`/use-cases/${useCase.slug}`} className="underline underline-offset-2">
            {useCase.name}
          </Link>{" "}
          · {contractInForce ? `contract v${contractInForce.number}` : "no contract in force"} ·{" "}
          <span className="num">{inferenceUrl ? `POST ${new URL(inferenceUrl).pathname}` : "not listening"}</span>
        </>
      }
      actions={
        <>
          <RangePicker path={`/endpoints/${name}`} />
          <CopyMenu entries={entries} />
          <RollbackButton name={name} reason={rollbackReason} />
        </>
      }
    />
  );
}

function curl(name: string, url: string, body: string): string {
  return [
    `TOKEN=$(npx proviso token ${name})`,
    `curl -sS ${url} -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" -d '${body.replaceAll("'", "'\\''")}'`,
  ].join("\n");
}

import Link from "next/link";
import { CopyMenu } from "@/components/ui/copy-menu";
import { PageHeader } from "@/components/ui/page-header";
import { RelativeTime } from "@/components/ui/relative-time";
import type { Promotion } from "@/lib/governance/schema";
import { PromotionStateBadge } from "./promotion-state-badge";
import { WithdrawButton } from "./withdraw-button";

/** What is to be promoted where, by whom, and how to do the same from a terminal. */
export function PromotionHeader({ promotion }: { readonly promotion: Promotion }) {
  const { id, model, version, endpoint, environment, useCase, contract, mine, inputsDigest } = promotion;
  const decide = { decision: "approve", comment: "What I checked", inputsDigest };
  return (
    <PageHeader
      crumbs={[{ label: "Promotions", href: "/promotions" }]}
      title={`Promote ${model} v${version} to ${environment}`}
      state={<PromotionStateBadge state={promotion.state} />}
      note={
        <>
          promotion <span className="num">{id}</span> · requested by {promotion.requestedBy}{" "}
          <RelativeTime at={promotion.createdAt} /> · endpoint{" "}
          <Link href={`/endpoints/${endpoint}`} className="underline underline-offset-2">
            {endpoint}
          </Link>{" "}
          ·{" "}
          <Link href={`/use-cases/${useCase.slug}/contract/${contract}`} className="underline underline-offset-2">
            {useCase.name}, contract v{contract}
          </Link>{" "}
          ·{" "}
          <Link href={`/models/${model}/versions/${version}`} className="underline underline-offset-2">
            {model} v{version}
          </Link>
        </>
      }
      actions={
        <>
          {mine.mayWithdraw && <WithdrawButton id={id} />}
          <CopyMenu
            entries={[
              {
                label: "CLI",
                text: `npx proviso approve ${id} --digest ${inputsDigest} --comment "What I checked"`,
              },
              {
                label: "curl",
                text: `curl -sS "$PROVISO_URL/api/v1/promotions/${id}/decisions" -H "Authorization: Bearer $PROVISO_TOKEN" -H "Content-Type: application/json" -d '${JSON.stringify(decide)}'`,
              },
            ]}
          />
        </>
      }
    />
  );
}

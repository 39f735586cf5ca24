"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { ClauseState } from "@/components/ui/clause-state";
import { Panel, PanelBody } from "@/components/ui/panel";
import { type EndpointRollout, rolloutQuery } from "@/lib/deployments/query-options";
import { RolloutStrip } from "./rollout-strip";
import { rolloutLook } from "./rollout-words";

type Props = { readonly promotion: number; readonly initial: EndpointRollout };

/** How the revision of a promotion takes over, on the promotion itself. Nothing where the endpoint has moved on to another. */
export function RolloutOnPromotion({ promotion, initial }: Props) {
  const { data } = useQuery({ ...rolloutQuery(initial.endpoint), initialData: initial });
  const { rollout, endpoint } = data;
  if (rollout?.promotion !== promotion) return null;
  return (
    <Panel
      className="mb-4"
      title={
        <span className="flex flex-wrap items-center gap-2">
          Rollout <ClauseState {...rolloutLook(rollout)} />
        </span>
      }
      aside={
        <Link href={`/endpoints/${endpoint}/rollout`} className="underline underline-offset-2">
          guards and history
        </Link>
      }
    >
      <RolloutStrip rollout={rollout} />
      {rollout.waitsFor && (
        <PanelBody className="border-t text-sm text-muted">Waits for: {rollout.waitsFor}.</PanelBody>
      )}
    </Panel>
  );
}

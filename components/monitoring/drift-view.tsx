import type { ReactNode } from "react";
import { Stack } from "@/components/ui/layout";
import { Notice } from "@/components/ui/notice";
import type { BaselineProposal, EndpointDrift } from "@/lib/monitoring/drift-view";
import { DriftBaseline } from "./drift-baseline";
import { DriftFacts } from "./drift-facts";
import { DriftFeatures } from "./drift-features";
import type { DriftFilter, DriftSort } from "./drift-numbers";
import { DriftQuality } from "./drift-quality";
import { TroubledLinks } from "./drift-why";

type Props = {
  readonly drift: EndpointDrift;
  readonly filter: DriftFilter;
  readonly sort: DriftSort;
  /** The reasons of the clauses that are not met. */
  readonly whys: ReactNode;
  readonly propose: ReactNode;
  readonly decide: (proposal: BaselineProposal) => ReactNode;
  /** Wishes for a new version. */
  readonly retraining: ReactNode;
};

/** Drift and quality of an endpoint: three questions kept apart, then why, then every column, then what labels say. */
export function DriftView({ drift, filter, sort, whys, propose, decide, retraining }: Props) {
  const breached = drift.troubled.some(({ state }) => state === "breached");
  return (
    <>
      {drift.notice && <Notice title={drift.notice} className="mb-4" />}
      {drift.troubled.length > 0 && (
        <Notice
          tone={breached ? "breach" : "risk"}
          title={breached ? "Clauses are breached" : "Clauses are at risk"}
          className="mb-4"
        >
          <TroubledLinks clauses={drift.troubled} />
        </Notice>
      )}
      {drift.features.length > 0 && <DriftFacts drift={drift} />}
      <Stack>
        {whys}
        <DriftFeatures drift={drift} filter={filter} sort={sort} />
        {drift.revision !== null && <DriftQuality drift={drift} />}
        <DriftBaseline drift={drift} propose={propose} decide={decide} />
        {retraining}
      </Stack>
    </>
  );
}

import type { ContractDocument } from "@/lib/contracts/document";

/** What the charts of an endpoint need of the contract in force. */
export function promises(document: ContractDocument | null) {
  const clauses = document?.clauses ?? [];
  // Tiles and charts show the latency of the requests that the promise is about.
  const latency = clauses.find(({ metric }) => metric === "p99") ?? clauses.find(({ kind }) => kind === "latency");
  return {
    // Charts show every row: what is promised of a slice is no line of theirs.
    signed: clauses
      .filter(({ slice }) => slice === undefined)
      .map(({ id, metric, target, atRisk, unit }) => ({ clause: id, metric, target, atRisk, unit })),
    population: latency?.population ?? { minRows: 1, maxRows: 65_535 },
    labelDelaySeconds: Math.max(0, ...clauses.map((clause) => clause.labelDelaySeconds)),
  };
}

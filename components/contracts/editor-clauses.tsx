"use client";

import { CLAUSE_KINDS, type ClauseKind } from "@/lib/contracts/document";
import { METRIC_RULES } from "@/lib/contracts/metric-rules";
import { EditorClause } from "./editor-clause";
import type { Editing } from "./use-document-form";

const KINDS: Readonly<Record<ClauseKind, string>> = {
  latency: "Latency",
  throughput: "Throughput",
  quality: "Quality",
  availability: "Availability",
  freshness: "Freshness",
  drift: "Drift",
  failure_mode: "Drills",
};

/** Every promise that is made or could be, by kind: what could be promised is shown, not hidden. */
export function EditorClauses({ editing }: { readonly editing: Editing }) {
  return CLAUSE_KINDS.map((kind) => {
    const clauses = editing.form.clauses.filter(({ metric }) => METRIC_RULES[metric].kind === kind);
    const promised = clauses.filter(({ target }) => target.trim() !== "").length;
    return (
      <section key={kind} aria-label={KINDS[kind]} className="border-b">
        <h3 className="flex justify-between gap-4 border-b bg-bg px-4 py-1.5 text-sm text-muted">
          <span>{KINDS[kind]}</span>
          <span>{promised === 0 ? "nothing promised" : `${promised} of ${clauses.length} promised`}</span>
        </h3>
        {clauses.map((clause) => (
          <EditorClause key={clause.id} clause={clause} editing={editing} />
        ))}
      </section>
    );
  });
}

"use client";

import { Button } from "@/components/ui/button";
import { FormError } from "@/components/ui/form-error";
import { LinkButton } from "@/components/ui/link-button";
import { Panel, PanelBody, PanelRow } from "@/components/ui/panel";
import { formatTarget } from "@/lib/contracts/clause-words";
import { readClause } from "@/lib/contracts/document-form";
import { typedName } from "@/lib/contracts/option-form";
import type { Failure } from "@/lib/errors";
import type { Editing } from "./use-document-form";

type Props = {
  readonly editing: Editing;
  readonly failure: Failure | undefined;
  readonly pending: boolean;
  readonly reason: string | null;
  readonly cancelHref: string;
  readonly label: string;
};

/** The promises as they stand, and the button that saves them. */
export function SavePanel({ editing, failure, pending, reason, cancelHref, label }: Props) {
  const promised = editing.form.clauses.filter(({ target }) => target.trim() !== "");
  const count = Object.values(editing.messages).flat().length;
  return (
    <Panel title="Promises" aside={promised.length === 0 ? "none yet" : `${promised.length}`} className="sticky top-4">
      {promised.map((clause) => {
        const read = readClause(clause);
        return (
          <PanelRow key={clause.id} value={<span className="num">{read ? formatTarget(read) : "…"}</span>}>
            {typedName(clause)}
          </PanelRow>
        );
      })}
      <PanelBody className="grid gap-3 border-t">
        {count > 0 && (
          <p role="status" className="text-sm text-breach">
            {count === 1 ? "One message" : `${count} messages`} beside the fields
            {editing.document && ": a draft may hold them, a submitted contract may not"}.
          </p>
        )}
        {editing.messages.clauses?.map((message) => (
          <p key={message} className="text-sm text-breach">
            {message}
          </p>
        ))}
        {reason && <p className="text-sm text-muted">{reason}</p>}
        <FormError error={failure} />
        <div className="flex gap-2">
          <Button type="submit" variant="primary" pending={pending} disabled={reason !== null}>
            {label}
          </Button>
          <LinkButton variant="quiet" href={cancelHref}>
            Cancel
          </LinkButton>
        </div>
      </PanelBody>
    </Panel>
  );
}

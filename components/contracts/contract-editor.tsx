"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState, useTransition } from "react";
import { FeasibilityContext } from "@/components/serving/feasibility-context";
import { FeasibilityEditor } from "@/components/serving/feasibility-editor";
import { Field } from "@/components/ui/field";
import { Stack, WithAside } from "@/components/ui/layout";
import { Panel, PanelBody } from "@/components/ui/panel";
import { Textarea } from "@/components/ui/textarea";
import { draftContractAction, updateDraftAction } from "@/lib/contracts/actions";
import type { ContractDocument } from "@/lib/contracts/document";
import { type DocumentForm, toForm, withTarget } from "@/lib/contracts/document-form";
import { withAllMetrics } from "@/lib/contracts/new-form";
import { type StaleEdit, staleEdit } from "@/lib/contracts/schema";
import type { Failure } from "@/lib/errors";
import { AddClause } from "./add-clause";
import { EditorClauses } from "./editor-clauses";
import { EditorFailure } from "./editor-failure";
import { EditorInterface } from "./editor-interface";
import { EditorNumbers } from "./editor-numbers";
import { EditorPlacement } from "./editor-placement";
import { EditorRequests } from "./editor-requests";
import { EditorRollout } from "./editor-rollout";
import { SavePanel } from "./save-panel";
import { StaleNotice } from "./stale-notice";
import { useDocumentForm } from "./use-document-form";

type Props = {
  readonly slug: string;
  readonly initial: DocumentForm;
  /** The draft that is edited; absent for a new one. */
  readonly draft?: { readonly n: number; readonly revision: number };
  /** Why this person may not save; null: they may. */
  readonly reason: string | null;
  /** How many clusters are registered; null: it cannot be told. */
  readonly clusters: number | null;
};

/** The whole document: six numbers first, the rest proposed and folded. */
export function ContractEditor({ slug, initial, draft, reason, clusters }: Props) {
  const router = useRouter();
  const editing = useDocumentForm(initial);
  const [revision, setRevision] = useState(draft?.revision ?? 0);
  const [stale, setStale] = useState<StaleEdit>();
  const [failure, setFailure] = useState<Failure>();
  const [pending, start] = useTransition();

  async function save(document: ContractDocument) {
    const result = draft
      ? await updateDraftAction({ slug, n: draft.n, revision, document })
      : await draftContractAction({ slug, from: "document", document });
    if (result.ok) {
      router.push(`/use-cases/${slug}/contract/${result.data.number}`);
      router.refresh();
      return;
    }
    const theirs = staleEdit.safeParse(result.error.details).data;
    setStale(theirs);
    setFailure(theirs ? undefined : result.error);
    editing.refuse(result.error);
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    editing.attempt();
    const { document } = editing;
    if (document) start(() => save(document));
    else setFailure({ code: "invalid", message: "Some fields need another look; nothing was saved." });
  }

  function takeTheirs(from: StaleEdit) {
    editing.change(() => withAllMetrics(toForm(from.document)));
    setRevision(from.revision);
    setStale(undefined);
  }

  function keepMine(from: StaleEdit) {
    setRevision(from.revision);
    setStale(undefined);
  }

  /** Latencies and rates are typed as they stand in the document. */
  function takeTargets(targets: readonly { readonly clause: string; readonly target: number }[]) {
    editing.change((old) =>
      targets.reduce((next, { clause, target }) => withTarget(next, clause, String(target)), old),
    );
  }

  const { form, messages, set } = editing;
  return (
    <form onSubmit={submit} noValidate>
      {stale && (
        <div className="mb-4">
          <StaleNotice stale={stale} onTakeTheirs={() => takeTheirs(stale)} onKeepMine={() => keepMine(stale)} />
        </div>
      )}
      <FeasibilityContext slug={slug} document={editing.document}>
        <WithAside
          aside={
            <SavePanel
              editing={editing}
              failure={failure}
              pending={pending}
              reason={reason}
              cancelHref={`/use-cases/${slug}/contract`}
              label={draft ? `Save draft v${draft.n}` : "Save draft"}
            />
          }
        >
          <Panel title="Purpose">
            <PanelBody>
              <Field label="What the predictions are used for" required error={messages.purpose}>
                {(control) => (
                  <Textarea
                    {...control}
                    name="purpose"
                    value={form.purpose}
                    onChange={(event) => set({ purpose: event.target.value })}
                  />
                )}
              </Field>
            </PanelBody>
          </Panel>
          <EditorNumbers editing={editing} />
          <FeasibilityEditor onTake={takeTargets} />
          <EditorInterface editing={editing} />
          <Panel title="Everything else" aside="proposed; open a line to change it">
            <Stack className="gap-0">
              <EditorClauses editing={editing} />
              <EditorPlacement editing={editing} clusters={clusters} />
              <EditorRequests editing={editing} />
              <EditorFailure editing={editing} />
              <EditorRollout editing={editing} />
              <AddClause editing={editing} />
            </Stack>
          </Panel>
        </WithAside>
      </FeasibilityContext>
    </form>
  );
}

"use client";

import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type FormEvent, useId, useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { DialogClose, DialogContent } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { FormError } from "@/components/ui/form-error";
import { NameField } from "@/components/ui/name-field";
import { Select } from "@/components/ui/select";
import { Skeleton } from "@/components/ui/skeleton";
import { Textarea } from "@/components/ui/textarea";
import { rollBackEndpointAction } from "@/lib/deployments/actions";
import { endpoint } from "@/lib/deployments/schema";
import type { Failure } from "@/lib/errors";
import { getJson } from "@/lib/get-json";
import { rollbackQuery } from "@/lib/governance/query-options";
import type { RollbackPreview } from "@/lib/governance/rollback-view";
import { RollbackFacts } from "./rollback-facts";

type Props = { readonly name: string; readonly onDone: () => void };

/** What the endpoint can go back to and what that brings, read when it opens; then why, and the endpoint's name. */
export function RollbackDialog({ name, onDone }: Props) {
  const { data, error, refetch } = useQuery(rollbackQuery(name));
  const form = useRollback(name, data, onDone, () => void refetch());
  const id = useId();
  return (
    <DialogContent
      className="max-w-xl"
      title={`Roll back ${name}`}
      description="What serves now answers until the other revision does: no request fails. It is kept warm, so that this can be undone."
      footer={
        <>
          <DialogClose>
            <Button>Cancel</Button>
          </DialogClose>
          <Button type="submit" form={id} variant="danger" disabled={!form.ready} pending={form.pending}>
            Roll back
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={form.submit} className="grid gap-3">
        {error && <FormError error={error} />}
        {!data && !error && <Skeleton className="h-64" />}
        {data && data.candidates.length === 0 && <p>No other revision served here: there is nothing to go back to.</p>}
        {data && data.candidates.length > 0 && <Choice preview={data} form={form} />}
        <FormError error={form.failure} />
      </form>
    </DialogContent>
  );
}

type Form = ReturnType<typeof useRollback>;

function Choice({ preview, form }: { readonly preview: RollbackPreview; readonly form: Form }) {
  const { candidates, current, endpoint: name, warm } = preview;
  const chosen = candidates.find(({ revision }) => revision === form.to);
  const options = candidates.map(({ revision, model, version, refusal }) => ({
    value: revision,
    label: `${revision}: ${model} v${version}${revision === warm ? ", warm" : ""}`,
    disabled: refusal !== null,
  }));
  return (
    <>
      <Field label="Go back to" error={form.failure?.fields?.to}>
        {(control) => (
          <Select {...control} options={options} value={form.to} onChange={(event) => form.setTo(event.target.value)} />
        )}
      </Field>
      {chosen && <RollbackFacts current={current} chosen={chosen} />}
      <Field label="Why" required hint="Goes into the audit log." error={form.failure?.fields?.reason}>
        {(control) => (
          <Textarea {...control} value={form.reason} onChange={(event) => form.setReason(event.target.value)} />
        )}
      </Field>
      <NameField name={name} value={form.typed} onChange={form.setTyped} error={form.failure?.fields?.confirm} />
    </>
  );
}

/** What was typed stays through a refusal; where the endpoint has changed meanwhile, it is read again. */
function useRollback(name: string, preview: RollbackPreview | undefined, onDone: () => void, lookAgain: () => void) {
  const router = useRouter();
  const [chosen, setTo] = useState<string>();
  const [reason, setReason] = useState("");
  const [typed, setTyped] = useState("");
  const [failure, setFailure] = useState<Failure>();
  const [pending, start] = useTransition();
  const to = chosen ?? preview?.warm ?? firstPossible(preview) ?? "";
  const ready = preview !== undefined && to !== "" && reason.trim() !== "" && typed === name;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!ready || pending) return;
    const order = { name, to, reason, confirm: typed, generation: preview.generation };
    start(async () => {
      const result = await rollBackEndpointAction(order);
      if (!result.ok) {
        setFailure(result.error);
        lookAgain();
        return;
      }
      await targetAnswers(name);
      router.refresh();
      onDone();
    });
  }
  return { to, setTo, reason, setReason, typed, setTyped, failure, pending, ready, submit };
}

const PATIENCE_MS = 10_000;
const LOOK_MS = 250;

/** Until the target does what is wanted. Where that takes long the page says why, which this does not wait for. */
async function targetAnswers(name: string): Promise<void> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const path = `/api/v1/endpoints/${encodeURIComponent(name)}`;
  while (!signal.aborted) {
    const now = await getJson(path, endpoint, signal).catch(() => null);
    if (now?.settled) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

const firstPossible = (preview: RollbackPreview | undefined) =>
  preview?.candidates.find(({ refusal }) => refusal === null)?.revision;

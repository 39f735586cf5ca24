"use client";

import { type FormEvent, useEffect, useState } from "react";
import { Field } from "@/components/ui/field";
import { FormError } from "@/components/ui/form-error";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { Textarea } from "@/components/ui/textarea";
import { createSilenceAction } from "@/lib/monitoring/actions";
import { SILENCE_LENGTHS, silenceEnd } from "./silence-end";
import { useAlertAction } from "./use-alert-action";

export type SilenceTarget = { readonly endpoint: string | null; readonly clause: string | null };

type Props = {
  readonly id: string;
  readonly target: SilenceTarget;
  readonly onPending: (pending: boolean) => void;
  readonly onDone: () => void;
};

type Values = { scope: string; reason: string; length: string; until: string };

/** What was typed stays through a refusal. */
export function SilenceForm({ id, target: { endpoint, clause }, onPending, onDone }: Props) {
  const [values, setValues] = useState<Values>({
    ...{ scope: clause ?? "", reason: "", length: "60", until: "" },
  });
  const [noTime, setNoTime] = useState(false);
  const { run, failure, pending } = useAlertAction();
  useEffect(() => onPending(pending), [pending, onPending]);
  const field = (name: keyof Values) => ({
    name,
    value: values[name],
    onChange: (event: { target: { value: string } }) => setValues((old) => ({ ...old, [name]: event.target.value })),
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    const end = silenceEnd(values.length, values.until);
    setNoTime(end === null);
    if (end === null || endpoint === null) return;
    const { reason, scope } = values;
    run(() => createSilenceAction({ endpoint, reason, ...(scope !== "" && { clause: scope }), ...end }), onDone);
  }

  const shown = failure?.fields && Object.keys(failure.fields).some((name) => ["reason", "endsAt"].includes(name));
  return (
    <form id={id} onSubmit={submit} noValidate className="grid gap-3">
      {clause && (
        <Field label="What">
          {(control) => (
            <Select
              {...control}
              {...field("scope")}
              options={[
                { value: clause, label: `Only the clause ${clause}` },
                { value: "", label: `Everything on ${endpoint}` },
              ]}
            />
          )}
        </Field>
      )}
      <Field label="Why nobody need be told" required hint="Goes into the audit log." error={failure?.fields?.reason}>
        {(control) => <Textarea {...control} {...field("reason")} maxLength={500} />}
      </Field>
      <div className="grid gap-3 wide:grid-cols-2">
        <Field label="For how long" error={values.length === "until" ? undefined : failure?.fields?.endsAt}>
          {(control) => <Select {...control} {...field("length")} options={SILENCE_LENGTHS} />}
        </Field>
        {values.length === "until" && (
          <Field label="Until, in UTC" required error={noTime ? "say when it ends" : failure?.fields?.endsAt}>
            {(control) => <Input {...control} {...field("until")} type="datetime-local" />}
          </Field>
        )}
      </div>
      <FormError error={failure && !shown ? failure : undefined} />
    </form>
  );
}

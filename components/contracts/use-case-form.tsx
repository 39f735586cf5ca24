"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState, useTransition } from "react";
import { Field } from "@/components/ui/field";
import { FormActions } from "@/components/ui/form-actions";
import { FormError } from "@/components/ui/form-error";
import { Input } from "@/components/ui/input";
import { Panel, PanelBody } from "@/components/ui/panel";
import { Select } from "@/components/ui/select";
import { Textarea } from "@/components/ui/textarea";
import { createUseCaseAction } from "@/lib/contracts/actions";
import { createUseCaseInput, type OwnerCandidate } from "@/lib/contracts/schema";
import { proposeSlug } from "@/lib/contracts/slug";
import type { Failure } from "@/lib/errors";

const EMPTY = { name: "", slug: "", purpose: "", team: "", owner: "", costCentre: "" };
type Values = typeof EMPTY;

/** The facts of a new use case. What was typed stays, also when it is refused. */
export function UseCaseForm({ owners }: { readonly owners: readonly OwnerCandidate[] }) {
  const router = useRouter();
  const [values, setValues] = useState<Values>(EMPTY);
  const [failure, setFailure] = useState<Failure>();
  const [pending, start] = useTransition();

  function change(field: keyof Values, text: string) {
    setValues((old) => {
      const follows = field === "name" && old.slug === proposeSlug(old.name);
      return { ...old, [field]: text, ...(follows && { slug: proposeSlug(text) }) };
    });
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    const parsed = createUseCaseInput.safeParse(values);
    if (!parsed.success) {
      const fields: Record<string, string[]> = {};
      for (const { path, message } of parsed.error.issues) {
        const field = String(path[0]);
        fields[field] = [...(fields[field] ?? []), message];
      }
      setFailure({ code: "invalid", message: "Some fields need another look.", fields });
      return;
    }
    start(async () => {
      const result = await createUseCaseAction(parsed.data);
      if (result.ok) router.push(`/use-cases/${result.data.slug}`);
      else setFailure(result.error);
    });
  }

  const errorOf = (field: keyof Values) => failure?.fields?.[field];
  const text = (field: keyof Values) => ({
    name: field,
    value: values[field],
    onChange: (event: { target: { value: string } }) => change(field, event.target.value),
  });
  return (
    <form onSubmit={submit} noValidate className="max-w-3xl">
      <Panel title="Facts">
        <PanelBody className="grid gap-4 wide:grid-cols-2">
          <Field label="Name" required error={errorOf("name")}>
            {(control) => <Input {...control} {...text("name")} autoComplete="off" />}
          </Field>
          <Field label="Slug" required hint="In addresses and commands; cannot be changed." error={errorOf("slug")}>
            {(control) => (
              <Input {...control} {...text("slug")} className="num" autoComplete="off" spellCheck={false} />
            )}
          </Field>
          <Field
            label="Purpose"
            required
            hint="What the predictions are used for, in a sentence or two."
            error={errorOf("purpose")}
            className="wide:col-span-2"
          >
            {(control) => <Textarea {...control} {...text("purpose")} />}
          </Field>
          <Field label="Team" required error={errorOf("team")}>
            {(control) => <Input {...control} {...text("team")} autoComplete="off" />}
          </Field>
          <Field label="Cost centre" required hint="It pays for serving." error={errorOf("costCentre")}>
            {(control) => <Input {...control} {...text("costCentre")} autoComplete="off" />}
          </Field>
          <Field label="Owner" required hint="A person with the role owner." error={errorOf("owner")}>
            {(control) => (
              <Select
                {...control}
                {...text("owner")}
                placeholder={owners.length > 0 ? "Choose a person" : "Nobody has the role owner"}
                options={owners.map(({ email, name }) => ({ value: email, label: `${name} (${email})` }))}
              />
            )}
          </Field>
        </PanelBody>
      </Panel>
      <div className="mt-4 grid gap-3">
        <FormError error={failure} />
        <FormActions submit="Create use case" cancelHref="/use-cases" pending={pending} />
      </div>
    </form>
  );
}

"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState, useTransition } from "react";
import { Field } from "@/components/ui/field";
import { FormActions } from "@/components/ui/form-actions";
import { FormError } from "@/components/ui/form-error";
import { Input } from "@/components/ui/input";
import { Panel, PanelBody } from "@/components/ui/panel";
import { type Option, Select } from "@/components/ui/select";
import type { Failure } from "@/lib/errors";
import { createChannelAction } from "@/lib/monitoring/actions";
import { channelKind, createChannelInput } from "@/lib/monitoring/alert-view";
import { CHANNEL_KINDS, CHANNEL_WORDS, type ChannelValues, channelInput } from "./channel-words";

type Props = { readonly endpoints: readonly Option[]; readonly endpoint: string };

const SEVERITIES = [
  { value: "ticket", label: "Pages and tickets" },
  { value: "page", label: "Only pages" },
];
const KINDS = CHANNEL_KINDS.map((value) => ({ value, label: CHANNEL_WORDS[value].label }));

/** Asks for what the kind needs. What was typed stays, also when it is refused. */
export function ChannelForm({ endpoints, endpoint }: Props) {
  const form = useChannelForm(endpoint);
  const { values, field, errorOf } = form;
  const words = CHANNEL_WORDS[values.kind];
  return (
    <form onSubmit={form.submit} noValidate className="max-w-3xl">
      <Panel title="Where it is sent">
        <PanelBody className="grid gap-4 wide:grid-cols-2">
          <Field label="Kind" required hint={words.does} error={errorOf("kind")}>
            {(control) => (
              <Select
                {...control}
                value={values.kind}
                onChange={(event) => form.set({ kind: channelKind.parse(event.target.value) })}
                options={KINDS}
              />
            )}
          </Field>
          <Field label="Name" required hint="As it is called in logs and on alerts." error={errorOf("name")}>
            {(control) => <Input {...control} {...field("name")} autoComplete="off" maxLength={80} />}
          </Field>
          {words.url && (
            <Field label={words.url.label} required hint={words.url.hint} error={errorOf("url")}>
              {(control) => (
                <Input
                  {...control}
                  {...field("url")}
                  placeholder={words.url?.placeholder}
                  inputMode="url"
                  autoComplete="off"
                  spellCheck={false}
                />
              )}
            </Field>
          )}
          {words.secret && (
            <Field label={words.secret.label} required hint={words.secret.hint} error={errorOf("secret")}>
              {(control) => (
                <Input {...control} {...field("secret")} type="password" className="num" autoComplete="new-password" />
              )}
            </Field>
          )}
        </PanelBody>
      </Panel>
      <Panel title="What is sent, and who answers for it" className="mt-4">
        <PanelBody className="grid gap-4 wide:grid-cols-3">
          <Field label="Alerts" required error={errorOf("severity")}>
            {(control) => <Select {...control} {...field("severity")} options={SEVERITIES} />}
          </Field>
          <Field label="Of" error={errorOf("endpoint")}>
            {(control) => (
              <Select {...control} {...field("endpoint")} placeholder="Every endpoint" options={endpoints} />
            )}
          </Field>
          <Field label="Owner" required hint="A person or a team." error={errorOf("owner")}>
            {(control) => <Input {...control} {...field("owner")} maxLength={200} />}
          </Field>
        </PanelBody>
      </Panel>
      <div className="mt-4 grid gap-3">
        <FormError error={form.failure} />
        <FormActions submit="Add channel" cancelHref="/settings/alerts" pending={form.pending} />
      </div>
    </form>
  );
}

function useChannelForm(endpoint: string) {
  const router = useRouter();
  const [values, setValues] = useState<ChannelValues>({
    ...{ kind: "webhook", name: "", url: "", secret: "", severity: "ticket", endpoint, owner: "" },
  });
  const [failure, setFailure] = useState<Failure>();
  const [pending, start] = useTransition();
  const set = (change: Partial<ChannelValues>) => setValues((old) => ({ ...old, ...change }));

  function submit(event: FormEvent) {
    event.preventDefault();
    const parsed = createChannelInput.safeParse(channelInput(values));
    if (!parsed.success) {
      const fields: Record<string, string[]> = {};
      for (const { path, message } of parsed.error.issues) fields[String(path[0])] ??= [message];
      setFailure({ code: "invalid", message: "Some fields need another look.", fields });
      return;
    }
    start(async () => {
      const result = await createChannelAction(parsed.data);
      if (result.ok) router.push("/settings/alerts");
      else setFailure(result.error);
    });
  }

  const field = (name: Exclude<keyof ChannelValues, "kind">) => ({
    ...{ name, value: values[name] },
    onChange: (event: { target: { value: string } }) => set({ [name]: event.target.value }),
  });
  const errorOf = (name: keyof ChannelValues) => failure?.fields?.[name];
  return { values, set, field, errorOf, failure, pending, submit };
}

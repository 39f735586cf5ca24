"use client";

import { useRouter } from "next/navigation";
import { useTransition } from "react";
import { Field } from "@/components/ui/field";
import { Panel, PanelBody } from "@/components/ui/panel";
import { type Option, Select } from "@/components/ui/select";
import { hrefWith } from "@/lib/query-string";

export type Choice = { readonly endpoint?: string; readonly model?: string; readonly version?: string };

type Props = {
  readonly choice: Choice;
  readonly endpoints: readonly Option[];
  readonly models: readonly Option[];
  /** Of the chosen model, those that are ready or still being verified. */
  readonly versions: readonly Option[];
};

/** What is to serve where. The choice is the address of the page, so the server shows the gate of it at once. */
export function SubjectPicker({ choice, endpoints, models, versions }: Props) {
  const router = useRouter();
  const [pending, start] = useTransition();
  const choose = (change: Choice) =>
    start(() => router.replace(hrefWith("/promotions/new", { ...choice, ...change }), { scroll: false }));
  return (
    <Panel title="What and where" aside={pending ? "evaluating the gate" : undefined}>
      <PanelBody className="grid gap-4 wide:grid-cols-3">
        <Field label="Endpoint" required>
          {(control) => (
            <Select
              {...control}
              value={choice.endpoint ?? ""}
              placeholder={endpoints.length > 0 ? "Choose an endpoint" : "There is no endpoint yet"}
              options={endpoints}
              onChange={(event) => choose({ endpoint: event.target.value })}
            />
          )}
        </Field>
        <Field label="Model" required>
          {(control) => (
            <Select
              {...control}
              value={choice.model ?? ""}
              placeholder={models.length > 0 ? "Choose a model" : "No model is registered yet"}
              options={models}
              onChange={(event) => choose({ model: event.target.value, version: "" })}
            />
          )}
        </Field>
        <Field label="Version" required>
          {(control) => (
            <Select
              {...control}
              value={choice.version ?? ""}
              disabled={!choice.model}
              placeholder={choice.model && versions.length === 0 ? "No version is ready" : "Choose a version"}
              options={versions}
              onChange={(event) => choose({ version: event.target.value })}
            />
          )}
        </Field>
      </PanelBody>
    </Panel>
  );
}

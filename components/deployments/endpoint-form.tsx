"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState, useTransition } from "react";
import { Field } from "@/components/ui/field";
import { FormActions } from "@/components/ui/form-actions";
import { FormError } from "@/components/ui/form-error";
import { Input } from "@/components/ui/input";
import { Panel, PanelBody } from "@/components/ui/panel";
import { type Option, Select } from "@/components/ui/select";
import { createEndpointAction } from "@/lib/deployments/actions";
import { createEndpointInput } from "@/lib/deployments/schema";
import type { Failure } from "@/lib/errors";

type Values = {
  name: string;
  useCase: string;
  environment: string;
  tier: string;
  target: string;
  cluster: string;
  clock: string;
};

type Props = { readonly useCases: readonly Option[]; readonly clusters: readonly Option[]; readonly useCase?: string };

const ENVIRONMENTS = [
  { value: "production", label: "Production" },
  { value: "staging", label: "Staging" },
];
const TIERS = { local: ["cpu"], kubernetes: ["cpu", "gpu"] } as const;
const CLOCKS = [
  { value: "wall", label: "Wall: a row happens when it is received" },
  { value: "supplied", label: "Supplied: the client names the event time (replay)" },
];

/** Names a place to serve a use case. What was typed stays, also when it is refused. */
export function EndpointForm({ useCases, clusters, useCase = "" }: Props) {
  const router = useRouter();
  const start0 = { name: useCase, useCase, environment: "production", tier: "cpu", target: "local", clock: "wall" };
  const [values, setValues] = useState<Values>({ ...start0, cluster: "" });
  const [failure, setFailure] = useState<Failure>();
  const [pending, start] = useTransition();
  const isLocal = values.target === "local";
  const tiers = TIERS[isLocal ? "local" : "kubernetes"].map((value) => ({ value, label: value.toUpperCase() }));

  function submit(event: FormEvent) {
    event.preventDefault();
    const parsed = createEndpointInput.safeParse(isLocal ? { ...values, tier: "cpu", cluster: undefined } : values);
    if (!parsed.success) {
      const fields: Record<string, string[]> = {};
      for (const { path, message } of parsed.error.issues) fields[String(path[0])] = [message];
      setFailure({ code: "invalid", message: "Some fields need another look.", fields });
      return;
    }
    start(async () => {
      const result = await createEndpointAction(parsed.data);
      if (result.ok) router.push(`/endpoints/${result.data.name}`);
      else setFailure(result.error);
    });
  }

  const field = (name: keyof Values) => ({
    name,
    value: values[name],
    onChange: (event: { target: { value: string } }) => setValues((old) => ({ ...old, [name]: event.target.value })),
  });
  const errorOf = (name: keyof Values) => failure?.fields?.[name];
  return (
    <form onSubmit={submit} noValidate className="max-w-3xl">
      <Panel title="Where it serves">
        <PanelBody className="grid gap-4 wide:grid-cols-2">
          <Field label="Use case" required hint="One endpoint per environment." error={errorOf("useCase")}>
            {(control) => (
              <Select
                {...control}
                {...field("useCase")}
                placeholder={useCases.length > 0 ? "Choose a use case" : "There is no use case yet"}
                options={useCases}
              />
            )}
          </Field>
          <Field label="Environment" required error={errorOf("environment")}>
            {(control) => <Select {...control} {...field("environment")} options={ENVIRONMENTS} />}
          </Field>
          <Field
            label="Name"
            required
            hint="In its inference URL, and the audience of its tokens; cannot be changed."
            error={errorOf("name")}
          >
            {(control) => (
              <Input {...control} {...field("name")} className="num" autoComplete="off" spellCheck={false} />
            )}
          </Field>
          <Field label="Tier" required error={errorOf("tier")}>
            {(control) => <Select {...control} {...field("tier")} options={tiers} />}
          </Field>
          <Field
            label="Target"
            required
            hint={clusters.length === 0 ? "Kubernetes: an SRE adds a cluster in the settings first." : undefined}
            error={errorOf("target")}
          >
            {(control) => <Select {...control} {...field("target")} options={targetsWith(clusters.length > 0)} />}
          </Field>
          {!isLocal && (
            <Field label="Cluster" required hint="Cannot be changed." error={errorOf("cluster")}>
              {(control) => (
                <Select {...control} {...field("cluster")} placeholder="Choose a cluster" options={clusters} />
              )}
            </Field>
          )}
          <Field label="Clock" required hint="What event-time windows run on." error={errorOf("clock")}>
            {(control) => <Select {...control} {...field("clock")} options={CLOCKS} />}
          </Field>
        </PanelBody>
      </Panel>
      <div className="mt-4 grid gap-3">
        <FormError error={failure} />
        <FormActions submit="Create endpoint" cancelHref="/endpoints" pending={pending} />
      </div>
    </form>
  );
}

function targetsWith(hasClusters: boolean): Option[] {
  const local = { value: "local", label: "Local runtime" };
  return hasClusters ? [local, { value: "kubernetes", label: "Kubernetes" }] : [local];
}

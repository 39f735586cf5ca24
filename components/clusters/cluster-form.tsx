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
import { createClusterAction, updateClusterAction } from "@/lib/deployments/actions";
import { type ClusterDetail, createClusterInput, updateClusterInput } from "@/lib/deployments/cluster-view";
import type { Failure } from "@/lib/errors";
import { type ClusterValues, fieldOf, inputOf, NO_VALUES, valuesOf } from "./cluster-values";

const ACCESS = [
  { value: "kubeconfig", label: "From outside, with a kubeconfig" },
  { value: "in_cluster", label: "The cluster that the worker runs in" },
];
const YES_NO = [
  { value: "no", label: "No, or not known" },
  { value: "yes", label: "Yes: extensionApis.enableBackend is set" },
];

type TextField = Exclude<keyof ClusterValues, "access" | "backends" | "kubeconfig" | "jwks" | "name">;
type TextInput = {
  readonly name: TextField;
  readonly label: string;
  readonly hint: string;
  readonly placeholder: string;
};

const ENTRANCE: readonly TextInput[] = [
  {
    name: "gateway",
    label: "Gateway",
    hint: "Namespace and name of the Gateway that requests enter by.",
    placeholder: "gateways/inference",
  },
  {
    name: "gatewayUrl",
    label: "Address of the gateway",
    hint: "As clients reach it.",
    placeholder: "https://inference.example.com",
  },
  {
    name: "issuer",
    label: "Issuer of tokens",
    hint: "Empty: this installation gives them out.",
    placeholder: "https://login.example.com",
  },
];
const PARTS: readonly TextInput[] = [
  {
    name: "triton",
    label: "Image of Triton",
    hint: "By its digest, so that it stays the same.",
    placeholder: "nvcr.io/nvidia/tritonserver@sha256:…",
  },
  {
    name: "storage",
    label: "Storage of models",
    hint: "Holds a copy of the artifact store's folder (sha256/…).",
    placeholder: "s3://models/proviso",
  },
  {
    name: "prometheusUrl",
    label: "Prometheus",
    hint: "As KEDA reaches it inside the cluster.",
    placeholder: "http://prometheus.monitoring:9090",
  },
  {
    name: "kserveVersion",
    label: "Version of KServe",
    hint: "Only where its image does not say.",
    placeholder: "v0.20.0",
  },
];

/** Registers a cluster, or changes one. What was typed stays, also when it is refused. */
export function ClusterForm({ cluster }: { readonly cluster?: ClusterDetail }) {
  const form = useClusterForm(cluster);
  const { field, errorOf, values } = form;
  const inputs = (all: readonly TextInput[]) =>
    all.map(({ name, label, hint, placeholder }) => (
      <Field key={name} label={label} hint={hint} error={errorOf(name)}>
        {(control) => (
          <Input
            {...control}
            {...field(name)}
            className="num"
            placeholder={placeholder}
            autoComplete="off"
            spellCheck={false}
          />
        )}
      </Field>
    ));
  return (
    <form onSubmit={form.submit} noValidate className="grid max-w-3xl gap-4">
      <Panel title="Which cluster">
        <PanelBody className="grid gap-4 wide:grid-cols-2">
          {!cluster && (
            <Field label="Name" required hint="As endpoints name it; cannot be changed." error={errorOf("name")}>
              {(control) => (
                <Input {...control} {...field("name")} className="num" autoComplete="off" spellCheck={false} />
              )}
            </Field>
          )}
          <Field
            label="Namespace"
            required
            hint="It has to be there. Everything of ours goes there; nothing else is written."
            error={errorOf("namespace")}
          >
            {(control) => (
              <Input {...control} {...field("namespace")} className="num" autoComplete="off" spellCheck={false} />
            )}
          </Field>
          <Field label="Reached" required error={errorOf("access")}>
            {(control) => <Select {...control} {...field("access")} options={ACCESS} />}
          </Field>
        </PanelBody>
        {values.access === "kubeconfig" && (
          <PanelBody className="border-t">
            <Field
              label="Kubeconfig"
              required={cluster?.access !== "kubeconfig"}
              hint={`With a token or a client certificate in the text itself. Only its current context is kept, encrypted; it is never shown again.${cluster?.access === "kubeconfig" ? " Leave it empty to keep the stored one." : ""}`}
              error={errorOf("kubeconfig")}
            >
              {(control) => (
                <Textarea
                  {...control}
                  {...field("kubeconfig")}
                  className="num min-h-40 text-xs"
                  autoComplete="off"
                  spellCheck={false}
                />
              )}
            </Field>
          </PanelBody>
        )}
      </Panel>
      <Panel title="Where requests enter" aside="can be said later">
        <PanelBody className="grid gap-4 wide:grid-cols-2">
          {inputs(ENTRANCE)}
          <Field label="Keys of the issuer" hint="Address of a key set, or the set itself." error={errorOf("jwks")}>
            {(control) => (
              <Textarea {...control} {...field("jwks")} className="num text-xs" autoComplete="off" spellCheck={false} />
            )}
          </Field>
          <Field
            label="Envoy Gateway takes Backend objects"
            hint="For a stand-in where a model fails."
            error={errorOf("backends")}
          >
            {(control) => <Select {...control} {...field("backends")} options={YES_NO} />}
          </Field>
        </PanelBody>
      </Panel>
      <Panel title="What models run on" aside="can be said later">
        <PanelBody className="grid gap-4 wide:grid-cols-2">{inputs(PARTS)}</PanelBody>
      </Panel>
      <FormError error={form.failure} />
      <FormActions
        submit={cluster ? "Save" : "Add cluster"}
        cancelHref={cluster ? `/settings/clusters/${cluster.name}` : "/settings/clusters"}
        pending={form.pending}
      />
    </form>
  );
}

function useClusterForm(cluster: ClusterDetail | undefined) {
  const router = useRouter();
  const [values, setValues] = useState<ClusterValues>(cluster ? valuesOf(cluster) : NO_VALUES);
  const [failure, setFailure] = useState<Failure>();
  const [pending, start] = useTransition();

  function submit(event: FormEvent) {
    event.preventDefault();
    const input = inputOf(values);
    const parsed = (cluster ? updateClusterInput : createClusterInput).safeParse(input);
    if (!parsed.success) {
      const fields: Record<string, string[]> = {};
      for (const { path, message } of parsed.error.issues) fields[fieldOf(path)] ??= [message];
      setFailure({ code: "invalid", message: "Some fields need another look.", fields });
      return;
    }
    start(async () => {
      const result = await (cluster ? updateClusterAction(input) : createClusterAction(input));
      if (result.ok) router.push(`/settings/clusters/${result.data.name}`);
      else setFailure(result.error);
    });
  }

  const field = (name: keyof ClusterValues) => ({
    ...{ name, value: values[name] },
    onChange: (event: { target: { value: string } }) => setValues((old) => ({ ...old, [name]: event.target.value })),
  });
  const errorOf = (name: keyof ClusterValues) => failure?.fields?.[name];
  return { values, field, errorOf, failure, pending, submit };
}

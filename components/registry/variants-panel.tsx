import Link from "next/link";
import { Panel, PanelBody, PanelRow } from "@/components/ui/panel";
import type { ModelVersionDetail } from "@/lib/registry/schema";
import { VersionState } from "./version-state";

type Variant = ModelVersionDetail["variants"][number];

/** Other precisions of the same model: versions of their own, each with its own evidence. Nothing where the version has none. */
export function VariantsPanel({ version }: { readonly version: ModelVersionDetail }) {
  const { model, parent, variants, precision } = version;
  if (!parent && variants.length === 0) return null;
  return (
    <Panel title="Precision" aside={precision?.toUpperCase() ?? "not stated"}>
      {parent && <VariantRow model={model} variant={parent} sub="what this version is a variant of" />}
      {variants.map((each) => (
        <VariantRow key={each.number} model={model} variant={each} sub="a variant of this version" />
      ))}
      <PanelBody className="border-t text-sm text-muted">
        What a precision costs in quality and gains in speed is measured: load, drill and evaluation are each version's
        own.
      </PanelBody>
    </Panel>
  );
}

type RowProps = { readonly model: string; readonly variant: Variant; readonly sub: string };

function VariantRow({ model, variant: { number, precision, state }, sub }: RowProps) {
  return (
    <PanelRow sub={sub} value={<VersionState state={state} />}>
      <Link href={`/models/${model}/versions/${number}`} className="link">
        v{number}
      </Link>{" "}
      {precision?.toUpperCase()}
    </PanelRow>
  );
}

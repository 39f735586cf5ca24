import type { Metadata } from "next";
import { EvaluationPanel } from "@/components/registry/evaluation-panel";
import { FilesPanel } from "@/components/registry/files-panel";
import { LineagePanel } from "@/components/registry/lineage-panel";
import { SchemaPanel } from "@/components/registry/schema-panel";
import { ServingPanel } from "@/components/registry/serving-panel";
import { StateNotice } from "@/components/registry/state-notice";
import { VariantsPanel } from "@/components/registry/variants-panel";
import { VerificationPanel } from "@/components/registry/verification-panel";
import { VersionFacts } from "@/components/registry/version-facts";
import { VersionHeader } from "@/components/registry/version-header";
import { Refusal } from "@/components/shell/refusal";
import { WithAside } from "@/components/ui/layout";
import { requirePrincipal } from "@/lib/auth/queries";
import { read } from "@/lib/read";
import { getVersion } from "@/lib/registry/queries/versions";
import { EvidenceSection } from "./evidence-section";

type Props = { readonly params: Promise<{ name: string; version: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { name, version } = await params;
  return { title: `${name} v${version}` };
}

export default async function VersionPage({ params }: Props) {
  const { name, version: number } = await params;
  const principal = await requirePrincipal();
  const result = await read(getVersion, { name, version: number });
  if (!result.ok) return <Refusal failure={result.error} />;
  const version = result.data;
  return (
    <>
      <VersionHeader version={version} principal={principal} />
      <StateNotice version={version} />
      <VersionFacts version={version} />
      <WithAside
        aside={
          <>
            <ServingPanel serves={version.serves} />
            <VariantsPanel version={version} />
            <VerificationPanel version={version} />
            <LineagePanel version={version} />
          </>
        }
      >
        <EvaluationPanel evaluation={version.evaluation} />
        <EvidenceSection version={version} principal={principal} />
        <SchemaPanel schema={version.schema} />
        <FilesPanel files={version.files} />
      </WithAside>
    </>
  );
}

import type { Metadata } from "next";
import { Preflight } from "@/components/governance/preflight";
import { endpointOptions, modelOptions, versionOptions } from "@/components/governance/subject-options";
import { SubjectPicker } from "@/components/governance/subject-picker";
import { Refusal } from "@/components/shell/refusal";
import { PageHeader } from "@/components/ui/page-header";
import { listEndpoints } from "@/lib/deployments/queries";
import { previewPromotion } from "@/lib/governance/queries/promotions";
import { pick, type SearchParams } from "@/lib/query-string";
import { read } from "@/lib/read";
import { listModels } from "@/lib/registry/queries/models";
import { listVersions } from "@/lib/registry/queries/versions";

export const metadata: Metadata = { title: "Request promotion" };

export default async function NewPromotion({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const choice = pick(await searchParams, ["endpoint", "model", "version"]);
  const { endpoint, model, version } = choice;
  const [endpoints, models, versions] = await Promise.all([
    read(listEndpoints, { limit: 200 }),
    read(listModels, { limit: 200 }),
    model ? read(listVersions, { name: model, limit: 100 }) : null,
  ]);
  if (!endpoints.ok) return <Refusal failure={endpoints.error} />;
  if (!models.ok) return <Refusal failure={models.error} />;
  const subject = endpoint && model && version ? { endpoint, model, version: Number(version) } : null;
  return (
    <>
      <PageHeader
        crumbs={[{ label: "Promotions", href: "/promotions" }]}
        title="Request promotion"
        note="Choose what is to serve where; the gate is shown before anything is requested."
      />
      <SubjectPicker
        choice={choice}
        endpoints={endpointOptions(endpoints.data.items)}
        models={modelOptions(models.data.items)}
        versions={versions?.ok ? versionOptions(versions.data.items) : []}
      />
      {subject && <Preflight subject={subject} preview={await read(previewPromotion, subject)} />}
    </>
  );
}

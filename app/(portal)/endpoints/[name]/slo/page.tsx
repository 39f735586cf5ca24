import { SloView } from "@/components/monitoring/slo-view";
import { Refusal } from "@/components/shell/refusal";
import { AutoRefresh } from "@/components/ui/auto-refresh";
import { getEndpointSlo } from "@/lib/monitoring/queries/slo";
import { read } from "@/lib/read";

/** Budgets move slowly: the shortest window is five minutes. */
const REFRESH_MS = 15_000;

export default async function SloPage({ params }: PageProps<"/endpoints/[name]/slo">) {
  const { name } = await params;
  const slo = await read(getEndpointSlo, { name });
  if (!slo.ok) return <Refusal failure={slo.error} />;
  return (
    <>
      <AutoRefresh everyMs={REFRESH_MS} />
      <SloView slo={slo.data} />
    </>
  );
}

import { Stack } from "@/components/ui/layout";
import { Notice } from "@/components/ui/notice";
import type { Result } from "@/lib/errors";
import type { PromotionPreview } from "@/lib/governance/schema";
import { ChangesPanel } from "./changes-panel";
import { GatePanel } from "./gate-panel";
import { RequestForm } from "./request-form";

type Props = {
  readonly subject: { readonly endpoint: string; readonly model: string; readonly version: number };
  readonly preview: Result<PromotionPreview>;
};

/** The gate before anything is requested: what would be refused is seen here, not after the click. */
export function Preflight({ subject, preview }: Props) {
  if (!preview.ok) {
    return (
      <Notice tone="risk" title="This cannot be requested now" className="mt-4">
        {preview.error.message}
      </Notice>
    );
  }
  const { gate, refusal, inputs } = preview.data;
  return (
    <Stack className="mt-4">
      <GatePanel gate={gate} when="evaluated now, and again when requested" />
      <ChangesPanel {...preview.data} environment={inputs.endpoint.environment} />
      <RequestForm key={JSON.stringify(subject)} {...subject} refusal={refusal} />
    </Stack>
  );
}

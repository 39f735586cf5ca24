import { Badge } from "@/components/ui/badge";
import type { AlertSummary } from "@/lib/monitoring/alert-view";

const MEANING = {
  page: "somebody is called at once",
  ticket: "somebody looks in working hours",
} as const;

export function SeverityBadge({ severity }: Pick<AlertSummary, "severity">) {
  return (
    <Badge tone={severity === "page" ? "accent" : "neutral"} title={MEANING[severity]}>
      {severity}
    </Badge>
  );
}

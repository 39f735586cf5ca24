import { importLoad } from "@/lib/governance/commands/import-load";
import { listEvidence } from "@/lib/governance/queries/evidence-runs";
import { toRoute } from "@/lib/route";

export const GET = toRoute(listEvidence);
export const POST = toRoute(importLoad, { status: 201 });

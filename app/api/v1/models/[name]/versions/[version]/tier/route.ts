import { getVersionTier } from "@/lib/governance/queries/version-tier";
import { toRoute } from "@/lib/route";

export const GET = toRoute(getVersionTier);

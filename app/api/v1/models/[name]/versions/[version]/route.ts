import { getVersion } from "@/lib/registry/queries/versions";
import { toRoute } from "@/lib/route";

export const GET = toRoute(getVersion);

import { getManifests } from "@/lib/deployments/queries/manifests";
import { toRoute } from "@/lib/route";

export const GET = toRoute(getManifests);

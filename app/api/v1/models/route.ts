import { listModels } from "@/lib/registry/queries/models";
import { toRoute } from "@/lib/route";

export const GET = toRoute(listModels);

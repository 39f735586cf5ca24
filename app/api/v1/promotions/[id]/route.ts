import { getPromotion } from "@/lib/governance/queries/promotions";
import { toRoute } from "@/lib/route";

export const GET = toRoute(getPromotion);

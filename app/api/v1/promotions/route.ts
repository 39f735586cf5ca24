import { requestPromotion } from "@/lib/governance/commands/request-promotion";
import { listPromotions } from "@/lib/governance/queries/promotions";
import { toRoute } from "@/lib/route";

export const GET = toRoute(listPromotions);
export const POST = toRoute(requestPromotion, { status: 201 });

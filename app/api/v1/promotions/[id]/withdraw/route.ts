import { withdrawPromotion } from "@/lib/governance/commands/withdraw-promotion";
import { toRoute } from "@/lib/route";

export const POST = toRoute(withdrawPromotion);

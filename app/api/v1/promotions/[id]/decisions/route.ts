import { decidePromotion } from "@/lib/governance/commands/decide-promotion";
import { toRoute } from "@/lib/route";

export const POST = toRoute(decidePromotion, { status: 201 });

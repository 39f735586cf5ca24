import { getUseCase } from "@/lib/contracts/queries";
import { toRoute } from "@/lib/route";

export const GET = toRoute(getUseCase);

import { getMe } from "@/lib/auth/queries/sessions";
import { toRoute } from "@/lib/route";

export const GET = toRoute(getMe);

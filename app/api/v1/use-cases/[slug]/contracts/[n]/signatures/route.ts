import { signContract } from "@/lib/governance/commands/sign-contract";
import { toRoute } from "@/lib/route";

export const POST = toRoute(signContract, { status: 201 });

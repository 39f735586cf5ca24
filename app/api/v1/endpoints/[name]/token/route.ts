import { issueToken } from "@/lib/deployments/commands/issue-token";
import { toRoute } from "@/lib/route";

export const POST = toRoute(issueToken, { status: 201 });

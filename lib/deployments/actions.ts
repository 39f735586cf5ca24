"use server";

import { toAction } from "@/lib/action";
import { createEndpoint } from "@/lib/deployments/commands/create-endpoint";
import { issueToken } from "@/lib/deployments/commands/issue-token";

export const createEndpointAction = toAction(createEndpoint);
export const issueTokenAction = toAction(issueToken);

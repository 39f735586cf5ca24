import "server-only";
import { cache } from "react";
import { getEndpointRollout } from "@/lib/deployments/queries/rollouts";
import { read } from "@/lib/read";

/** The newest rollout of an endpoint, read once for the tabs and the view under them. */
export const readRollout = cache((name: string) => read(getEndpointRollout, { name }));

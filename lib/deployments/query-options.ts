import { queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import { endpointRollout } from "@/lib/deployments/rollout-schema";
import { getJson } from "@/lib/get-json";
import { OPEN_ROLLOUT_STATES } from "./rollout";

export type EndpointRollout = z.output<typeof endpointRollout>;

const FOLLOW_MS = 1500;
const LOOK_MS = 15_000;

/** The newest rollout of an endpoint; read often while it is open. */
export function rolloutQuery(name: string) {
  const path = `/api/v1/endpoints/${encodeURIComponent(name)}/rollout`;
  return queryOptions({
    queryKey: ["rollout", name],
    queryFn: ({ signal }) => getJson(path, endpointRollout, signal),
    refetchInterval: ({ state }) => {
      const now = state.data?.rollout?.state;
      return now && OPEN_ROLLOUT_STATES.includes(now) ? FOLLOW_MS : LOOK_MS;
    },
  });
}

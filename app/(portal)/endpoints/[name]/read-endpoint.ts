import "server-only";
import { cache } from "react";
import { getEndpoint } from "@/lib/deployments/queries";
import { read } from "@/lib/read";

/** The endpoint, read once for the frame and the view in it. */
export const readEndpoint = cache((name: string) => read(getEndpoint, { name }));

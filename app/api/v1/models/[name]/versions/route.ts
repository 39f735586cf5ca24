import { registerVersion } from "@/lib/registry/commands/register-version";
import { listVersions } from "@/lib/registry/queries/versions";
import { toRoute } from "@/lib/route";

export const GET = toRoute(listVersions);
/** Accepted, not done: the worker verifies the files before the version is ready. */
export const POST = toRoute(registerVersion, { status: 202 });

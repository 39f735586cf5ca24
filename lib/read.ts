import "server-only";
import { headers } from "next/headers";
import { notFound } from "next/navigation";
import type { z } from "zod";
import { requirePrincipal } from "@/lib/auth/queries";
import { AppError, type Result } from "@/lib/errors";
import { type Operation, refusal } from "@/lib/operation";
import { withRequest } from "@/lib/request";

/**
 * For pages: what an operation reads for the signed-in person. Signed out leads to the sign-in page, an unknown thing to the
 * not-found page; every other refusal is a value for the view `Refusal`. What nobody expected is thrown, for the error page.
 */
export async function read<Input extends z.ZodType, Output>(
  operation: Operation<Input, Output>,
  input: z.input<Input>,
): Promise<Result<Output>> {
  const principal = await requirePrincipal();
  const id = (await headers()).get("x-request-id");
  try {
    return { ok: true, data: await withRequest(id, () => operation.call(principal, input)) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === "not_found") notFound();
    return { ok: false, error: refusal(error) };
  }
}

import { createUseCase } from "@/lib/contracts/commands/create-use-case";
import { listUseCases } from "@/lib/contracts/queries";
import { toRoute } from "@/lib/route";

export const GET = toRoute(listUseCases);
export const POST = toRoute(createUseCase, { status: 201 });

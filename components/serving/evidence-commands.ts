import type { RunKind } from "@/lib/governance/evidence-run";

type Order = {
  readonly model: string;
  readonly version: number;
  readonly useCase: string;
  readonly contract: number;
};

/** The command of the CLI that asks for the same run. */
export function runCommand(kind: RunKind, { model, version, useCase, contract }: Order): string {
  return `npx proviso evidence ${kind} ${model} ${version} --contract ${useCase}/${contract}`;
}

/** The command that hands in a report of another tool. */
export function importCommand(model: string, version: number): string {
  return `npx proviso evidence import ${model} ${version} --format k6 --file summary.json --run-id RUN --target kubernetes --tier cpu --started-at TIME`;
}

"use client";

import { Button } from "@/components/ui/button";
import { Code } from "@/components/ui/code";
import { Popover } from "@/components/ui/popover";
import { PUSH_REFUSAL_REASON, registerCommand } from "@/lib/registry/push-refusal";

/** Registering is nothing that a person does: the action stays in its place, disabled, beside the command that CI runs. */
export function RegisterHint({ model }: { readonly model?: string }) {
  return (
    <>
      <Popover
        align="end"
        label="How a version is registered"
        className="w-120"
        trigger={<Button>How CI registers</Button>}
      >
        <h2 className="mb-1 font-semibold">Only CI registers versions</h2>
        <p className="mb-3 text-sm text-muted">
          {PUSH_REFUSAL_REASON} It needs a token of a service account with the role ci, in PROVISO_TOKEN.
        </p>
        <Code label="Command" text={registerCommand(model)} />
      </Popover>
      <Button variant="primary" disabled title="Only CI registers versions">
        Register a version
      </Button>
    </>
  );
}

"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ClauseState } from "@/components/ui/clause-state";
import { ConfirmByName } from "@/components/ui/confirm-by-name";
import { FormError } from "@/components/ui/form-error";
import { RefusedAction } from "@/components/ui/refused-action";
import { removeChannelAction, testChannelAction, updateChannelAction } from "@/lib/monitoring/actions";
import type { Channel } from "@/lib/monitoring/alert-view";
import { answerWords } from "./channel-words";
import { useAlertAction } from "./use-alert-action";

type Props = { readonly channel: Channel; readonly reason: string | null };
type Answer = { readonly ok: boolean; readonly status: number | null; readonly error: string | null };

/** Test, disable, delete. The answer to a test is the receiver's own. */
export function ChannelActions({ channel, reason }: Props) {
  const [answer, setAnswer] = useState<Answer>();
  const test = useAlertAction();
  if (reason) {
    return (
      <div className="flex justify-end gap-2">
        <RefusedAction reason={reason}>Test</RefusedAction>
      </div>
    );
  }
  return (
    <div className="grid justify-items-end gap-1.5">
      <div className="flex gap-2">
        <Button
          size="sm"
          aria-label={`Test ${channel.name}`}
          pending={test.pending}
          onClick={() => test.run(() => testChannelAction({ id: channel.id }), setAnswer)}
        >
          Test
        </Button>
        <SwitchButton channel={channel} />
        <DeleteButton channel={channel} />
      </div>
      <div role="status" className="grid max-w-64 justify-items-end gap-0.5 text-right empty:hidden">
        {answer && (
          <>
            <ClauseState state={answer.ok ? "met" : "breached"} word={answer.ok ? "Arrived" : "Did not arrive"} />
            <span className="text-xs text-muted wrap-anywhere">{answerWords(answer)}</span>
          </>
        )}
      </div>
      <FormError error={test.failure} />
    </div>
  );
}

/** Enabling can be undone at once; disabling gives up what is on its way, so it asks for the name. */
function SwitchButton({ channel: { id, name, enabled } }: { readonly channel: Channel }) {
  const { run, failure, pending, runNow } = useAlertAction();
  if (!enabled) {
    return (
      <span className="grid gap-1">
        <Button size="sm" pending={pending} onClick={() => run(() => updateChannelAction({ id, enabled: true }))}>
          Enable
        </Button>
        <FormError error={failure} />
      </span>
    );
  }
  return (
    <ConfirmByName
      trigger={
        <Button size="sm" aria-label={`Disable ${name}`}>
          Disable
        </Button>
      }
      title={`Disable ${name}`}
      effect="Nothing is sent to it until it is enabled again, and what is on its way to it is given up."
      name={name}
      verb="Disable"
      onConfirm={() => runNow(() => updateChannelAction({ id, enabled: false }))}
    />
  );
}

function DeleteButton({ channel: { id, name } }: { readonly channel: Channel }) {
  const { runNow } = useAlertAction();
  return (
    <ConfirmByName
      trigger={
        <Button size="sm" variant="danger" aria-label={`Delete ${name}`}>
          Delete
        </Button>
      }
      title={`Delete ${name}`}
      effect="Nothing is sent to it any more and its secret is forgotten. The log of what was sent to it stays. This cannot be undone; a new one can take its name."
      name={name}
      verb="Delete"
      onConfirm={() => runNow(() => removeChannelAction({ id }))}
    />
  );
}

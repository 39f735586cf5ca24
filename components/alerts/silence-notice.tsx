"use client";

import { Notice } from "@/components/ui/notice";
import { RelativeTime } from "@/components/ui/relative-time";
import { EndSilenceButton } from "./end-silence-button";

type Props = {
  readonly silence: {
    readonly id: string;
    readonly reason: string;
    readonly endsAt: string;
    readonly by: string;
    /** Null or absent: all of the endpoint. */
    readonly clause?: string | null;
  };
  /** Why this person may not end it; null: they may. */
  readonly reason: string | null;
};

/** Nobody is told: since whom, why and until when. */
export function SilenceNotice({ silence, reason }: Props) {
  return (
    <Notice
      title={
        <>
          {silence.clause ? `${silence.clause} is silenced` : "Silenced"}: nobody is told. It ends{" "}
          <RelativeTime at={silence.endsAt} />
        </>
      }
      className="mb-4"
      actions={<EndSilenceButton id={silence.id} reason={reason} />}
    >
      {silence.reason} <span className="text-muted">({silence.by})</span>
    </Notice>
  );
}

"use client";

import { Button } from "@/components/ui/button";
import { Diff, type DiffLine } from "@/components/ui/diff";
import { Notice } from "@/components/ui/notice";
import { RelativeTime } from "@/components/ui/relative-time";
import type { StaleEdit } from "@/lib/contracts/schema";
import { partName } from "./part-name";

type Props = {
  readonly stale: StaleEdit;
  /** Goes on with what was typed, over the revision that was just shown. */
  readonly onKeepMine: () => void;
  readonly onTakeTheirs: () => void;
};

/** Somebody else saved meanwhile: what stands there against what was typed. Nothing was overwritten. */
export function StaleNotice({ stale, onKeepMine, onTakeTheirs }: Props) {
  const lines = stale.difference.flatMap(({ part, changes }) =>
    changes.flatMap(({ path, before, after }, index): DiffLine[] => [
      { kind: "removed", text: `theirs  ${path} = ${textOf(before)}`, tag: index === 0 ? partName(part) : undefined },
      { kind: "added", text: `yours   ${path} = ${textOf(after)}` },
    ]),
  );
  return (
    <Notice
      tone="risk"
      live
      title={`${stale.updatedBy} saved revision ${stale.revision} while you were editing`}
      actions={
        <>
          <Button onClick={onTakeTheirs}>Take theirs</Button>
          <Button onClick={onKeepMine}>Keep mine</Button>
        </>
      }
    >
      <p>
        Saved <RelativeTime at={stale.updatedAt} />; yours was not saved, and nothing was overwritten.
      </p>
      {lines.length > 0 ? (
        <div className="mt-2 rounded-lg border bg-panel">
          <Diff label="Their revision against yours" lines={lines} />
        </div>
      ) : (
        <p>Both say the same.</p>
      )}
    </Notice>
  );
}

const textOf = (value: unknown) => (value === undefined ? "nothing" : JSON.stringify(value));

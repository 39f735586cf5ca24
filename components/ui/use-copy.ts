"use client";

import { useEffect, useState } from "react";
import { copyText } from "./copy-text";

export type CopyState = "idle" | "copied" | "failed";

/** Copies, and for two seconds says how that went. */
export function useCopy(): readonly [CopyState, (text: string) => void] {
  const [state, setState] = useState<CopyState>("idle");
  useEffect(() => {
    if (state === "idle") return;
    const timer = setTimeout(() => setState("idle"), 2000);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = (text: string) => {
    copyText(text).then(
      (done) => setState(done ? "copied" : "failed"),
      () => setState("failed"),
    );
  };
  return [state, copy];
}

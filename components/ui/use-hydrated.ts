"use client";

import { useSyncExternalStore } from "react";

const never = () => () => undefined;

/** False in what the server rendered, true once React answers to clicks. */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}

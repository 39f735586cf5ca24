import type { ClauseStateName } from "@/components/ui/clause-state";

type Shown = { readonly state: ClauseStateName; readonly word: string };

/** How the state of a dependency is shown. */
export const DEPENDENCY_STATES: Readonly<Record<"ok" | "down" | "absent", Shown>> = {
  ok: { state: "met", word: "Answers" },
  down: { state: "breached", word: "Down" },
  absent: { state: "unproven", word: "Not configured" },
};

/** How the state of a process is shown. One that has finished, or was told to stop, is no fault. */
export function processState(state: "starting" | "running" | "waiting" | "stopped", reason: string | null): Shown {
  switch (state) {
    case "running":
      return { state: "met", word: "Running" };
    case "starting":
      return { state: "unproven", word: "Starting" };
    case "waiting":
      return { state: "at_risk", word: "Restarting" };
    case "stopped":
      return reason === "finished" || reason === "told to stop"
        ? { state: "unproven", word: reason === "finished" ? "Finished" : "Stopped" }
        : { state: "breached", word: "Stopped" };
  }
}

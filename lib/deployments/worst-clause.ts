import type { Endpoint } from "./schema";

type State = keyof Endpoint["clauses"];

/** From worst to best: a breach first; "unproven" is worse than "met", for nobody knows. */
const ORDER: readonly State[] = ["breached", "at_risk", "unproven", "met"];

/** How many clauses are in each state. Texts that are no state are left out. */
export function countClauses(states: readonly string[]): Endpoint["clauses"] {
  const count = { met: 0, at_risk: 0, breached: 0, unproven: 0 };
  for (const state of ORDER) count[state] = states.filter((each) => each === state).length;
  return count;
}

/** The worst state that any clause is in; null without clauses. */
export function worstOf(clauses: Endpoint["clauses"]): State | null {
  return ORDER.find((state) => clauses[state] > 0) ?? null;
}

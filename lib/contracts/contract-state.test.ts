import fc from "fast-check";
import { expect, test } from "vitest";
import { type ContractState, contractState, isEditable, mayBecome, TRANSITIONS } from "./contract-state";

const states = fc.constantFrom(...contractState.options);

test("signed and withdrawn are final", () => {
  fc.assert(
    fc.property(fc.constantFrom<ContractState>("signed", "withdrawn"), states, (from, to) => !mayBecome(from, to)),
  );
});

test("on every way through the states, a contract is signed only after it was submitted, and never edited after that", () => {
  fc.assert(
    fc.property(fc.array(states, { maxLength: 12 }), (wanted) => {
      const way: ContractState[] = ["draft"];
      for (const to of wanted) {
        const from = way.at(-1) ?? "draft";
        if (mayBecome(from, to)) way.push(to);
      }
      const signed = way.indexOf("signed");
      const left = way.findIndex((state) => state !== "draft");
      return (
        new Set(way).size === way.length &&
        (signed < 0 || way[signed - 1] === "submitted") &&
        (left < 0 || !way.slice(left).some(isEditable))
      );
    }),
  );
});

test("every state can be reached from a draft", () => {
  const reached = new Set<ContractState>(["draft"]);
  for (const state of reached) for (const next of TRANSITIONS[state]) reached.add(next);
  expect([...reached].sort()).toEqual([...contractState.options].sort());
});

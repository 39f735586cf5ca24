import { expect, test } from "vitest";
import { HISTORY_ACTIONS, toHistoryEvent } from "./use-case-history";

const row = { id: 7n, at: new Date(0), actor: "sre@example.com", reason: null, after: null };

test("a signature says as what, on which version, with its comment, and when it was the last", () => {
  const sign = { ...row, action: "contract.sign", subjectType: "contract", subject: "flights/2" };
  expect(toHistoryEvent({ ...sign, after: { slot: "sre", comment: "agreed", state: "submitted" } })).toMatchObject({
    id: "7",
    what: "Contract v2 signed as sre",
    comment: "agreed",
  });
  expect(toHistoryEvent({ ...sign, after: { slot: "owner", state: "signed" } }).what).toBe(
    "Contract v2 signed as owner, the last of three",
  );
});

test("every step of the history is said in words, with its subject", () => {
  const words = HISTORY_ACTIONS.map(
    (action) => toHistoryEvent({ ...row, action, subjectType: "promotion", subject: "12" }).what,
  );
  expect(words.filter((what) => what.includes("{}") || what.includes("."))).toEqual([]);
  expect(toHistoryEvent({ ...row, action: "clause.breach", subjectType: "clause", subject: "flights/auc" }).what).toBe(
    "Clause auc on flights breached",
  );
});

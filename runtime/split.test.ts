import { expect, test } from "vitest";
import { Split } from "./split";

const splitOf = (percent: number): Split => {
  const split = new Split();
  split.change(percent);
  return split;
};

/** How far the candidate's requests are from their share at the worst moment, looking at every `stride`-th request only. */
function worstError(percent: number, requests: number, stride = 1): number {
  const split = splitOf(percent);
  let taken = 0;
  let seen = 0;
  let worst = 0;
  for (let n = 0; n < requests; n++) {
    const takes = split.takes();
    if (n % stride !== 0) continue;
    seen++;
    if (takes) taken++;
    worst = Math.max(worst, Math.abs(taken - (seen * percent) / 100));
  }
  return worst;
}

test.each([0.1, 1, 5, 10, 25, 33.3, 50, 75, 99])(
  "with a share of %s per cent it is right to within two requests at any moment",
  (percent) => {
    expect(worstError(percent, 200_000)).toBeLessThan(2);
  },
);

test.each([2, 3, 4, 7, 10, 60])(
  "every %s-th request gets the same share as all: a client's rhythm does not split along with it",
  (stride) => {
    for (const percent of [5, 25, 50]) expect(worstError(percent, 20_000 * stride, stride)).toBeLessThan(20);
  },
);

test("0 takes nothing and 100 takes everything", () => {
  const none = splitOf(0);
  const all = splitOf(100);
  for (let n = 0; n < 10_000; n++) expect([none.takes(), all.takes()]).toEqual([false, true]);
});

test("a new share is in force with the next request", () => {
  const split = splitOf(0);
  for (let n = 0; n < 1000; n++) split.takes();
  split.change(100);
  expect(split.takes()).toBe(true);
  split.change(0);
  expect(split.takes()).toBe(false);
});

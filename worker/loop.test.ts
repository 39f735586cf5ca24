import { expect, test, vi } from "vitest";
import { each } from "./each";
import { loop, pauseMs } from "./loop";

test("failed rounds wait longer and longer, up to 15 s, and never less than the job's own interval", () => {
  expect([0, 1, 2, 3].map((failures) => pauseMs(1000, failures))).toEqual([1000, 2000, 4000, 8000]);
  expect(pauseMs(1000, 50)).toBe(15_000);
  expect(pauseMs(3_600_000, 3)).toBe(3_600_000);
});

test("a job goes on after a failed round, and ends when told to", async () => {
  vi.stubEnv("DATABASE_URL", "postgresql://nowhere/none");
  vi.stubEnv("LOG_LEVEL", "silent");
  const ending = new AbortController();
  let rounds = 0;
  const run = async () => {
    rounds += 1;
    if (rounds === 1) throw new Error("first round");
    ending.abort();
  };
  await loop({ name: "test", everyMs: 1, run }, ending.signal);
  expect(rounds).toBe(2);
});

test("one item that fails does not keep the others from being done", async () => {
  const done: number[] = [];
  const work = async (item: number) => {
    if (item === 1) throw new Error("one");
    done.push(item);
  };
  await expect(each([0, 1, 2], work)).rejects.toThrow("one");
  expect(done).toEqual([0, 2]);
});

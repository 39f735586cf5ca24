import { expect, test } from "vitest";
import { nextStepFor } from "./next-step";

test("a proposed draft from an archetype names the file that the command needs", () => {
  expect(nextStepFor({ roles: ["scientist"] }).command).toMatch(/--archetype \S+ --file \S+$/);
});

import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const ROOT = path.resolve(import.meta.dirname, "..");
const DOCS = ["README.md", "CONTRIBUTING.md", "docs/architecture.md"].concat(
  readdirSync(path.join(ROOT, "docs/decisions")).map((name) => `docs/decisions/${name}`),
);
const TOP = new Set(readdirSync(ROOT));

/** Text in backticks that looks like a path of this repository, without placeholders and patterns. */
function pathsIn(text: string): string[] {
  const quoted = [...text.matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? "");
  const linked = [...text.matchAll(/\]\(([^)#\s]+)\)/g)]
    .map((match) => match[1] ?? "")
    .filter((to) => !to.includes(":"));
  return [...quoted, ...linked].filter(
    (p) => TOP.has(p.split("/")[0] ?? "") && p.includes("/") && !/[<>*{}\s]/.test(p),
  );
}

test.each(DOCS)("every path that %s names exists", (doc) => {
  const missing = pathsIn(readFileSync(path.join(ROOT, doc), "utf8")).filter((p) => !existsSync(path.join(ROOT, p)));
  expect(missing).toEqual([]);
});

test("the check sees a path that does not exist", () => {
  expect(
    pathsIn("see `lib/nothing.ts` and [this](docs/none.md), not `a/b`").map((p) => existsSync(path.join(ROOT, p))),
  ).toEqual([false, false]);
});

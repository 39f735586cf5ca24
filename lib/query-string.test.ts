import { describe, expect, it } from "vitest";
import { hrefWith, ownPath, pick } from "./query-string";

describe("pick", () => {
  it("takes the named parameters only, the first of a repeated one, and no empty one", () => {
    expect(
      pick({ actor: ["a@x", "b@x"], action: " ", subject: " s ", cursor: "c" }, ["actor", "action", "subject"]),
    ).toEqual({
      actor: "a@x",
      subject: "s",
    });
  });
});

describe("hrefWith", () => {
  it("leaves out what is empty and encodes the rest", () => {
    expect(hrefWith("/audit", { actor: "a&b", action: "", cursor: null, limit: 5 })).toBe("/audit?actor=a%26b&limit=5");
    expect(hrefWith("/audit", { actor: undefined })).toBe("/audit");
  });
});

describe("ownPath", () => {
  it("keeps a path of the portal with its query", () => {
    expect(ownPath("/promotions/7?tab=gate")).toBe("/promotions/7?tab=gate");
  });

  it.each([
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "javascript:alert(1)",
    "",
    undefined,
  ])("leads to the start page instead of %j", (target) => {
    expect(ownPath(target)).toBe("/");
  });
});

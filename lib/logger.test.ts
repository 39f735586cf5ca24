import { expect, test } from "vitest";
import { redact } from "@/lib/logger";

test.each([
  "authorization: Bearer abc.def-ghi",
  "token pvs_0123456789abcdef",
  "jwt eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2lnbmF0dXJl",
  "postgresql://app:hunter2@127.0.0.1:5432/proviso",
])("takes the secret out of: %s", (text) => {
  const kept = redact(text);
  expect(kept).toContain("[secret]");
  for (const secret of ["abc.def-ghi", "0123456789abcdef", "c2lnbmF0dXJl", "hunter2"])
    expect(kept).not.toContain(secret);
});

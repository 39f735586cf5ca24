#!/usr/bin/env node
import { fileURLToPath } from "node:url";
// The command itself is TypeScript: tsx loads it, whatever the working directory.
import { register } from "tsx/esm/api";

register({ tsconfig: fileURLToPath(new URL("../tsconfig.json", import.meta.url)) });
await import("./main.ts");

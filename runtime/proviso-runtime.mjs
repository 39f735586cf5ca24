#!/usr/bin/env node
// The command itself is TypeScript: tsx loads it, whatever the working directory.
import { register } from "tsx/esm/api";

register();
await import("./command-main.ts");

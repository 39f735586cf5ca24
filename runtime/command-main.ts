import { run } from "./command";
import { adminEnvironment } from "./env";

process.exitCode = await run(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  env: adminEnvironment(),
  cwd: process.cwd(),
});

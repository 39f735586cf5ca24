// npm run demo | npm start | npm run dev: sets up what is missing, then hands over to the supervisor in this process.
// Plain JavaScript, because a clean clone has nothing else yet.
import { isFree } from "./free-port.mjs";
import { readOptions } from "./options.mjs";
import { buildPortal, generateClient, installPackages, ROOT, requireNode } from "./setup.mjs";
import { asStartError, StartError } from "./start-error.mjs";

async function setUp(mode) {
  await installPackages();
  await generateClient();
  if (mode !== "dev") await buildPortal();
}

try {
  requireNode();
  const options = readOptions(process.argv.slice(2));
  // Known now rather than after minutes of set-up.
  if (!(await isFree(options.port))) {
    throw new StartError(`Port ${options.port} is in use: stop what listens there, or choose another with --port.`);
  }
  process.chdir(ROOT);
  await setUp(options.mode);
  const { register } = await import("tsx/esm/api");
  register();
  const { supervise } = await import("@/embedded/supervisor/supervise");
  process.exit(await supervise(options));
} catch (error) {
  const known = asStartError(error);
  if (!known) throw error;
  console.error(known.message);
  process.exit(1);
}

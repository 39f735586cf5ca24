// npm run demo | npm start | npm run dev: sets up what is missing, then hands over to the supervisor in this process.
// Plain JavaScript, because a clean clone has nothing else yet.
import { freePort } from "./free-port.mjs";
import { readOptions } from "./options.mjs";
import { buildPortal, generateClient, installPackages, ROOT, requireNode } from "./setup.mjs";
import { asStartError } from "./start-error.mjs";

async function setUp(mode) {
  await installPackages();
  await generateClient();
  if (mode !== "dev") await buildPortal();
}

try {
  requireNode();
  const options = readOptions(process.argv.slice(2));
  // Known now rather than after minutes of set-up.
  await freePort(options.port);
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

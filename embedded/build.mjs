// npm run build: the portal as a standalone server in .next/standalone.
import { buildPortal, generateClient, installPackages, requireNode } from "./setup.mjs";
import { asStartError } from "./start-error.mjs";

try {
  requireNode();
  await installPackages();
  await generateClient();
  await buildPortal({ force: true });
} catch (error) {
  const known = asStartError(error);
  if (!known) throw error;
  console.error(known.message);
  process.exit(1);
}

import { readFileSync } from "node:fs";
import path from "node:path";
import { replaceFile } from "./spool-segments";

/** Where a host's admin interface listens, and what opens it. */
export type AdminAccess = { readonly url: string; readonly token: string };

const fileOf = (runtimeDir: string): string => path.join(runtimeDir, "admin.json");

/** Leaves in the host's directory what whoever may read it needs to ask the host; readable for its own user only. */
export function keepAdminAccess(runtimeDir: string, access: AdminAccess): void {
  replaceFile(fileOf(runtimeDir), `${JSON.stringify(access)}\n`);
}

export type AdminSettings = {
  /** Address of the admin interface, and the file that holds its token and nothing else. */
  readonly url: string | undefined;
  readonly tokenFile: string | undefined;
  /** The host's own directory. */
  readonly runtimeDir: string;
};

/** @throws Error that says which file or variable is missing */
export function findAdminAccess({ url, tokenFile, runtimeDir }: AdminSettings): AdminAccess {
  if (url !== undefined) {
    if (tokenFile === undefined)
      throw new Error("RUNTIME_ADMIN needs RUNTIME_TOKEN_FILE, the file with the host's token");
    if (!/^https?:\/\//.test(url) || !URL.canParse(url)) throw new Error(`RUNTIME_ADMIN is no http address: ${url}`);
    return { url, token: contentOf(tokenFile).trim() };
  }
  const file = fileOf(runtimeDir);
  const { url: listens, token }: Partial<AdminAccess> = JSON.parse(contentOf(file));
  if (!listens || !token) throw new Error(`${file} does not say where the host is`);
  return { url: listens, token };
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "EACCES") throw new Error(`${file} may not be read by this account: ask as the account of the host`);
    throw new Error(`${file} cannot be read (${code}): name the folder of the installation with --data-dir`);
  }
}

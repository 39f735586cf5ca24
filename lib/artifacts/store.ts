import "server-only";
import { createHash, randomUUID } from "node:crypto";
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";

/** What the caller promises of an upload: both are verified while it is written. */
export type Upload = {
  /** SHA-256, 64 lower-case hexadecimal digits. */
  readonly sha256: string;
  /** Length in bytes. */
  readonly size: number;
  readonly body: AsyncIterable<Uint8Array>;
};

export type Artifact = { readonly path: string; readonly size: number };

export type ArtifactStore = {
  /** Where a blob lies and its length in bytes; null when it is not here. */
  readonly find: (sha256: string) => Promise<Artifact | null>;
  /**
   * Writes a blob in constant memory. It appears under its digest whole and on disk, or not at all; the same digest twice is one
   * file, also when written at the same time.
   * @returns whether it was new; one that is already here is not read again
   * @throws AppError `invalid` when length or digest are not as promised or the upload broke off, `unavailable` when the disk is full
   */
  readonly put: (upload: Upload) => Promise<{ readonly created: boolean }>;
  /** The bytes of a blob. @throws AppError `not_found` */
  readonly read: (sha256: string) => Promise<{ readonly size: number; readonly body: ReadableStream<Uint8Array> }>;
  /** Removes what broken-off uploads of dead processes left, untouched since `before` (milliseconds since 1970). @returns how many */
  readonly sweep: (before: number) => Promise<number>;
};

/** The content-addressed store in a directory: `sha256/<2 digits>/<64 digits>`, uploads in progress under `uploads/`. */
export function artifactStore(directory: string | undefined = env().ARTIFACTS_DIR): ArtifactStore {
  if (!directory) throw new AppError("unavailable", "There is no artifact store: set ARTIFACTS_DIR to a directory.");
  const uploads = path.join(directory, "uploads");
  const pathOf = (sha256: string) => path.join(directory, "sha256", sha256.slice(0, 2), sha256);

  async function find(sha256: string): Promise<Artifact | null> {
    if (!/^[0-9a-f]{64}$/.test(sha256)) return null;
    const at = pathOf(sha256);
    const found = await stat(at).catch((error: unknown) => ignore(error, "ENOENT"));
    return found ? { path: at, size: found.size } : null;
  }

  async function put(upload: Upload): Promise<{ created: boolean }> {
    const there = await find(upload.sha256);
    if (there?.size === upload.size) return { created: false };
    if (there) {
      throw new AppError("invalid", `The file with this digest has ${there.size} bytes, not ${upload.size}.`);
    }
    await mkdir(uploads, { recursive: true });
    const temporary = path.join(uploads, randomUUID());
    try {
      await write(temporary, upload);
      await publish(temporary, pathOf(upload.sha256));
    } catch (error) {
      await rm(temporary, { force: true });
      throw isFull(error) ? new AppError("unavailable", "The artifact store has no space left.") : error;
    }
    return { created: true };
  }

  async function read(sha256: string) {
    const found = await find(sha256);
    const file = found && (await open(found.path));
    if (!found || !file) throw new AppError("not_found", `There is no artifact with the digest ${sha256}.`);
    const body = Readable.toWeb(file.createReadStream()) as ReadableStream<Uint8Array>;
    return { size: found.size, body };
  }

  async function sweep(before: number): Promise<number> {
    const names = (await readdir(uploads).catch((error: unknown) => ignore(error, "ENOENT"))) ?? [];
    let removed = 0;
    for (const name of names) {
      const at = path.join(uploads, name);
      const found = await stat(at).catch((error: unknown) => ignore(error, "ENOENT"));
      if (!found || found.mtimeMs >= before) continue;
      await rm(at, { force: true });
      removed++;
    }
    return removed;
  }

  return { find, put, read, sweep };
}

async function write(at: string, { sha256, size, body }: Upload): Promise<void> {
  const file = await open(at, "wx", 0o600);
  try {
    const hash = createHash("sha256");
    let received = 0;
    for await (const chunk of unbroken(body, size)) {
      received += chunk.byteLength;
      if (received > size)
        throw new AppError("invalid", `The upload is longer than the ${size} bytes that were promised.`);
      hash.update(chunk);
      await file.writeFile(chunk);
    }
    if (received < size) throw brokenOff(received, size);
    const actual = hash.digest("hex");
    if (actual !== sha256) {
      throw new AppError("invalid", `The bytes sent have the SHA-256 ${actual}, not ${sha256} as the address says.`);
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A client that goes away is no fault of ours: its error becomes a refusal in words. */
async function* unbroken(body: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array> {
  let received = 0;
  const chunks = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await chunks.next().catch(() => {
        throw brokenOff(received, size);
      });
      if (next.done) return;
      received += next.value.byteLength;
      yield next.value;
    }
  } finally {
    await chunks.return?.().catch(() => undefined);
  }
}

function brokenOff(received: number, size: number): AppError {
  return new AppError(
    "invalid",
    `The upload broke off after ${received} of ${size} bytes; nothing was kept. Send it again.`,
  );
}

/** From here on the blob exists: the rename is atomic, and the directory is on disk before anyone is told. */
async function publish(temporary: string, target: string): Promise<void> {
  const directory = path.dirname(target);
  await mkdir(directory, { recursive: true });
  await rename(temporary, target);
  await synced(await open(directory));
}

async function synced(directory: FileHandle): Promise<void> {
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

const codeOf = (error: unknown) => (error instanceof Error && "code" in error ? error.code : undefined);
const isFull = (error: unknown) => codeOf(error) === "ENOSPC" || codeOf(error) === "EDQUOT";

function ignore(error: unknown, code: string): null {
  if (codeOf(error) === code) return null;
  throw error;
}

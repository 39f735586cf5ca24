import { z } from "zod";
import { endpointKey } from "@/lib/deployments/schema";
import { pageInput, pageOf } from "@/lib/page";
import { versionFile } from "@/lib/registry/model-schema";
import { envelope, keySet } from "@/lib/serving/edge-bundle";
import { text } from "@/lib/text";
import { DAY_MS } from "@/lib/time";

export const edgeBundleInput = endpointKey.extend({
  /** Whole days that it is good for; it ends with a UTC day. */
  days: z.coerce.number().int().min(1).max(365).default(30),
});

export const edgeBundle = z.object({
  bundle: envelope,
  /** Who signs here. A device has these keys before it trusts a bundle; they come with it for a look. */
  keys: keySet,
});
export type EdgeBundle = z.output<typeof edgeBundle>;

const deviceName = text({ min: 1, max: 100, missing: "say which device this is" });

export const reportDeviceInput = endpointKey
  .extend({
    device: deviceName,
    /** Of the bundle that it runs. */
    revision: text({ min: 1, max: 70, missing: "say which revision runs there" }),
    /** Of the model file as it is on the device. */
    modelDigest: z.string().regex(/^[0-9a-f]{64}$/, "64 hexadecimal digits"),
    /** For example `onnxruntime 1.24.0 on arm64`. */
    runtime: text({ min: 1, max: 200, missing: "say what runs the model" }),
    /** Whether its own answers to the golden rows were the bundle's. */
    passed: z.boolean(),
    /** Why not. */
    reason: text({ min: 1, max: 1000 }).optional(),
  })
  .refine(({ passed, reason }) => passed === (reason === undefined), {
    error: "a device that did not pass says why, and only such a one",
    path: ["reason"],
  });

/** `current`: runs what the endpoint declares. `foreign`: its file is not the model of its revision. `silent`: nothing heard for a day. */
const deviceState = z.enum(["current", "behind", "failed", "foreign", "silent"]);
export type DeviceState = z.output<typeof deviceState>;

export const edgeDevice = z.object({
  device: z.string(),
  state: deviceState,
  /** What it said that it runs, and what the endpoint declares; null: nothing serves. */
  reported: z.string(),
  declared: z.string().nullable(),
  modelDigest: z.string(),
  runtime: z.string(),
  reason: z.string().nullable(),
  reportedAt: z.iso.datetime(),
  reportedBy: z.string(),
  firstSeenAt: z.iso.datetime(),
});
export type EdgeDevice = z.output<typeof edgeDevice>;

export const listDevicesInput = endpointKey.extend(pageInput.shape);
export const devicePage = pageOf(edgeDevice);

/** The columns that `toDevice` reads. */
export const DEVICE_COLUMNS = {
  revision: { select: { name: true, modelVersion: { select: { files: true } } } },
} as const;

type Row = {
  readonly name: string;
  readonly modelDigest: string;
  readonly runtime: string;
  readonly passed: boolean;
  readonly reason: string | null;
  readonly reportedBy: string;
  readonly reportedAt: Date;
  readonly firstSeenAt: Date;
  readonly revision: { readonly name: string; readonly modelVersion: { readonly files: unknown } };
};

/** A device as it is shown at `now`. `declared`: name of the revision that the endpoint declares; null: none. */
export function toDevice(row: Row, declared: string | null, now: Date): EdgeDevice {
  return {
    device: row.name,
    state: stateOf(row, declared, now),
    reported: row.revision.name,
    declared,
    modelDigest: row.modelDigest,
    runtime: row.runtime,
    reason: row.reason,
    reportedAt: row.reportedAt.toISOString(),
    reportedBy: row.reportedBy,
    firstSeenAt: row.firstSeenAt.toISOString(),
  };
}

/** What is wrong with what it runs comes before how old the news is. */
function stateOf(row: Row, declared: string | null, now: Date): DeviceState {
  const files = z.array(versionFile).parse(row.revision.modelVersion.files);
  if (row.modelDigest !== files.find(({ role }) => role === "model")?.sha256) return "foreign";
  if (!row.passed) return "failed";
  if (now.getTime() - row.reportedAt.getTime() > DAY_MS) return "silent";
  return row.revision.name === declared ? "current" : "behind";
}

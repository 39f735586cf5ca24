import "server-only";
import { randomUUID } from "node:crypto";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import { inTransaction } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { CHANNEL_COLUMNS, toChannel } from "@/lib/monitoring/alert-rows";
import { type CreateChannelInput, channel, createChannelInput } from "@/lib/monitoring/alert-view";
import { channelProblems, storedParts } from "@/lib/monitoring/channel-rules";
import { CHANNEL_SECRETS } from "@/lib/monitoring/channel-secret";
import { operation } from "@/lib/operation";
import { refusedUrl } from "@/lib/outgoing";
import { seal } from "@/lib/secret-box";
import { findChannelEndpoint } from "./find-channel-endpoint";
import { lockChannelName } from "./lock-channel-name";

/** A place that alerts are sent to. Its secret is encrypted and never shown again. Alerts that fire already are told to it too. */
export const createChannel = operation({
  name: "alert_channel.create",
  permission: "alert:configure",
  input: createChannelInput,
  output: channel,
  run: ({ principal, input }) => {
    refuseUnfit(input);
    const { name, kind, severity, owner, enabled } = input;
    const id = randomUUID();
    const parts = storedParts({ kind, url: input.url, secret: input.secret });
    const secret = parts.secret === null ? null : seal(parts.secret, { purpose: CHANNEL_SECRETS, owner: id });
    return inTransaction(async (tx) => {
      await lockChannelName(tx, name, null);
      const endpoint = await findChannelEndpoint(tx, input.endpoint);
      const row = await tx.alertChannel.create({
        data: {
          ...{ id, name, kind, severity, owner, enabled, secret, url: parts.url, createdBy: principal.email },
          endpointId: endpoint?.id ?? null,
        },
        include: CHANNEL_COLUMNS,
      });
      await recordAudit(tx, {
        ...{ actor: principal, action: "alert_channel.create", outcome: "done", subjectType: "alert_channel" },
        subject: name,
        after: { id, kind, severity, owner, enabled, url: toChannel(row).url, endpoint: endpoint?.name ?? null },
      });
      return toChannel(row);
    });
  },
});

function refuseUnfit({ kind, url, secret }: CreateChannelInput): void {
  const refused = url === undefined ? null : refusedUrl(url);
  const problems = { ...channelProblems({ kind, url, secret }), ...(refused !== null && { url: [refused] }) };
  const [first] = Object.entries(problems);
  if (first) throw new AppError("invalid", `The channel is not valid. ${first[0]}: ${first[1][0]}`, problems);
}

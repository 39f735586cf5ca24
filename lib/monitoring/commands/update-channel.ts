import "server-only";
import { recordAudit } from "@/lib/audit/commands/record-audit";
import { inTransaction, type Tx } from "@/lib/db";
import { AppError } from "@/lib/errors";
import { CHANNEL_COLUMNS, toChannel } from "@/lib/monitoring/alert-rows";
import { channel, channelKind, updateChannelInput } from "@/lib/monitoring/alert-view";
import { type ChannelProblems, channelProblems, storedParts } from "@/lib/monitoring/channel-rules";
import { CHANNEL_SECRETS } from "@/lib/monitoring/channel-secret";
import { operation } from "@/lib/operation";
import { refusedUrl } from "@/lib/outgoing";
import { seal } from "@/lib/secret-box";
import { findChannelEndpoint } from "./find-channel-endpoint";
import { lockChannelName } from "./lock-channel-name";

/** Changes what is given of a channel; its kind stays. Disabled, what is on its way to it is given up. */
export const updateChannel = operation({
  name: "alert_channel.update",
  permission: "alert:configure",
  input: updateChannelInput,
  output: channel,
  run: ({ principal, input }) =>
    inTransaction(async (tx) => {
      const before = await findChannel(tx, input.id);
      const address = addressOf(before, input.url, input.secret);
      if (input.name !== undefined) await lockChannelName(tx, input.name, before.id);
      const { name, severity, owner, enabled } = input;
      const data = {
        ...(name !== undefined && { name }),
        ...(severity !== undefined && { severity }),
        ...(owner !== undefined && { owner }),
        ...(enabled !== undefined && { enabled }),
        ...(input.endpoint !== undefined && {
          endpointId: (await findChannelEndpoint(tx, input.endpoint))?.id ?? null,
        }),
      };
      await tx.alertChannel.update({ where: { id: before.id }, data: { ...data, ...address } });
      if (enabled === false) await giveUp(tx, before.id);
      const row = await tx.alertChannel.findUniqueOrThrow({ where: { id: before.id }, include: CHANNEL_COLUMNS });
      const shown = toChannel(row);
      await recordAudit(tx, {
        ...{ actor: principal, action: "alert_channel.update", outcome: "done", subjectType: "alert_channel" },
        subject: shown.name,
        before: auditable(toChannel(before)),
        after: { ...auditable(shown), ...(address.secret !== undefined && { secret: "replaced" }) },
      });
      return shown;
    }),
});

async function findChannel(tx: Tx, id: string) {
  await tx.$queryRaw`SELECT id FROM alert_channel WHERE id = ${id}::uuid FOR UPDATE`;
  const row = await tx.alertChannel.findUnique({ where: { id, removedAt: null }, include: CHANNEL_COLUMNS });
  if (!row) throw new AppError("not_found", "There is no such channel.");
  return row;
}

type Stored = { readonly id: string; readonly kind: string; readonly url: string };

/** New address and secret as they are stored; what is not given stays. */
function addressOf({ id, kind: stored, url: oldUrl }: Stored, url: string | undefined, secret: string | undefined) {
  const kind = channelKind.parse(stored);
  const given = secret === "" ? undefined : secret;
  const refused = url === undefined ? null : refusedUrl(url);
  const unfit: ChannelProblems =
    given === undefined ? {} : channelProblems({ kind, url: url ?? oldUrl, secret: given });
  const problems = { ...unfit, ...(refused !== null && { url: [refused] }) };
  const [first] = Object.entries(problems);
  if (first) throw new AppError("invalid", `The channel is not valid. ${first[0]}: ${first[1][0]}`, problems);
  if (kind === "slack" && url === undefined) return {};
  const parts = storedParts({ kind, url: url ?? oldUrl, secret: given });
  return {
    ...(url !== undefined && { url: parts.url }),
    ...(parts.secret !== null && { secret: seal(parts.secret, { purpose: CHANNEL_SECRETS, owner: id }) }),
  };
}

function giveUp(tx: Tx, channelId: string) {
  return tx.alertDelivery.updateMany({
    where: { channelId, state: "pending" },
    data: { state: "failed", lastError: "given up: the channel was disabled" },
  });
}

const auditable = ({ name, url, severity, endpoint, owner, enabled }: ReturnType<typeof toChannel>) => ({
  ...{ name, url, severity, endpoint, owner, enabled },
});

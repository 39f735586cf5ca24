import { formatCount } from "@/lib/format";

type Summary = {
  readonly channels: number;
  readonly failingChannels: number;
  readonly uncovered: readonly string[];
};

export type ChannelTrouble = {
  readonly tone: "risk" | "breach";
  readonly title: string;
  readonly text: string;
  /** Whether another channel would help. */
  readonly add: boolean;
};

const SHOWN = 3;

/** Why somebody would not be told, the worst first; null: everybody would. `endpoint`: only what concerns it. */
export function channelTrouble(summary: Summary, endpoint?: string): ChannelTrouble | null {
  const { channels, failingChannels, uncovered } = summary;
  if (channels === 0) {
    return {
      tone: "breach",
      title: "No channel: nobody is told when a promise breaks",
      text: "Alerts are raised and shown here, and sent nowhere.",
      add: true,
    };
  }
  const left = endpoint === undefined ? uncovered : uncovered.filter((one) => one === endpoint);
  if (left.length > 0) {
    return {
      tone: "breach",
      title: `No channel takes the pages of ${named(left)}: nobody is called`,
      text: "The channels that there are take alerts of other endpoints.",
      add: true,
    };
  }
  if (failingChannels > 0) {
    const some = failingChannels === 1 ? "One channel does" : `${formatCount(failingChannels)} channels do`;
    return {
      tone: "risk",
      title: `${some} not arrive`,
      text: "The last message to it was given up: its receiver says why, and a test shows whether it is over.",
      add: false,
    };
  }
  return null;
}

function named(endpoints: readonly string[]): string {
  const shown = endpoints.slice(0, SHOWN);
  const more = endpoints.length - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}

import { LinkButton } from "@/components/ui/link-button";
import { Notice } from "@/components/ui/notice";
import { channelTrouble } from "./channel-trouble";

type Props = {
  readonly summary: Parameters<typeof channelTrouble>[0];
  /** Only what concerns this endpoint; absent: everything. */
  readonly endpoint?: string;
  /** Why this person may not add one; null: they may. */
  readonly reason: string | null;
};

export const ADD_COMMAND = "npx proviso alert channel add NAME --kind webhook --url URL --owner TEAM";

/** Stands wherever somebody could believe that people would be told. Nothing while they are. */
export function ChannelNotice({ summary, endpoint, reason }: Props) {
  const trouble = channelTrouble(summary, endpoint);
  if (!trouble) return null;
  const { title, text, add, tone } = trouble;
  return (
    <Notice
      tone={tone}
      title={title}
      className="mb-4"
      actions={
        <LinkButton size="sm" href={add && reason === null ? "/settings/alerts/new" : "/settings/alerts"}>
          {add && reason === null ? "Add a channel" : "Channels"}
        </LinkButton>
      }
    >
      {text}
      {add && (reason === null ? <AddCommand /> : ` Adding one: ${reason}`)}
    </Notice>
  );
}

const AddCommand = () => (
  <>
    {" "}
    From a terminal: <code className="num text-xs wrap-anywhere">{ADD_COMMAND}</code>
  </>
);

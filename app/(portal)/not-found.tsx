import { MessagePage } from "@/components/shell/message-page";
import { LinkButton } from "@/components/ui/link-button";

export default function NotFound() {
  return (
    <MessagePage title="There is no such thing here" actions={<LinkButton href="/">Home</LinkButton>}>
      <p>The address is wrong, the thing was removed, or it is not yours to see.</p>
    </MessagePage>
  );
}

import type { Metadata } from "next";
import { Brand } from "@/components/shell/brand";
import { MessagePage } from "@/components/shell/message-page";
import { LinkButton } from "@/components/ui/link-button";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <main className="mx-auto max-w-2xl p-6">
      <Brand />
      <MessagePage title="There is no such page" actions={<LinkButton href="/">Home</LinkButton>}>
        <p>The address is wrong, the thing was removed, or it is not yours to see.</p>
      </MessagePage>
    </main>
  );
}

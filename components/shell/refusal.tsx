import { LinkButton } from "@/components/ui/link-button";
import type { ErrorCode, Failure } from "@/lib/errors";
import { MessagePage } from "./message-page";

const TITLES: Readonly<Record<ErrorCode, string>> = {
  forbidden: "You may not see this",
  unauthenticated: "Sign in first",
  not_found: "There is no such thing here",
  invalid: "This address is not valid",
  conflict: "Someone else was faster",
  precondition: "This cannot be done now",
  unavailable: "Something this page needs does not answer",
  internal: "Something went wrong on our side",
};

/** Stands in the place of a page whose content was refused: the rule, the role that has it, and the way on. */
export function Refusal({ failure }: { readonly failure: Failure }) {
  return (
    <MessagePage title={TITLES[failure.code]} actions={<LinkButton href="/">Home</LinkButton>}>
      <p>{failure.message}</p>
      {failure.fields && (
        <ul className="list-disc pl-5">
          {Object.entries(failure.fields).map(([field, messages]) => (
            <li key={field}>
              {field}: {messages.join(" ")}
            </li>
          ))}
        </ul>
      )}
      {failure.id && <p className="num">error {failure.id}</p>}
    </MessagePage>
  );
}

import { LinkButton } from "@/components/ui/link-button";
import { Panel, PanelRow } from "@/components/ui/panel";

const CHOICES = [
  {
    archetype: "real-time-decision",
    title: "Real-time decision",
    text: "Someone waits for the answer: a page, a payment, a gate. Six numbers are proposed for you to change.",
  },
  {
    archetype: "blank",
    title: "Blank",
    text: "Nothing is proposed; each of the six numbers that you fill becomes a promise.",
  },
] as const;

/** Where a first draft begins. */
export function ArchetypeChoice({ slug }: { readonly slug: string }) {
  return (
    <div className="max-w-3xl">
      <Panel title="Begin from" aside={`or by command: npx proviso contract draft ${slug} --file contract.json`}>
        {CHOICES.map(({ archetype, title, text }) => (
          <PanelRow
            key={archetype}
            sub={text}
            value={
              <LinkButton href={`/use-cases/${slug}/contract/new?archetype=${archetype}`}>
                Begin<span className="sr-only"> from {title}</span>
              </LinkButton>
            }
          >
            <span className="font-medium">{title}</span>
          </PanelRow>
        ))}
      </Panel>
    </div>
  );
}

import { Panel } from "@/components/ui/panel";

type Props = {
  readonly title: string;
  readonly aside: string;
  readonly lines: readonly { readonly name: string; readonly words: string }[];
};

/** A part of the contract in words, a line for each of its parts. */
export function ContractLines({ title, aside, lines }: Props) {
  return (
    <Panel title={title} aside={aside}>
      <dl>
        {lines.map(({ name, words }) => (
          <div
            key={name}
            className="grid gap-x-4 border-b px-4 py-2 last:border-b-0 wide:grid-cols-[15rem_minmax(0,1fr)]"
          >
            <dt className="text-muted">{name}</dt>
            <dd className="wrap-anywhere">{words}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

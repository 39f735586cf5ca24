import Link from "next/link";
import { Digest } from "@/components/ui/digest";
import { Fact, Facts } from "@/components/ui/facts";
import { RelativeTime } from "@/components/ui/relative-time";
import type { UseCase } from "@/lib/contracts/schema";
import type { Endpoint } from "@/lib/deployments/schema";

type Props = {
  readonly useCase: UseCase;
  /** Of this use case; the production endpoint is what the facts speak of. */
  readonly endpoints: readonly Endpoint[];
};

/** What one wants to know first: what governs, what serves, how its clauses stand. */
export function UseCaseFacts({ useCase, endpoints }: Props) {
  const endpoint = endpoints.find(({ environment }) => environment === "production") ?? endpoints[0];
  return (
    <Facts>
      <ContractFact useCase={useCase} endpoint={endpoint} />
      <ServingFact endpoint={endpoint} />
      <ClausesFact endpoint={endpoint} />
      <Fact
        label="Endpoint"
        value={
          endpoint ? (
            <Link className="link" href={`/endpoints/${endpoint.name}`}>
              {endpoint.name}
            </Link>
          ) : (
            "none"
          )
        }
        note={endpoint ? `${endpoint.environment}, ${endpoint.tier}, ${endpoint.target}` : "an SRE creates it"}
      />
    </Facts>
  );
}

type Shown = { readonly endpoint: Endpoint | undefined };

function ContractFact({ useCase, endpoint }: Pick<Props, "useCase"> & Shown) {
  const { latestContract: latest, signedContract: signed, slug } = useCase;
  const inForce = endpoint?.contractInForce ?? null;
  const words = { draft: "draft", submitted: "awaiting signatures" } as const;
  const governing = inForce?.number ?? 0;
  const others = [
    ...(signed && signed.number > governing ? [{ number: signed.number, word: "signed, not in force" }] : []),
    ...(latest && latest.state in words
      ? [{ number: latest.number, word: words[latest.state as keyof typeof words] }]
      : []),
  ];
  const note = others.map(({ number, word }, index) => (
    <span key={number}>
      {index > 0 && " · "}
      <Link className="link" href={`/use-cases/${slug}/contract/${number}`}>
        v{number}
      </Link>{" "}
      {word}
    </span>
  ));
  if (!inForce)
    return <Fact label="Contract in force" value="none" note={note.length > 0 ? note : "nothing may serve"} />;
  return (
    <Fact
      label="Contract in force"
      value={
        <Link className="link" href={`/use-cases/${slug}/contract/${inForce.number}`}>
          v{inForce.number}
        </Link>
      }
      note={
        <>
          {inForce.digest && <Digest value={inForce.digest} copy={false} />} {note}
        </>
      }
    />
  );
}

function ServingFact({ endpoint }: Shown) {
  const serving = endpoint?.serving;
  if (!serving) return <Fact label="Serving" value="nothing" note="no version was promoted yet" />;
  return (
    <Fact
      label="Serving"
      value={
        <Link className="link" href={`/models/${serving.model}`}>
          {serving.model} v{serving.version}
        </Link>
      }
      note={
        serving.servedAt ? (
          <>
            since <RelativeTime at={serving.servedAt} />
          </>
        ) : (
          "not answering yet"
        )
      }
    />
  );
}

function ClausesFact({ endpoint }: Shown) {
  const { met = 0, at_risk: risk = 0, breached = 0, unproven = 0 } = endpoint?.clauses ?? {};
  const all = met + risk + breached + unproven;
  if (all === 0) return <Fact label="Clauses" value="none measured" />;
  const rest = [
    [risk, "at risk"],
    [breached, "breached"],
    [unproven, "unproven"],
  ] as const;
  const note = rest.flatMap(([count, word]) => (count > 0 ? [`${count} ${word}`] : [])).join(" · ");
  return <Fact label="Clauses" value={`${met} of ${all} met`} note={note} />;
}

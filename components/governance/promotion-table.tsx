import { Badge } from "@/components/ui/badge";
import { RelativeTime } from "@/components/ui/relative-time";
import { RowLink, Sub, Table, Tbody, Td, Th, Thead, Tr } from "@/components/ui/table";
import type { PromotionSummary } from "@/lib/governance/schema";
import { PromotionStateBadge } from "./promotion-state-badge";
import { SLOT_WORDS, SlotState } from "./slot-state";

type Props = { readonly promotions: readonly PromotionSummary[]; readonly label: string };

/** Promotions with who has approved what. The whole row leads to the decision page. */
export function PromotionTable({ promotions, label }: Props) {
  return (
    <Table label={label} minWidth={820}>
      <Thead>
        <Th>Promotion</Th>
        <Th>Endpoint</Th>
        <Th>Validator</Th>
        <Th>Governance</Th>
        <Th>State</Th>
        <Th>Requested</Th>
      </Thead>
      <Tbody>
        {promotions.map((promotion) => (
          <Tr key={promotion.id}>
            <Td>
              <RowLink href={`/promotions/${promotion.id}`}>
                <span className="num">{promotion.id}</span> · {promotion.model} v{promotion.version}
              </RowLink>
              <Sub>
                {promotion.useCase.name}, contract v{promotion.contract}
              </Sub>
            </Td>
            <Td>
              {promotion.endpoint}
              <Sub>{promotion.environment}</Sub>
            </Td>
            {promotion.slots.map(({ slot, state, by }) => (
              <Td key={slot} title={SLOT_WORDS[slot]}>
                <SlotState state={state} />
                {by && <Sub>{by}</Sub>}
              </Td>
            ))}
            <Td className="max-w-72">
              <PromotionStateBadge state={promotion.state} />
              {promotion.waitsForMe && (
                <div className="mt-1">
                  <Badge tone="accent">waits for you</Badge>
                </div>
              )}
              {promotion.stateReason && <Sub>{promotion.stateReason}</Sub>}
            </Td>
            <Td className="whitespace-nowrap">
              <RelativeTime at={promotion.createdAt} className="text-muted" />
              <Sub>{promotion.requestedBy}</Sub>
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

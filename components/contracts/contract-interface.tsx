import { Num } from "@/components/ui/num";
import { Panel, PanelRow } from "@/components/ui/panel";
import { Sub, Table, Tbody, Td, Th, Thead, Tr } from "@/components/ui/table";
import type { ContractDocument, Feature } from "@/lib/contracts/document";

/** What a request carries, and what the answer means. */
export function ContractInterface({ document }: { readonly document: ContractDocument }) {
  const { features, featureTime, output } = document.interface;
  return (
    <Panel title="Interface" aside={`${features.length} ${features.length === 1 ? "feature" : "features"}`}>
      <PanelRow value={featureTime === "required" ? "required" : "not sent"} sub="request parameter feature_time">
        Time of the features
      </PanelRow>
      <PanelRow
        value={
          <>
            from <Num value={output.threshold} /> on
          </>
        }
        sub={
          <span className="num">
            {output.name}[{output.index}]
          </span>
        }
      >
        The decision is yes
      </PanelRow>
      <Table label="Features" minWidth={420} className="border-t">
        <Thead>
          <Th numeric>Column</Th>
          <Th>Feature</Th>
          <Th>Type</Th>
          <Th>Range or values</Th>
        </Thead>
        <Tbody>
          {features.map((feature, index) => (
            <Tr key={feature.name}>
              <Td numeric className="w-16 text-muted">
                {index}
              </Td>
              <Td>
                <span className="num">{feature.name}</span>
                {feature.description && <Sub>{feature.description}</Sub>}
              </Td>
              <Td>
                {feature.type}
                {(feature.missing === "allowed" || feature.calendar) && <Sub>{marksOf(feature)}</Sub>}
              </Td>
              <Td className="num max-w-80 wrap-anywhere">{valuesOf(feature)}</Td>
            </Tr>
          ))}
        </Tbody>
      </Table>
    </Panel>
  );
}

function marksOf({ missing, calendar }: Feature): string {
  const marks = [missing === "allowed" && "may be missing", calendar && "follows the calendar"];
  return marks.filter(Boolean).join(", ");
}

function valuesOf({ min, max, categories }: Feature): string {
  if (categories?.length) return categories.join(", ");
  if (min === undefined && max === undefined) return "any";
  if (max === undefined) return `from ${min}`;
  return min === undefined ? `up to ${max}` : `${min} to ${max}`;
}

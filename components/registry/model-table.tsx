import { RelativeTime } from "@/components/ui/relative-time";
import { RowLink, Sub, Table, Tbody, Td, Th, Thead, Tr } from "@/components/ui/table";
import type { Model } from "@/lib/registry/schema";
import { ServesOn } from "./serves-on";
import { VersionState } from "./version-state";

/** Registered models, each with its newest version. */
export function ModelTable({ models }: { readonly models: readonly Model[] }) {
  return (
    <Table label="Registered models" minWidth={760}>
      <Thead>
        <Th>Model</Th>
        <Th numeric>Versions</Th>
        <Th>Newest version</Th>
        <Th>Serves on</Th>
        <Th>Registered</Th>
      </Thead>
      <Tbody>
        {models.map(({ name, description, versions, latest, serves }) => (
          <Tr key={name}>
            <Td className="max-w-96">
              <RowLink href={`/models/${name}`}>{name}</RowLink>
              {description && <Sub>{description}</Sub>}
            </Td>
            <Td numeric>{versions}</Td>
            <Td className="whitespace-nowrap">
              {latest && (
                <>
                  <span className="num mr-2">v{latest.number}</span>
                  <VersionState state={latest.state} reason={latest.stateReason} />
                </>
              )}
            </Td>
            <Td>
              <ServesOn on={serves} />
            </Td>
            <Td className="whitespace-nowrap text-muted">
              {latest && (
                <>
                  <RelativeTime at={latest.createdAt} />
                  <Sub>by {latest.registeredBy}</Sub>
                </>
              )}
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

import { ClauseState } from "@/components/ui/clause-state";
import { Digest } from "@/components/ui/digest";
import { RowLink, Sub, Table, Tbody, Td, Th, Thead, Tr } from "@/components/ui/table";
import type { UseCase } from "@/lib/contracts/schema";

const WORDS = { draft: "Draft", submitted: "Awaiting signatures", signed: "Signed", withdrawn: "Withdrawn" } as const;

/** Use cases with the version of the contract that was worked on last, and the one that is signed. */
export function UseCaseTable({ useCases }: { readonly useCases: readonly UseCase[] }) {
  return (
    <Table label="Use cases" minWidth={820}>
      <Thead>
        <Th>Use case</Th>
        <Th>Team</Th>
        <Th>Owner</Th>
        <Th>Latest contract</Th>
        <Th>Signed contract</Th>
        <Th>Cost centre</Th>
      </Thead>
      <Tbody>
        {useCases.map((useCase) => (
          <Tr key={useCase.slug}>
            <Td className="max-w-96">
              <RowLink href={`/use-cases/${useCase.slug}`}>{useCase.name}</RowLink>
              <Sub>{useCase.purpose}</Sub>
            </Td>
            <Td>{useCase.team}</Td>
            <Td>{useCase.owner}</Td>
            <Td className="whitespace-nowrap">
              {useCase.latestContract ? (
                <>
                  <span className="num mr-2">v{useCase.latestContract.number}</span>
                  <ClauseState
                    state={useCase.latestContract.state === "signed" ? "met" : "unproven"}
                    word={WORDS[useCase.latestContract.state]}
                  />
                </>
              ) : (
                <span className="text-muted">none yet</span>
              )}
            </Td>
            <Td className="whitespace-nowrap">
              {useCase.signedContract ? (
                <>
                  <span className="num mr-2">v{useCase.signedContract.number}</span>
                  <Digest value={useCase.signedContract.digest} copy={false} />
                </>
              ) : (
                <span className="text-muted">none: nothing may serve</span>
              )}
            </Td>
            <Td className="num">{useCase.costCentre}</Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

import { ClauseState } from "@/components/ui/clause-state";
import { RelativeTime } from "@/components/ui/relative-time";
import { Table, Tbody, Td, Th, Thead, Tr } from "@/components/ui/table";
import { DEPENDENCY_STATES, processState } from "./system-state";

type Dependency = {
  readonly name: string;
  readonly state: "ok" | "down" | "absent";
  readonly reason: string | null;
};

type Process = {
  readonly name: string;
  readonly state: "starting" | "running" | "waiting" | "stopped";
  readonly pid: number | null;
  readonly restarts: number;
  readonly reason: string | null;
  readonly since: string | null;
};

const NAMES: Readonly<Record<string, string>> = {
  postgresql: "PostgreSQL",
  postgres: "PostgreSQL",
  clickhouse: "ClickHouse",
  runtime: "Runtime",
  worker: "Worker",
  web: "Portal",
  example: "Example",
};

/** What the portal needs, asked when the page was made. */
export function DependenciesTable({ dependencies }: { readonly dependencies: readonly Dependency[] }) {
  return (
    <Table label="Dependencies" minWidth={420}>
      <Thead>
        <Th>Needs</Th>
        <Th>State</Th>
        <Th>Reason</Th>
      </Thead>
      <Tbody>
        {dependencies.map(({ name, state, reason }) => (
          <Tr key={name}>
            <Td className="font-medium">{NAMES[name] ?? name}</Td>
            <Td>
              <ClauseState {...DEPENDENCY_STATES[state]} />
            </Td>
            <Td className="text-muted wrap-anywhere">{reason}</Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

/** The processes that the supervisor of this machine holds. */
export function ProcessesTable({ processes }: { readonly processes: readonly Process[] }) {
  return (
    <Table label="Processes" minWidth={680}>
      <Thead>
        <Th>Process</Th>
        <Th>State</Th>
        <Th>Since</Th>
        <Th numeric>Process id</Th>
        <Th numeric>Restarts</Th>
        <Th>Reason</Th>
      </Thead>
      <Tbody>
        {processes.map(({ name, state, pid, restarts, reason, since }) => (
          <Tr key={name}>
            <Td className="font-medium">{NAMES[name] ?? name}</Td>
            <Td>
              <ClauseState {...processState(state, reason)} />
            </Td>
            <Td className="whitespace-nowrap text-muted">{since && <RelativeTime at={since} />}</Td>
            <Td numeric>{pid ?? "—"}</Td>
            <Td numeric>{restarts}</Td>
            <Td className="text-muted wrap-anywhere">{reason}</Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

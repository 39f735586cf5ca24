import { ClauseState } from "@/components/ui/clause-state";
import { Panel, PanelBody } from "@/components/ui/panel";
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

type DependenciesProps = {
  readonly dependencies: readonly Dependency[];
  /** When they were asked, in milliseconds since 1970. */
  readonly askedAt: number;
};

/** What the portal needs. */
export function DependenciesPanel({ dependencies, askedAt }: DependenciesProps) {
  const aside = (
    <>
      asked <RelativeTime at={askedAt} />
    </>
  );
  return (
    <Panel title="Dependencies" aside={aside}>
      <DependenciesTable dependencies={dependencies} />
    </Panel>
  );
}

type Supervisor = {
  readonly dataDir: string;
  readonly startedAt: string;
  readonly children: readonly Process[];
};

/** The processes that the supervisor of this machine holds; null where none answers. */
export function ProcessesPanel({ supervisor }: { readonly supervisor: Supervisor | null }) {
  const aside = supervisor && (
    <>
      supervised since <RelativeTime at={supervisor.startedAt} />, data in{" "}
      <span className="num">{supervisor.dataDir}</span>
    </>
  );
  return (
    <Panel title="Processes" aside={aside}>
      {supervisor ? (
        <ProcessesTable processes={supervisor.children} />
      ) : (
        <PanelBody className="text-muted">
          No supervisor answers. Where something else runs the processes, it knows their states.
        </PanelBody>
      )}
    </Panel>
  );
}

function DependenciesTable({ dependencies }: { readonly dependencies: readonly Dependency[] }) {
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

function ProcessesTable({ processes }: { readonly processes: readonly Process[] }) {
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

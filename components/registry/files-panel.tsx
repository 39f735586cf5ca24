import { Digest } from "@/components/ui/digest";
import { Panel } from "@/components/ui/panel";
import { Sub, Table, Tbody, Td, Th, Thead, Tr } from "@/components/ui/table";
import { formatBytes } from "@/lib/format";
import type { VersionFile } from "@/lib/registry/model-schema";

const ROLES = { model: "model", reference_sample: "reference sample", evaluation_sample: "evaluation sample" } as const;

/** The files of a version, to download by digest. */
export function FilesPanel({ files }: { readonly files: readonly VersionFile[] }) {
  return (
    <Panel title="Files" aside="content-addressed">
      <Table label="Files of the version" minWidth={420}>
        <Thead>
          <Th>File</Th>
          <Th>SHA-256</Th>
          <Th numeric>Size</Th>
        </Thead>
        <Tbody>
          {files.map(({ path, role, sha256, size }) => (
            <Tr key={path}>
              <Td>
                <a href={`/api/v1/artifacts/${sha256}`} download={path} className="font-medium hover:underline">
                  {path}
                </a>
                <Sub>{ROLES[role]}</Sub>
              </Td>
              <Td>
                <Digest value={sha256} digits={12} />
              </Td>
              <Td numeric title={`${size} bytes`}>
                {formatBytes(size)}
              </Td>
            </Tr>
          ))}
        </Tbody>
      </Table>
    </Panel>
  );
}

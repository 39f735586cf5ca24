import { Table, Tbody, Td, Th, Thead, Tr } from "@/components/ui/table";
import { formatNumber } from "@/lib/format";
import type { TierAdvice } from "@/lib/serving/tier";

/** The smallest partition of each GPU that holds the model, and how many of it one GPU takes. */
export function TierShapes({ shapes, gpuMemoryGb }: Pick<TierAdvice, "shapes" | "gpuMemoryGb">) {
  const needed = `about ${formatNumber(gpuMemoryGb)} GB`;
  if (shapes.length === 0) {
    return <p className="border-t px-4 py-2 text-sm text-muted">No GPU that is known here has {needed} of memory.</p>;
  }
  return (
    <details className="border-t">
      <summary className="px-4 py-2 text-sm text-muted -outline-offset-2 hover:bg-hover">
        Partitions that hold it: {needed} of memory, estimated as twice the file and one GiB
      </summary>
      <Table label="Partitions of a GPU that hold the model" minWidth={520}>
        <Thead>
          <Th>GPU</Th>
          <Th>Smallest partition</Th>
          <Th numeric>Memory, GB</Th>
          <Th numeric>On one GPU</Th>
          <Th>They begin at memory slices</Th>
        </Thead>
        <Tbody>
          {shapes.map(({ product, profile, memoryGb, perGpu, starts }) => (
            <Tr key={product}>
              <Td>{product}</Td>
              <Td className="num">{profile}</Td>
              <Td numeric>{memoryGb}</Td>
              <Td numeric>{perGpu}</Td>
              <Td className="num whitespace-nowrap">{starts.join(", ")}</Td>
            </Tr>
          ))}
        </Tbody>
      </Table>
    </details>
  );
}

import { Panel } from "@/components/ui/panel";
import { Sub, Table, Tbody, Td, Th, Thead, Tr } from "@/components/ui/table";
import type { ModelSchema } from "@/lib/registry/model-schema";

type Tensor = ModelSchema["inputs"][number];

/** model.json: tensors of the model and the names of its feature columns. */
export function SchemaPanel({ schema }: { readonly schema: ModelSchema }) {
  const count = schema.inputs.reduce((sum, { features }) => sum + (features?.length ?? 0), 0);
  return (
    <Panel title="Inputs and outputs" aside={count > 0 ? `${count} features` : "model.json"}>
      <Table label="Inputs and outputs" minWidth={520}>
        <Thead>
          <Th>Tensor</Th>
          <Th>Type</Th>
          <Th>Shape</Th>
          <Th>Columns</Th>
        </Thead>
        <Tbody>
          {schema.inputs.map((tensor) => (
            <TensorRow key={tensor.name} side="input" tensor={tensor} />
          ))}
          {schema.outputs.map((tensor) => (
            <TensorRow key={tensor.name} side="output" tensor={tensor} />
          ))}
        </Tbody>
      </Table>
    </Panel>
  );
}

function TensorRow({ side, tensor }: { readonly side: string; readonly tensor: Tensor }) {
  return (
    <Tr>
      <Td className="align-top">
        {tensor.name}
        <Sub>{side}</Sub>
      </Td>
      <Td className="num align-top">{tensor.datatype}</Td>
      <Td className="num align-top whitespace-nowrap" title="-1 stands for the batch">
        [{tensor.shape.join(", ")}]
      </Td>
      <Td className="num text-xs leading-relaxed text-muted wrap-anywhere">{tensor.features?.join(", ") ?? "—"}</Td>
    </Tr>
  );
}

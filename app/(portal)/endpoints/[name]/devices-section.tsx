import { DeviceTable } from "@/components/deployments/device-table";
import { Panel } from "@/components/ui/panel";
import { listDevices } from "@/lib/deployments/queries/devices";
import { read } from "@/lib/read";

const SHOWN = 50;

/** Nothing where no device has ever reported: most endpoints answer by themselves. */
export async function DevicesSection({ name }: { readonly name: string }) {
  const devices = await read(listDevices, { name, limit: SHOWN });
  if (!devices.ok || devices.data.items.length === 0) return null;
  const more = devices.data.nextCursor === null ? null : `the first ${SHOWN}; all: proviso bundle devices ${name}`;
  return (
    <Panel title="Devices at the edge" aside={more}>
      <DeviceTable devices={devices.data.items} />
    </Panel>
  );
}

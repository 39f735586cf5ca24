import { Button } from "@/components/ui/button";
import { Code } from "@/components/ui/code";
import { Popover } from "@/components/ui/popover";
import type { AuditEvent } from "@/lib/audit/schema";

const isThere = (value: unknown) => value !== null && value !== undefined;

/** What an event changed, before and after, and the request it came with. */
export function AuditChange({ event }: { readonly event: AuditEvent }) {
  const { id, action, before, after, requestId } = event;
  if (!isThere(before) && !isThere(after) && !requestId) return null;
  return (
    <Popover
      align="end"
      label={`Details of event ${id}`}
      className="w-120"
      trigger={
        <Button size="sm" variant="quiet" aria-label={`Details of event ${id}`}>
          Details
        </Button>
      }
    >
      <h2 className="mb-2 font-semibold">
        {action} <span className="num font-normal text-muted">event {id}</span>
      </h2>
      <div className="grid gap-2">
        {isThere(before) && <Titled label="Before" value={before} />}
        {isThere(after) && <Titled label="After" value={after} />}
        {requestId && <p className="text-sm text-muted wrap-anywhere">Request {requestId}</p>}
      </div>
    </Popover>
  );
}

function Titled({ label, value }: { readonly label: string; readonly value: unknown }) {
  return (
    <div>
      <h3 className="text-sm text-muted">{label}</h3>
      <Code label={label} text={JSON.stringify(value, null, 2)} />
    </div>
  );
}

import { CircleUser } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { Popover } from "@/components/ui/popover";
import type { Principal } from "@/lib/auth/schema";
import { Account } from "./account";
import { Brand } from "./brand";
import { DevelopmentBanner } from "./development-banner";
import { Navigation } from "./navigation";

type Props = {
  readonly principal: Principal;
  /** Promotions that wait for a decision of the principal. */
  readonly waitingPromotions?: number;
  /** Alerts that fire and that nobody has. */
  readonly unacknowledgedAlerts?: number;
  readonly children: ReactNode;
};

/** The frame of every page: navigation at the left, or on top up to 800 px, and the account. */
export function Shell({ principal, waitingPromotions = 0, unacknowledgedAlerts = 0, children }: Props) {
  return (
    <div className="min-h-dvh wide:grid wide:grid-cols-[13rem_minmax(0,1fr)]">
      <a href="#content" className="floating fixed -top-20 left-2 z-50 px-3 py-1.5 focus:top-2">
        Skip to content
      </a>
      <header className="flex flex-col gap-1 border-b px-2.5 pt-2 pb-1 wide:sticky wide:top-0 wide:h-dvh wide:overflow-y-auto wide:border-r wide:border-b-0 wide:px-2.5 wide:py-3.5">
        <div className="flex items-center justify-between wide:pb-2.5">
          <Brand className="px-2.5 py-1" />
          <div className="wide:hidden">
            <Popover
              align="end"
              label="Account"
              className="w-64"
              trigger={
                <Button variant="quiet" className="px-2" aria-label={`Account ${principal.email}`}>
                  <CircleUser aria-hidden />
                </Button>
              }
            >
              <Account principal={principal} />
            </Popover>
          </div>
        </div>
        <Navigation waiting={waitingPromotions} unacknowledged={unacknowledgedAlerts} />
        <div className="mt-auto hidden border-t px-2.5 pt-3 wide:block">
          <Account principal={principal} />
        </div>
      </header>
      <div className="min-w-0">
        {principal.development && <DevelopmentBanner />}
        <main id="content" tabIndex={-1} className="max-w-360 p-3.5 outline-none wide:px-7 wide:pt-4.5 wide:pb-10">
          {children}
        </main>
      </div>
    </div>
  );
}

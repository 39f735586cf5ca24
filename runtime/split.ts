/** 2^32 by the golden ratio. */
const STEP = 0x9e37_79b9;
const ALL = 2 ** 32;

/**
 * Which requests go to the candidate. The requests are cut into stretches of 100 / percent, and in each one is taken, at a place that moves
 * evenly over the stretch. No coin: after any number of requests the candidate got its share to within two requests. No fixed place either: a
 * client that sends single rows and batches in turn would split along that line. And no hash of the request's id: ids are optional, and
 * known only once the body was read.
 */
export class Split {
  private percent = 0;
  /** Above one half those are picked that the candidate does not get. */
  private isPickedTheirs = true;
  /** Requests in a stretch. */
  private stretch = Number.POSITIVE_INFINITY;
  private requests = 0;
  private picks = 0;
  private nextPick = Number.POSITIVE_INFINITY;
  private place = 0;

  /** In force from the next request on. @param percent of the requests, 0 to 100 */
  change(percent: number): void {
    if (percent === this.percent) return;
    this.percent = percent;
    this.isPickedTheirs = percent <= 50;
    this.stretch = 100 / Math.min(percent, 100 - percent);
    this.requests = 0;
    this.picks = 0;
    this.plan();
  }

  /** Whether the next request is the candidate's. */
  takes(): boolean {
    if (this.requests++ < this.nextPick) return !this.isPickedTheirs;
    this.picks++;
    this.plan();
    return this.isPickedTheirs;
  }

  private plan(): void {
    this.place = (this.place + STEP) >>> 0;
    const isNever = this.stretch === Number.POSITIVE_INFINITY;
    this.nextPick = isNever ? this.stretch : Math.floor((this.picks + this.place / ALL) * this.stretch);
  }
}

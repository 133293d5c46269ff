/** What one visitor watches of one film or sound, told in parts: which tenths for the first time, and for how long. */

const TENTHS = 10;

/** Longer steps of the clock of a film are jumps. Browsers tell the time at least four times a second. */
const LONGEST_STEP = 2;

export interface Watched {
  begins: boolean;
  tenths: number[];
  seconds: number[];
}

export class Viewing {
  private hasBegun = false;
  private readonly reached = new Set<number>();
  private fresh: number[] = [];
  private seconds = new Array<number>(TENTHS).fill(0);
  private last: number | null = null;

  /** The film is at this second, and plays on from there. */
  at(time: number, duration: number): void {
    const from = this.last;
    this.last = time;
    if (from === null || !(duration > 0) || !Number.isFinite(duration)) return;
    if (time <= from || time - from > LONGEST_STEP) return;
    // A step of a short film may lead through several tenths.
    for (let tenth = tenthOf(from, duration); tenth <= tenthOf(time, duration); tenth++) {
      const length = duration / TENTHS;
      const watched = Math.min(time, (tenth + 1) * length) - Math.max(from, tenth * length);
      if (watched <= 0) continue;
      this.seconds[tenth]! += watched;
      if (this.reached.has(tenth)) continue;
      this.reached.add(tenth);
      this.fresh.push(tenth);
    }
  }

  /** It stands still, or goes on somewhere else. */
  jump(): void {
    this.last = null;
  }

  /** What has come since this was asked last; null if nothing has. */
  take(): Watched | null {
    const seconds = this.seconds.map((one) => Math.round(one * 100) / 100);
    if (!this.fresh.length && !seconds.some(Boolean)) return null;
    const watched = { begins: !this.hasBegun, tenths: this.fresh, seconds };
    this.hasBegun = true;
    this.fresh = [];
    this.seconds = new Array<number>(TENTHS).fill(0);
    return watched;
  }
}

function tenthOf(time: number, duration: number): number {
  return Math.min(TENTHS - 1, Math.floor((time / duration) * TENTHS));
}

/** What an instrument says of its own watchdog that was armed. */
export interface WatchdogReading {
  /** It stands as it was armed: on, with the same time and the same effect. */
  readonly isArmed: boolean;
  /** What was armed and what is read now, in the instrument's own words; where it is not as armed, what differs. */
  readonly armed: string;
  readonly read: string;
}

/** One thing that is read back of a watchdog, as it was armed and as it is now. */
export interface WatchdogPart {
  /** What a person finds in the manual: the question, the register. */
  readonly what: string;
  readonly armed: string | number;
  readonly read: string | number;
  /** Whether it is as it was armed. Absent: where both are the same. */
  readonly isSame?: boolean;
}

/** A reading of all that was read back: as armed only where every part is. */
export function watchdogReading(parts: readonly WatchdogPart[]): WatchdogReading {
  const other = parts.filter(({ armed, read, isSame = armed === read }) => !isSame);
  const told = other.length === 0 ? parts : other;
  const words = (which: 'armed' | 'read'): string =>
    told.map(part => `${part.what} ${part[which]}`).join(', ');
  return { isArmed: other.length === 0, armed: words('armed'), read: words('read') };
}

/**
 * For how long an instrument must be left alone so that its own watchdog has acted, s: its time and a margin for clocks
 * and for the last frame on its way. `watchdog_s`: the armed time.
 */
export function aloneTime_s(watchdog_s: number): number {
  return 1.2 * watchdog_s + 1;
}

import { alarmBench } from '../support/alarm-bench.ts';
import { spec } from '../support/interlock-bench.ts';

/** What a flood of alarms costs a tick, beside the same tick in quiet, in turn in one run. */

/** So many warnings look at one channel: when it jumps, all of them rise, or end, with one reading. */
const ALARMS = 200;
const PERIOD_S = 0.1;
/** Ticks of one kind in a row. */
const BLOCK = 100;

/** What was measured. */
export interface FloodFigures {
  readonly alarms_per_s: number;
  readonly raised: number;
  /** Median of a tick: reading judged, list kept, events made; us. */
  readonly quiet_us: number;
  readonly flood_us: number;
  /** The longest of all, us. */
  readonly longest_us: number;
  readonly ratio: number;
  /** Rows for the record, and how many a minute of the flood. */
  readonly events: number;
  readonly events_per_min: number;
  readonly heap_bytes: number;
}

/** `minutes` of quiet and as many of flood, by turns; `now_us`: a clock of the machine. */
export function measureFlood(minutes: number, now_us: () => number, heap: () => number): FloodFigures {
  const specs = Array.from({ length: ALARMS }, (_, i) =>
    spec({
      kind: 'threshold',
      id: `a${i}`,
      role: 'a.value_V',
      trips: '>',
      limit: 10 + i / 100,
      reaction: i % 10 === 0 ? 'trip' : 'warn',
    }),
  );
  const { at, one, tick, book, events } = alarmBench(specs);
  const quiet: number[] = [];
  const flood: number[] = [];
  const ticks = Math.round((2 * minutes * 60) / PERIOD_S);
  let raised = 0;
  let written = 0;
  const before = heap();
  for (let i = 0; i < ticks; i++) {
    at(i * PERIOD_S);
    const isFlood = Math.floor(i / BLOCK) % 2 === 1;
    const value = isFlood && i % 2 === 1 ? 99 : 5 + (i % 7) / 10;
    if (value === 99) raised += ALARMS;
    const from = now_us();
    one(value);
    tick();
    (isFlood ? flood : quiet).push(now_us() - from);
    // As a journal does: what was handed over is gone.
    written += events.length;
    events.length = 0;
  }
  book.settle();
  written += events.length;
  const heap_bytes = heap() - before;
  const median = (of: number[]): number => [...of].sort((a, b) => a - b)[of.length >> 1];
  const quiet_us = median(quiet);
  const flood_us = median(flood);
  return {
    alarms_per_s: ALARMS / (2 * PERIOD_S),
    raised,
    quiet_us,
    flood_us,
    longest_us: Math.max(...quiet, ...flood),
    ratio: flood_us / quiet_us,
    events: written,
    events_per_min: written / minutes,
    heap_bytes,
  };
}

import type { CyclerChannel } from '../cycler/channel.ts';

/** What an Arbin channel counts over the whole test, and shows on after its end. Positive: sizes. */
interface Counters {
  readonly in_Ah: number;
  readonly out_Ah: number;
  readonly in_Wh: number;
  readonly out_Wh: number;
  readonly test_s: number;
  readonly step_s: number;
}

/** Counters of the newest test: of each step that is over its last row, and the step that runs. */
export function testCounters(channel: CyclerChannel): { readonly sums: Counters; look(): void } {
  const sums = { in_Ah: 0, out_Ah: 0, in_Wh: 0, out_Wh: 0, test_s: 0, step_s: 0 };

  function isLastOfStep(i: number): boolean {
    const [row, next] = [channel.rows[i], channel.rows[i + 1]];
    return next === undefined || next.step !== row.step || next.stepTime_s < row.stepTime_s;
  }

  return {
    sums,
    look() {
      const { rows, state } = channel;
      if (state !== 'running' && rows.length === 0) return;
      const now = channel.reading();
      const open = state === 'running' ? [now] : [];
      const ended = rows.filter((_, i) => isLastOfStep(i));
      const isInside = open.length > 0 && rows.at(-1)?.step === now.step;
      Object.assign(sums, { in_Ah: 0, out_Ah: 0, in_Wh: 0, out_Wh: 0 });
      for (const { current_A, charge_Ah, energy_Wh } of [
        ...(isInside ? ended.slice(0, -1) : ended),
        ...open,
      ]) {
        const way = current_A > 0 ? 'in' : 'out';
        sums[`${way}_Ah`] += charge_Ah;
        sums[`${way}_Wh`] += energy_Wh;
      }
      if (state === 'running') Object.assign(sums, { test_s: now.testTime_s, step_s: now.stepTime_s });
    },
  };
}

import type { CyclerReadings } from './read-cycler.ts';
import type { Sidecar } from './sidecar.ts';

/** How well power is known that no file has: voltage times current. */

const [VOLTAGE, CURRENT, POWER] = ['cell.voltage_V', 'cell.current_A', 'cell.power_W'];

/**
 * What lies beside a file whose power was worked out of `readings`, with that power's accuracy and how far it may move
 * between two readings that were kept: both at the largest voltage and current (k = 2). Nothing is added where either
 * is not known.
 */
export function withPowerAccuracy(sidecar: Sidecar, { channels }: CyclerReadings): Sidecar {
  if (channels.some(({ field }) => field === 'power')) return sidecar;
  const largest = (wanted: string): number => {
    let most = 0;
    for (const value of channels.find(({ field }) => field === wanted)?.values ?? [])
      if (Math.abs(value) > most) most = Math.abs(value);
    return most;
  };
  const [most_V, most_A] = [largest('voltage'), largest('current')];
  const [voltage, current] = [sidecar.accuracies[VOLTAGE], sidecar.accuracies[CURRENT]];
  const accuracies =
    voltage === undefined || current === undefined
      ? sidecar.accuracies
      : {
          ...sidecar.accuracies,
          [POWER]: {
            reading_pct: Math.hypot(voltage.reading_pct, current.reading_pct),
            abs: Math.hypot(voltage.abs * most_A, current.abs * most_V),
            basis: voltage.basis === current.basis ? voltage.basis : ('default' as const),
          },
        };
  const thinned = Object.fromEntries(
    Object.entries(sidecar.thinned).map(([device, rule]) => {
      const { [VOLTAGE]: by_V, [CURRENT]: by_A } = rule.change;
      if (by_V === undefined || by_A === undefined || POWER in rule.change) return [device, rule];
      return [device, { ...rule, change: { ...rule.change, [POWER]: by_V * most_A + by_A * most_V } }];
    }),
  );
  return { ...sidecar, accuracies, thinned };
}

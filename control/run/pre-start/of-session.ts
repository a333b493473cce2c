import { alarmsAgainst } from '../resume/still.ts';
import type { BenchSession } from '../session.ts';
import type { StartFacts } from './facts.ts';

/** What a session that samples knows of the list before a start; the rest is known to its program. */
export function factsOf(session: BenchSession): Omit<StartFacts, 'watchdogs' | 'guard' | 'disk' | 'clock'> {
  const { parts, image } = session;
  const { bench, devices, roles, entryOf, isLeft } = parts;
  return {
    bench,
    entryOf,
    devices: [...devices.values()]
      .filter(({ id }) => Object.hasOwn(bench.devices, id))
      .map(({ id, driver, state, settables, onLoss }) => ({
        device: id,
        driver,
        missing: state === 'ready' ? undefined : `is ${state}`,
        drives: settables.length > 0,
        onLoss,
      })),
    measured: [...roles.measured.values()].filter(({ device }) => Object.hasOwn(bench.devices, device)),
    valuesOf: role => {
      const values = new Float64Array(role.count);
      image.fill(role.role, values, 0);
      return [...values];
    },
    isLeft,
    blocking: alarmsAgainst(session),
    isDriving: parts.program?.()?.isDriving === true,
  };
}

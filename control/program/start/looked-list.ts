import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { realClock } from '../../../drivers/contract/clock.ts';
import { messageOf } from '../../../drivers/contract/errors.ts';
import type { LoadedBench } from '../../bench/bench-file.ts';
import type { MeasuredRole } from '../../contract/role-table.ts';
import type { StartRow } from '../../contract/start-check.ts';
import type { StartFacts } from '../../run/pre-start/facts.ts';
import { startList } from '../../run/pre-start/list.ts';
import { compileRoles } from '../../tick/roles.ts';
import type { LookedDevice } from '../commands/devices/look.ts';
import { loadNight } from '../rehearse/rehearse-once.ts';
import { Clocks, diskFacts } from './machine.ts';

/** Where runs are written unless they are told otherwise. */
const RUNS = 'runs';
const IN_A_RUN = 'only a run arms and judges: nothing is written here';

/** The list before a start as far as instruments that are only looked at tell it. */
export function lookedStartList(
  loaded: LoadedBench,
  looked: readonly LookedDevice[],
  given: {
    readonly bench: string;
    readonly method?: string | undefined;
    readonly subject?: string | undefined;
  },
): StartRow[] {
  const { bench, descriptions, path } = loaded;
  const means = new Map(
    looked.flatMap(({ device, channels }) =>
      channels.map(
        ({ mean, bad }, i) => [`${device} ${i}`, bad > 0 || mean === null ? Number.NaN : mean] as const,
      ),
    ),
  );
  const roles = compileRoles(bench, descriptions);
  return startList({
    bench,
    entryOf: device => `${path}:${loaded.lineOf(['devices', device])}`,
    devices: looked.map(({ device, driver, identity, reason, awaitsRun }) => ({
      device,
      driver,
      awaitsRun,
      missing: identity === 'not had' ? (reason ?? 'cannot be had') : undefined,
      drives: (descriptions.get(device)?.settables.length ?? 0) > 0,
      onLoss: descriptions.get(device)?.onLoss ?? 'unknown',
    })),
    measured: [...roles.measured.values()].filter(({ device }) => Object.hasOwn(bench.devices, device)),
    valuesOf: ({ device, first, count }: MeasuredRole) =>
      Array.from({ length: count }, (_, i) => means.get(`${device} ${first + i}`) ?? Number.NaN),
    watchdogs: { unknown: IN_A_RUN },
    guard: { unknown: 'it is started with a run' },
    blocking: { unknown: IN_A_RUN },
    isDriving: false,
    disk: diskOf(loaded, looked, given),
    // Beside it stand the records of earlier runs.
    clock: new Clocks(realClock()).facts(join(RUNS, 'next')),
  });
}

function diskOf(
  { bench }: LoadedBench,
  looked: readonly LookedDevice[],
  { bench: benchFile, method, subject }: Parameters<typeof lookedStartList>[2],
): StartFacts['disk'] {
  if (method === undefined) return { unknown: 'no method is given: check BENCH METHOD' };
  try {
    const { procedure } = loadNight({ bench: benchFile, method, subject, seed: 1, accept: true }).method;
    const channels = new Map(looked.map(({ device, channels }) => [device, channels.length]));
    const isThinned = bench.recording !== undefined || procedure.record !== undefined;
    const dir = existsSync(RUNS) ? RUNS : '.';
    return diskFacts({ dir, bench, channels, planned_s: procedure.planned_s, isThinned });
  } catch (error) {
    return { unknown: `the method does not load: ${messageOf(error)}` };
  }
}

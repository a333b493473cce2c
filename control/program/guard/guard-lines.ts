import type { LoadedBench } from '../../bench/bench-file.ts';
import { guardedDevices } from '../../guard/secure.ts';
import { compileRoles } from '../../tick/roles.ts';

/** One instrument that a guard drives, and how it gets there. */
export interface GuardedLine {
  readonly device: string;
  readonly endpoint: string;
  /** A serial line has one holder: during a run nobody can try whether the guard gets it. */
  readonly isSerial: boolean;
}

/** What a guard would speak to; undefined where the bench has none. */
export function guardedLines(
  { bench, descriptions }: LoadedBench,
  endpoints: Readonly<Record<string, string>>,
): readonly GuardedLine[] | undefined {
  if ('none' in bench.guard) return undefined;
  return guardedDevices(bench, compileRoles(bench, descriptions)).map(device => ({
    device,
    endpoint: endpoints[device],
    isSerial: endpoints[device].startsWith('/'),
  }));
}

/** The same for whoever reads it before the first run. */
export function guardText({ bench }: LoadedBench, lines: readonly GuardedLine[] | undefined): string[] {
  if ('none' in bench.guard) return [`No guard: ${bench.guard.none}`];
  return [
    `A second process ends a controller that is gone or silent for ${bench.guard.timeout_s} s, and drives the safe state over lines of its own. It asks each of these who it is before a start, leaves them to the run, and opens them again once the controller has ended:`,
    ...(lines ?? []).map(
      ({ device, endpoint, isSerial }) =>
        `  ${device} (${endpoint})${isSerial ? ': a serial line, free only when the controller has ended; during a run nobody can try it' : ''}`,
    ),
  ];
}

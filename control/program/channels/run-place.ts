import { Screen } from '../../../dashboards/terminal/screen.ts';
import { type Clock, realClock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import { lockInstruments } from '../../../drivers/instrument-lock.ts';
import type { LoadedBench } from '../../bench/bench-file.ts';
import { lapseBench } from '../../bench/time-lapse.ts';
import type { BenchSession } from '../../run/session.ts';
import type { SessionParts } from '../../run/session-parts.ts';
import type { CommandLine } from '../command-line.ts';
import type { GuardLink } from '../guard/guard-link.ts';
import { type GuardPlace, guardOf } from '../guard/start-guard.ts';
import { emulate, endpointsOf, openInstruments, openTwins } from '../open-devices.ts';
import type { NightFiles } from '../rehearse/rehearse-once.ts';
import type { Evaluate } from '../result/conclude.ts';
import { type CutRun, goesOnAt_s } from '../resume/cut-run.ts';
import { type Signals, watchSignals } from '../signals.ts';
import { evaluateBeside } from './evaluate-beside.ts';

const wall = realClock();

/** A bench whose devices have been opened, not connected yet. */
export interface OpenedPlace {
  readonly loaded: LoadedBench;
  readonly devices: ReadonlyMap<string, Device>;
}

/** Where a run is carried: in a process of its own that has the bench to itself, or beside others on the same bench. */
export interface RunPlace {
  readonly screen: Screen;
  /** It has the process to itself: its terminal, its page. */
  readonly isAlone: boolean;
  /** Its bench, where that has been read already. */
  readonly known?: LoadedBench | undefined;
  /** Who evaluates its record while others are waited on: whoever looks on, a bench in real time, runs beside; absent: nobody is. */
  readonly evaluate?: Evaluate;
  /** What it is told from outside. */
  signals(): Signals;
  /** Time on instruments; `cut`: it goes on with the time of a run that was cut off. */
  clock(cut: CutRun | undefined): Clock;
  /** By how much plant and method run faster than life over emulated wires. */
  timeFactor(planned_s: number, minutes: number): number;
  open(
    held: AsyncDisposableStack,
    files: NightFiles,
    options: CommandLine,
    timeFactor: number,
    clock: Clock,
  ): Promise<OpenedPlace>;
  guard(loaded: LoadedBench, place: GuardPlace): Promise<GuardLink | undefined>;
  /** What its session must know of others. */
  beside(devices: ReadonlyMap<string, Device>): Pick<SessionParts, 'isLeft' | 'isAligned'>;
  /** Its session is open. */
  opened(session: BenchSession): void;
  /** Its run has begun: the next one may come. */
  begun(): void;
}

/** A process of its own. */
export function alone(screen: Screen = new Screen(process.stdout)): RunPlace {
  const say = (text: string): void => screen.say(text);
  return {
    screen,
    isAlone: true,
    evaluate: evaluateBeside,
    signals: () => watchSignals(say),
    clock: cut => realClock(cut === undefined ? 0 : goesOnAt_s(cut, wall)),
    timeFactor: (planned_s, minutes) => Math.max(1, planned_s / (minutes * 60)),
    async open(held, { loaded: file, faults }, options, timeFactor, clock) {
      if (options.real) {
        // Given back last of all: nobody else may speak to the instruments before ours are closed.
        held.use(
          await lockInstruments(endpointsOf(file), { bench: file.bench.bench, utc_ms: wall.utc_ms() }),
        );
        return { loaded: file, devices: openInstruments(file, clock) };
      }
      if (!options.wire) return { loaded: file, devices: openTwins(file, options.seed, clock, faults) };
      say(
        `Starting the emulated instruments in a process of their own; plant ${timeFactor.toFixed(0)} times faster than life.`,
      );
      const { emulators, loaded } = await emulate(file, options.seed, timeFactor, faults);
      held.defer(() => emulators.stop());
      const lapsed = { ...loaded, bench: lapseBench(loaded.bench, timeFactor) };
      return { loaded: lapsed, devices: openInstruments(lapsed, clock) };
    },
    guard: (loaded, place) => guardOf(loaded, place),
    beside: () => ({}),
    opened: () => {},
    begun: () => {},
  };
}

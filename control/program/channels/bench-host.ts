import type { Screen } from '../../../dashboards/terminal/screen.ts';
import { type Clock, realClock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import { FileError } from '../../../drivers/contract/file-error.ts';
import { readTextFile } from '../../../drivers/contract/text-file.ts';
import { type InstrumentLock, lockInstruments } from '../../../drivers/instrument-lock.ts';
import { endpointsOfAll, openAll, sharedAddresses } from '../../../drivers/instruments.ts';
import { findDriver } from '../../../drivers/registry.ts';
import type { Emulators } from '../../../sim/wire-client.ts';
import type { Bench } from '../../bench/bench.ts';
import { type BenchOfAll, loadSubjects } from '../../bench/bench-file.ts';
import { againstSharing } from '../../bench/sharing.ts';
import { lapseBench } from '../../bench/time-lapse.ts';
import type { BenchSession } from '../../run/session.ts';
import { isLeftTo, needsBench } from '../../run/shared/needs-bench.ts';
import { SharedDevice } from '../../run/shared/shared-device.ts';
import { GuardChild } from '../guard/guard-child.ts';
import type { GuardLink } from '../guard/guard-link.ts';
import { guardOf } from '../guard/start-guard.ts';
import { describeDevice } from '../open-devices.ts';
import type { NightFiles } from '../rehearse/rehearse-once.ts';
import { goesOnAt_s } from '../resume/cut-run.ts';
import { RunWord, type Signals } from '../signals.ts';
import { clockAhead } from './clock-ahead.ts';
import { emulatedId, emulateSubjects } from './emulate-subjects.ts';
import { evaluateBeside } from './evaluate-beside.ts';
import type { HostOf } from './orders.ts';
import type { OpenedPlace, RunPlace } from './run-place.ts';
import { Turns } from './turns.ts';

/** What it gives back at its end. */
interface HeldByHost {
  readonly lock?: InstrumentLock;
  readonly emulators?: Emulators;
}

/** A run that it carries. */
export interface HostedRun {
  readonly place: RunPlace;
  readonly word: RunWord;
  /** It is over: the next run of its subject may come. */
  over(): void;
}

/**
 * A bench on which several subjects are under way at a time, in one process: instruments of the bench are opened and polled once,
 * each run has its own session, record, end and channel, and one guard watches for all.
 */
export class BenchHost {
  readonly #of: HostOf;
  readonly #file: BenchOfAll;
  readonly #text: string;
  readonly #clock: Clock = realClock();
  readonly #addresses: readonly string[];
  readonly #atAddress: ReturnType<typeof sharedAddresses>;
  readonly #shared: ReadonlyMap<string, SharedDevice>;
  readonly #held: HeldByHost;
  /** One start after the other: what a start proves must not change under it. */
  readonly #turns = new Turns();
  /** Subjects under way, with the addresses whose lines they have open. */
  readonly #under = new Map<string, { readonly word: RunWord; readonly endpoints: readonly string[] }>();
  #guard: GuardChild | undefined;

  private constructor(of: HostOf, file: BenchOfAll, text: string, held: HeldByHost) {
    this.#of = of;
    this.#file = file;
    this.#text = text;
    this.#held = held;
    const endpoints = new Map(
      file.benches.flatMap(({ bench, subject }) =>
        Object.entries(endpointsOfAll(this.#devicesOf(bench, subject), findDriver)).map(
          ([id, endpoint]) => [this.#idOf(id, subject), endpoint] as const,
        ),
      ),
    );
    this.#addresses = [...endpoints.values()];
    this.#atAddress = sharedAddresses(this.#addresses);
    const [{ bench, subject, baseDir }] = file.benches;
    const specs = Object.entries(this.#devicesOf(bench, subject)).filter(([id]) => file.shared.includes(id));
    const shared = openAll(Object.fromEntries(specs), {
      find: findDriver,
      clock: this.#clock,
      baseDir,
      addresses: this.#atAddress,
    });
    this.#shared = new Map(
      [...shared].map(([id, device]) => [
        id,
        new SharedDevice(device, this.#clock, this.#lapsed(bench).devices[id].poll_s),
      ]),
    );
  }

  /**
   * Takes the bench: every instrument of all its subjects is this process's until `close`. Nothing is connected yet.
   * @throws FileError where its subjects cannot be under way at a time, DeviceError where somebody else has an instrument
   */
  static async open(of: HostOf): Promise<BenchHost> {
    const text = readTextFile(of.path);
    const file = loadSubjects(of.path, describeDevice);
    const against = againstSharing(file);
    if (against !== '') throw new FileError(of.path, 0, `${against}, expected one run at a time`);
    if (of.mode === 'wire')
      return new BenchHost(of, file, text, {
        emulators: await emulateSubjects(file, of.seed, of.timeFactor),
      });
    const all = Object.assign(
      {},
      ...file.benches.map(({ bench, subject = '' }) =>
        Object.fromEntries(
          Object.entries(endpointsOfAll(bench.devices, findDriver)).map(([id, endpoint]) => [
            file.shared.includes(id) ? id : emulatedId(subject, id),
            endpoint,
          ]),
        ),
      ),
    ) as Record<string, string>;
    const about = { bench: file.benches[0].bench.bench, utc_ms: realClock().utc_ms() };
    return new BenchHost(of, file, text, { lock: await lockInstruments(all, about) });
  }

  /** How many runs are under way. */
  get count(): number {
    return this.#under.size;
  }

  /** A place for a run of this subject; what it prints goes to `screen`. @throws FileError where it has one already */
  host(subject: string, screen: Screen): HostedRun {
    if (this.#under.has(subject))
      throw new FileError(this.#of.path, 0, `${subject} has a run already, expected one at a time`);
    const word = new RunWord(
      text => screen.say(text),
      () => {},
    );
    let session: BenchSession | undefined;
    let turn: (() => void) | undefined;
    let ahead_s = 0;
    const isUnderWay = (): boolean => session !== undefined && needsBench(session);
    this.#under.set(subject, { word, endpoints: this.#endpointsOf(subject) });
    const place: RunPlace = {
      screen,
      isAlone: false,
      known: this.#file.benches.find(one => one.subject === subject),
      evaluate: evaluateBeside,
      signals: (): Signals => word,
      clock: cut => {
        if (cut !== undefined) ahead_s = goesOnAt_s(cut, realClock()) - this.#clock.now_s();
        return clockAhead(this.#clock, ahead_s);
      },
      timeFactor: () => this.#of.timeFactor,
      open: async (_held, files, _options, _factor, clock) => {
        turn = await this.#turns.next();
        return this.#open(files, subject, clock, name => {
          const view = this.#shared.get(name)?.viewFor({ name: subject, isUnderWay }, ahead_s);
          if (view === undefined) throw new Error(`${name} is no device of the bench`);
          return view;
        });
      },
      guard: (loaded, at) => this.#guardOf(loaded, at, subject),
      beside: devices => ({ isLeft: isLeftTo(devices), isAligned: true }),
      opened: of => {
        session = of;
      },
      begun: () => turn?.(),
    };
    return {
      place,
      word,
      over: () => {
        turn?.();
        this.#under.delete(subject);
      },
    };
  }

  /** Every run under way. */
  words(): readonly RunWord[] {
    return [...this.#under.values()].map(({ word }) => word);
  }

  /** Gives the bench back; call it once no run is under way. */
  async close(): Promise<void> {
    await this.#guard?.end();
    await this.#held.emulators?.stop();
    this.#held.lock?.release();
  }

  #open(files: NightFiles, subject: string, clock: Clock, viewOf: (id: string) => Device): OpenedPlace {
    const { path, baseDir, bench } = files.loaded;
    if (readTextFile(path) !== this.#text)
      throw new FileError(
        path,
        0,
        'has changed since its first run began, expected it as it was until all of them are over',
      );
    const specs = this.#devicesOf(bench, subject);
    const own = openAll(
      Object.fromEntries(Object.entries(specs).filter(([id]) => !this.#file.shared.includes(id))),
      { find: findDriver, clock, baseDir, addresses: this.#atAddress },
    );
    const devices = new Map(Object.keys(specs).map(id => [id, own.get(id) ?? viewOf(id)]));
    return { loaded: { ...files.loaded, bench: this.#lapsed({ ...bench, devices: specs }) }, devices };
  }

  async #guardOf(
    loaded: Parameters<RunPlace['guard']>[0],
    at: Parameters<RunPlace['guard']>[1],
    subject: string,
  ): Promise<GuardLink | undefined> {
    const { guard } = loaded.bench;
    if ('none' in guard) return undefined;
    if (this.#guard?.lost !== undefined && this.#under.size === 1) this.#guard = undefined;
    this.#guard ??= new GuardChild(this.#clock, guard.timeout_s);
    const others = [...this.#under].flatMap(([name, { endpoints }]) => (name === subject ? [] : endpoints));
    return guardOf(
      loaded,
      { ...at, clock: this.#clock },
      {
        child: this.#guard,
        shared: this.#file.shared,
        addresses: this.#addresses,
        taken: new Set(others),
      },
    );
  }

  #endpointsOf(subject: string): readonly string[] {
    const found = this.#file.benches.find(one => one.subject === subject);
    if (found === undefined) throw new FileError(this.#of.path, 0, `has no subject ${subject}`);
    return Object.values(endpointsOfAll(this.#devicesOf(found.bench, subject), findDriver));
  }

  #idOf(id: string, subject = ''): string {
    return this.#file.shared.includes(id) ? id : emulatedId(subject, id);
  }

  /** With their options pointed at the emulators, where there are any. */
  #devicesOf({ devices }: Bench, subject: string | undefined): Bench['devices'] {
    const { emulators } = this.#held;
    if (emulators === undefined) return devices;
    return Object.fromEntries(
      Object.entries(devices).map(([id, device]) => {
        const options = { ...device.options, ...emulators.endpoints[this.#idOf(id, subject)] };
        return [id, { ...device, options }];
      }),
    );
  }

  #lapsed(bench: Bench): Bench {
    return this.#of.mode === 'wire' ? lapseBench(bench, this.#of.timeFactor) : bench;
  }
}

import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type GuardMark, guardMarkSchema } from '../../../control/guard/guard-log.ts';
import type { Clock } from '../../../drivers/contract/clock.ts';
import { type Controller, startController } from '../wires/controller.ts';
import { mountDisk, unmountDisk } from '../wires/disk.ts';
import { type Instruments, openInstrumentsProcess } from '../wires/instruments.ts';
import { type BenchSize, instrumentsOf, type KillFiles, writeKillBench } from './bench.ts';

/** A bench with its instruments, its files, its disks and the clock of its computer. */

/** Where it stands. */
export interface Place {
  readonly root: string;
  readonly clock: Clock;
  readonly folder: string;
  readonly size: BenchSize;
  /** So many are due here: the runs are long enough for them. */
  readonly kills: number;
  /** What was on disks of its own is kept beside them. */
  readonly keeps: boolean;
}

const EXAMPLE = 'examples/pem-500kw';
/** More rounds than any kill takes. */
const ROUNDS_EACH = 3;
/** How late the supply answers, ms. */
const LATE_MS = 40;

export class Stand {
  readonly place: Place;
  /** By how much the clock of this computer is wrong, s. */
  shift_s = 0;
  readonly #clockFile: string;
  readonly #mounted: string[] = [];
  #up: { readonly instruments: Instruments; readonly files: KillFiles } | undefined;
  #folders = 0;

  constructor(place: Place) {
    this.place = place;
    mkdirSync(place.folder, { recursive: true });
    this.#clockFile = join(place.folder, 'clock-shift');
    this.setClock(0);
  }

  /** Instruments that are there, as they are left, or new ones. */
  async up(): Promise<{ readonly instruments: Instruments; readonly files: KillFiles }> {
    if (this.#up !== undefined) return this.#up;
    const { root, clock, folder, size, kills } = this.place;
    const example = join(root, EXAMPLE);
    const instruments = await openInstrumentsProcess(instrumentsOf(example, size, 1), clock);
    const rounds = ROUNDS_EACH * kills + 5;
    const files = writeKillBench(example, join(folder, 'bench'), size, instruments.endpoints, rounds);
    this.#up = { instruments, files };
    await this.heal();
    return this.#up;
  }

  get instruments(): Instruments {
    if (this.#up === undefined) throw new Error('the instruments are not there');
    return this.#up.instruments;
  }

  get files(): KillFiles {
    if (this.#up === undefined) throw new Error('the bench is not there');
    return this.#up.files;
  }

  /** The output of the supply, as it was looked at last. */
  get isOn(): boolean {
    const last = this.instruments.log.findLast(seen => seen.what === 'stack');
    return last?.what === 'stack' && last.output_on === 1;
  }

  /** What the guard has left beside the bench file. */
  get mark(): GuardMark | undefined {
    const path = this.files.mark;
    if (!existsSync(path)) return undefined;
    return guardMarkSchema.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data;
  }

  /** The word of whoever starts again, where one is asked for. */
  get word(): readonly string[] {
    return existsSync(this.files.mark) ? ['--acknowledge', 'chaos'] : [];
  }

  /** Lines and instruments as they should be: but the supply answers late. */
  async heal(): Promise<void> {
    await this.instruments.heal();
    await this.instruments.fault('supply', { delay_ms: LATE_MS });
  }

  /** The clock of the computer is wrong by so much from now on. */
  setClock(shift_s: number): void {
    this.shift_s = shift_s;
    writeFileSync(this.#clockFile, String(shift_s));
  }

  /** A folder for a run or a campaign, on a small disk of its own where this machine allows it. */
  newFolder(name: string): string {
    const path = join(this.place.folder, `${name}-${++this.#folders}`);
    if (mountDisk(path)) this.#mounted.push(path);
    return path;
  }

  /** The program, as a person starts it, in this place and time. */
  start(args: readonly string[]): Controller {
    const { root, clock } = this.place;
    return startController(root, args, clock, {
      NODE_OPTIONS: `--import=${join(root, 'tests/chaos/kills/unsettle.ts')} --disable-warning=ExperimentalWarning`,
      CELLBENCH_CHAOS_CLOCK: this.#clockFile,
    });
  }

  /** Nobody inherits another's mess: the next instruments are new ones. */
  async down(controllers: readonly (Controller | undefined)[]): Promise<void> {
    for (const controller of controllers) {
      for (const pid of [...(controller?.leftBehind() ?? []), controller?.pid ?? 0]) endProcess(pid);
      await controller?.gone(5);
    }
    const { instruments } = this.#up ?? {};
    this.#up = undefined;
    await instruments?.end();
    this.setClock(0);
  }

  /** Takes the disks away. */
  close(): void {
    for (const path of this.#mounted) {
      if (this.place.keeps) cpSync(path, `${path}-kept`, { recursive: true });
      unmountDisk(path);
    }
  }
}

/** Ends a process for good, also one that stands still. */
export function endProcess(pid: number): void {
  if (pid <= 0) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has gone.
  }
}

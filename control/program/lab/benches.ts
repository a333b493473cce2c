import { readFileSync } from 'node:fs';
import { type BenchText, type Finding, type LabBench, LabRefusal } from '../../../dashboards/door/lab.ts';
import { realClock } from '../../../drivers/contract/clock.ts';
import { type Holder, holdersOf } from '../../../drivers/instrument-lock.ts';
import type { Beside } from './beside.ts';
import type { Catalogue, LabEntry } from './catalogue.ts';
import { findingOf } from './findings.ts';
import type { LookTasks } from './look-thread.ts';
import type { BenchLook } from './looks.ts';
import type { LabPlace } from './place.ts';
import type { LeftOnBenches } from './silent/left-on-benches.ts';

/** The benches of a laboratory: what stands on them, and who has them now. */

const LOOK_S = 30;
/** So long what was seen of one stands, s. */
const KEPT_S = 15;
const wall = realClock();

interface Looked {
  readonly sha256: string;
  readonly until_s: number;
  readonly look: Promise<BenchLook>;
}

/** Parts of a laboratory that benches need. */
export interface BenchParts {
  readonly place: LabPlace;
  readonly catalogue: Catalogue;
  readonly look: Beside<LookTasks>;
  /** Run of the laboratory that a process carries; undefined: none that is known. */
  readonly runOf: (pid: number) => string | undefined;
  /** What runs have left on benches without a word. Rejects with LabRefusal where that cannot be read. */
  readonly left: () => Promise<Pick<LeftOnBenches, 'of'>>;
}

/** Reads them; what has not changed is not read again. */
export class Benches {
  readonly #parts: BenchParts;
  readonly #looks = new Map<string, Looked>();

  constructor(parts: BenchParts) {
    this.#parts = parts;
  }

  /** All of them. */
  async all(): Promise<readonly LabBench[]> {
    const entries = this.#parts.catalogue.all('bench');
    const left = await this.#parts.left();
    return await Promise.all(entries.map(entry => this.#bench(entry, left)));
  }

  /** One as it is written, and what is wrong in it. */
  async one(name: string): Promise<BenchText> {
    const entry = this.#parts.catalogue.one('bench', name);
    const { findings, roles } = await this.look(entry);
    const { sha256, title, path } = entry;
    const isBuiltIn = this.#parts.place.isOfPackage(path);
    return {
      name,
      title,
      isBuiltIn,
      sha256,
      text: readFileSync(path, 'utf8'),
      findings: this.#told(findings),
      roles: [...roles],
    };
  }

  /** What it says; read anew when its file has changed, and now and then, for it names others. */
  async look({ path, sha256 }: LabEntry): Promise<BenchLook> {
    const known = this.#looks.get(path);
    if (known?.sha256 === sha256 && wall.now_s() < known.until_s) return await known.look;
    const look = this.#parts.look.ask('bench', { path }, LOOK_S);
    this.#looks.set(path, { sha256, until_s: wall.now_s() + KEPT_S, look });
    // What failed is tried again by whoever asks next.
    look.catch(() => this.#looks.delete(path));
    return await look;
  }

  /** Who has its instruments now, in words; empty: nobody on this machine. */
  async busy(entry: LabEntry): Promise<string[]> {
    const { endpoints } = await this.look(entry);
    const held = await holdersOf(endpoints);
    return [...new Set(held.map(({ device, holder }) => this.#heldText(device, holder)))];
  }

  /** @throws LabRefusal where somebody has its instruments */
  async mustBeFree(entry: LabEntry): Promise<void> {
    const busy = await this.busy(entry);
    if (busy.length > 0)
      throw new LabRefusal(
        'clash',
        `${entry.name} is busy: ${busy.join(', ')}; expected a bench that is free`,
      );
  }

  async #bench(entry: LabEntry, left: Pick<LeftOnBenches, 'of'>): Promise<LabBench> {
    const { name, title, sha256, path } = entry;
    const common = { name, title, isBuiltIn: this.#parts.place.isOfPackage(path), sha256 };
    try {
      const { subjects, devices, canEmulate, findings } = await this.look(entry);
      const busy = await this.busy(entry);
      const seen = { subjects: [...subjects], devices: { ...devices }, canEmulate, busy };
      return { ...common, ...seen, findings: this.#told(findings), left: left.of(entry, subjects) };
    } catch (error) {
      if (!(error instanceof LabRefusal)) throw error;
      // One that takes too long to be read keeps nobody from the others.
      const findings = this.#told([findingOf(error.message, 'warning')]);
      const unseen = { subjects: [], devices: {}, canEmulate: false, busy: [] };
      return { ...common, ...unseen, findings, left: left.of(entry, []) };
    }
  }

  #told(findings: readonly Finding[]): Finding[] {
    return findings.map(finding => ({ ...finding, text: this.#parts.place.said(finding.text) }));
  }

  #heldText(device: string, holder: Holder | undefined): string {
    if (holder === undefined) return `another program of this machine has ${device}`;
    const { pid, startedUtc, bench } = holder;
    return this.#parts.runOf(pid) ?? `process ${pid} since ${startedUtc} (bench ${bench})`;
  }
}

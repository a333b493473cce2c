import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { subjectOf } from '../../control/bench/bench.ts';
import { type LoadedBench, loadBench } from '../../control/bench/bench-file.ts';
import { benchOfMethods } from '../../control/bench/program-channel.ts';
import { beginRun } from '../../control/program/begin.ts';
import { parseMethodFor } from '../../control/program/method-of-bench.ts';
import { describeDevice, plantOf } from '../../control/program/open-devices.ts';
import { software } from '../../control/program/result/software.ts';
import { openRecord } from '../../control/record/record.ts';
import { runUnattended } from '../../control/rehearse/rehearsal.ts';
import { rolesOfDevice } from '../../control/tick/roles.ts';
import { VirtualClock } from '../../drivers/contract/clock.ts';
import type { Device } from '../../drivers/contract/device.ts';
import { seededRandom } from '../../drivers/contract/random.ts';
import type { KpiValue } from '../../profiles/kpi.ts';
import { partKpis } from '../../profiles/language/methods/index.ts';
import type { RecordedRun, RecordedSpectrum } from '../../profiles/recorded-run.ts';
import { openRig } from '../../sim/open-rig.ts';
import type { PlantRig } from '../../sim/plant/parts/model.ts';
import { openTwin } from '../../sim/twin.ts';

/** A method of the language run on the twin of a bench, with what only the twin knows beside it. */
export interface TruthRun {
  readonly state: string;
  readonly reason: string;
  /** Figures of the parts from the readings, and the same from readings without error and noise. */
  readonly kpis: readonly KpiValue[];
  readonly trueKpis: readonly KpiValue[];
  /** A figure of the plant by name over the run: times and values, each second at most. */
  truth(name: string): { readonly t_s: Float64Array; readonly value: Float64Array };
  readonly recorded: RecordedRun['parts'];
  readonly steps: NonNullable<RecordedRun['steps']>;
  /** How long it took, and the longest that its file lets it take, s; undefined where the file does not bound it. */
  readonly took_s: number;
  readonly longest_s: number | undefined;
  /** What is told of the method when it is loaded. */
  readonly notes: readonly string[];
}

/** Roles whose truth is called otherwise. */
export type Called = Readonly<Record<string, string>>;

/** Runs `text` on the twin of the bench at `path`; `also`: truths that are kept beside those of the roles. */
export async function runWithTruth(
  path: string,
  text: string,
  options: {
    readonly seed?: number;
    readonly also?: readonly string[];
    readonly called?: Called;
    /** Where the method stands, where it names files beside it; and what is given for its parameters. */
    readonly at?: string;
    readonly given?: readonly string[];
    /** Which of several subjects of the bench. */
    readonly subject?: string | undefined;
  } = {},
): Promise<TruthRun> {
  const { seed = 1, also = [], called = {}, given = [] } = options;
  const { loaded } = benchOfMethods(loadBench(path, describeDevice, options.subject));
  const clock = new VirtualClock({ utcStart_ms: Date.UTC(2026, 0, 1) });
  const rig = openRig(plantOf(loaded), seed);
  const roles = Object.keys(loaded.bench.roles).map(role => called[role] ?? role);
  const kept = new Kept(rig, [...new Set([...roles, ...also])]);
  const dir = mkdtempSync(join(tmpdir(), 'truth-run-'));
  const methodPath = options.at ?? join(dir, 'method.yaml');
  if (options.at === undefined) writeFileSync(methodPath, text);
  try {
    const method = parseMethodFor(methodPath, text, loaded, { given });
    const head = {
      seed,
      mode: 'rehearsal' as const,
      startedUtc: new Date(clock.utc_ms()).toISOString(),
      software: software(),
      inputs: [],
    };
    const about = { loaded, devices: twinsOf(loaded, kept.watched(), clock, seed), clock, head };
    const rest = {
      procedure: method.procedure,
      method: methodPath,
      timeFactor: 1,
      sources: new Map(),
      faults: [],
    };
    const begun = await beginRun(dir, { ...about, ...rest });
    const outcome = await runUnattended(begun.run, clock);
    await begun.session.close();
    await begun.kept.settled();
    await begun.kept.close();
    const record = openRecord(begun.kept.path, begun.session.parts.roles, subjectOf(loaded.bench));
    const { subject, phases, points, parts = [], steps = [], events, timeFactor } = record;
    const same = { subject, phases, points, parts, steps, events, timeFactor };
    const accuracy = (role: string) => record.accuracy(role);
    const asked = (role: string) => record.asked(role);
    const { spectra = [], voltammograms = [] } = record;
    const kpis = partKpis({
      ...same,
      spectra,
      voltammograms,
      accuracy,
      asked,
      series: role => record.series(role),
    });
    const series = (role: string) => kept.series(called[role] ?? role);
    const exact = { spectra: kept.exactly(spectra) };
    const trueKpis = partKpis({ ...same, ...exact, accuracy, asked, series });
    record.close();
    return {
      state: outcome.state,
      reason: outcome.reason,
      kpis,
      trueKpis,
      truth: name => kept.series(name),
      recorded: parts,
      steps,
      took_s: begun.run.time_s,
      longest_s: method.procedure.longest_s,
      notes: method.procedure.given ?? [],
    };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function twinsOf(loaded: LoadedBench, rig: PlantRig, clock: VirtualClock, seed: number): Map<string, Device> {
  const chance = seededRandom(seed ^ 0x0e15);
  return new Map(
    [...loaded.descriptions].map(([id, description]) => [
      id,
      openTwin(id, description, rolesOfDevice(loaded.bench, id, description), rig, clock, chance),
    ]),
  );
}

/** What the plant truly was at each advance. */
class Kept {
  readonly #rig: PlantRig;
  readonly #names: readonly string[];
  readonly #rows: number[][];
  readonly #t_s: number[] = [];
  /** Impedance at each point that a spectrum was measured at, in their order. */
  readonly #z: { readonly frequency_Hz: number; readonly re: number; readonly im: number }[] = [];

  constructor(rig: PlantRig, names: readonly string[]) {
    this.#rig = rig;
    this.#names = names.filter(name => rig.truths.includes(name));
    this.#rows = this.#names.map(() => []);
  }

  /** The rig, each advance of which is looked at. */
  watched(): PlantRig {
    const rig = this.#rig;
    return Object.create(rig, {
      advanceTo: {
        value: (t_s: number) => {
          rig.advanceTo(t_s);
          this.#take(t_s);
        },
      },
      impedance: {
        value: (frequencies_Hz: Float64Array) => {
          const z = rig.impedance(frequencies_Hz);
          this.#z.push({ frequency_Hz: frequencies_Hz[0], re: z.re_Ohm[0], im: z.im_Ohm[0] });
          return z;
        },
      },
    }) as PlantRig;
  }

  /** The same spectra as the plant had them. */
  exactly(spectra: readonly RecordedSpectrum[]): RecordedSpectrum[] {
    const rest = [...this.#z];
    return spectra.map(spectrum => {
      // A point of a small amplitude before the first one is of no spectrum.
      if (rest[1]?.frequency_Hz === rest[0]?.frequency_Hz) rest.shift();
      const own = rest.splice(0, spectrum.frequency_Hz.length);
      const [re_Ohm, im_Ohm] = [Float64Array.from(own, z => z.re), Float64Array.from(own, z => z.im)];
      return { ...spectrum, re_Ohm, im_Ohm };
    });
  }

  #take(t_s: number): void {
    if (!(t_s > (this.#t_s.at(-1) ?? Number.NEGATIVE_INFINITY))) return;
    this.#t_s.push(t_s);
    for (const [i, name] of this.#names.entries()) this.#rows[i].push(this.#rig.truthOf(name));
  }

  series(name: string): { readonly t_s: Float64Array; readonly value: Float64Array } {
    const row = this.#rows[this.#names.indexOf(name)];
    if (row === undefined) return { t_s: new Float64Array(0), value: new Float64Array(0) };
    return { t_s: Float64Array.from(this.#t_s), value: Float64Array.from(row) };
  }
}

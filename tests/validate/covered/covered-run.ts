import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { subjectOf } from '../../../control/bench/bench.ts';
import { beginRun } from '../../../control/program/begin.ts';
import { plantOf } from '../../../control/program/open-devices.ts';
import { loadNight, type NightFiles } from '../../../control/program/rehearse/rehearse-once.ts';
import { software } from '../../../control/program/result/software.ts';
import { openRecord } from '../../../control/record/record.ts';
import { runUnattended } from '../../../control/rehearse/rehearsal.ts';
import { compileRoles, rolesOfDevice } from '../../../control/tick/roles.ts';
import { realClock, VirtualClock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import type { KpiValue } from '../../../profiles/kpi.ts';
import { partKpis } from '../../../profiles/language/methods/index.ts';
import { type RecordedRun, type RecordedSeries, sameRun } from '../../../profiles/recorded-run.ts';
import { evaluateCurves, evaluateRun, evaluateTables } from '../../../profiles/run-kpis.ts';
import { faultyRig } from '../../../sim/faults.ts';
import { NO_CHANCE } from '../../../sim/no-chance.ts';
import { openRig, type PlantChoice } from '../../../sim/open-rig.ts';
import type { PlantRig } from '../../../sim/plant/parts/model.ts';
import { plantFor } from '../../../sim/plants.ts';
import { openTwin } from '../../../sim/twin.ts';
import { type DeclaredRig, declaredRig } from './declared-rig.ts';

/** One rehearsal through instruments of declared accuracy; its figures beside the same figures of the true values. */

/** A bench and a method that is run again and again. */
export interface CoveredNight {
  readonly name: string;
  readonly bench: string;
  readonly method: string;
  /** Which of the subjects of the bench. */
  readonly subject?: string;
  /** Roles that nobody measures in this night. */
  readonly without?: readonly string[];
  /** Figures that it is run for, where others are covered by another night: how their names begin. */
  readonly only?: string;
  /** Poll time of all instruments, s, if not that of the bench. */
  readonly poll_s?: number;
  /** What stands in for the subject, if not the twin of the bench. */
  readonly plant?: { readonly plant: string; readonly set: string };
  /** Figures whose truth is known of the twin itself, by the name of the row; others: the same definition over true readings. */
  readonly truths?: Readonly<Record<string, number>>;
  /**
   * Ids of figures whose truth is what the same night gives through faultless instruments: what hangs on when a step ends
   * is an error of theirs, too.
   */
  readonly ideal?: readonly string[];
  /** Its figures are those of the parts of the method, not those of the run. */
  readonly ofParts?: boolean;
  /** Roles whose truth the plant does not give: its sensors are taken without chance. */
  readonly quiet?: readonly string[];
}

/** One figure of one run. */
export interface CoveredFigure {
  /** Id, and its phase where the run as a whole has none of this id. */
  readonly figure: string;
  readonly value: number;
  readonly u95: number;
  readonly truth: number;
}

/** A night that has been read. */
export interface LoadedNight extends NightFiles {
  readonly ofParts: boolean;
  readonly quiet: readonly string[];
  readonly truths: Readonly<Record<string, number>>;
  readonly ideal: readonly string[];
}

/** Asked once: it is a process of its own. */
const SOFTWARE = software();

/** Reads bench and method once for all runs. */
export function loadCovered({
  bench,
  method,
  subject,
  without = [],
  poll_s,
  plant,
  ofParts = false,
  quiet = [],
  truths = {},
  ideal = [],
}: CoveredNight): LoadedNight {
  const night = loadNight({ bench, method, subject, seed: 1 });
  const file = night.loaded.bench;
  const roles = Object.fromEntries(Object.entries(file.roles).filter(([role]) => !without.includes(role)));
  const polled = Object.entries(file.devices).map(([id, device]) => [
    id,
    poll_s === undefined ? device : { ...device, poll_s, stale_after_s: 3 * poll_s },
  ]);
  const twin = plant === undefined ? file.twin : { parameters: {}, ...plant };
  const own = twin === undefined ? {} : { twin };
  const loaded = { ...night.loaded, bench: { ...file, ...own, roles, devices: Object.fromEntries(polled) } };
  return { ...night, loaded, ofParts, quiet, truths, ideal };
}

const faultless = new WeakMap<LoadedNight, ReadonlyMap<string, number>>();

/** Rehearses the night with its own draw of all instruments, in `scratch`. @throws Error if it does not complete */
export async function coveredRun(
  night: LoadedNight,
  seed: number,
  scratch: string,
): Promise<CoveredFigure[]> {
  const { ideal, truths } = night;
  const found = await measuredRun(night, seed, scratch, false);
  if (ideal.length > 0 && !faultless.has(night)) {
    const figures = await measuredRun(night, seed, scratch, true);
    faultless.set(night, new Map(figures.map(({ figure, value }) => [figure, value])));
  }
  return found.map(one => {
    const isIdeal = ideal.some(id => one.figure.includes(`: ${id}`));
    const ownTruth = isIdeal ? faultless.get(night)?.get(one.figure) : undefined;
    return { ...one, truth: truths[one.figure] ?? ownTruth ?? one.truth };
  });
}

/** One rehearsal; `isFaultless`: its instruments show what is. */
async function measuredRun(
  night: LoadedNight,
  seed: number,
  scratch: string,
  isFaultless: boolean,
): Promise<CoveredFigure[]> {
  const { loaded, method, ofParts, quiet } = night;
  const clock = new VirtualClock({ utcStart_ms: realClock().utc_ms() });
  const roles = compileRoles(loaded.bench, loaded.descriptions);
  const subject = subjectOf(loaded.bench);
  const declared = declaredRig(
    faultyRig(quiet.length > 0 ? quietRig(plantOf(loaded)) : openRig(plantOf(loaded), seed), night.faults),
    subject.kind,
    subject.kind === 'cell' ? 10 * subject.capacity_Ah : 0,
    role => (isFaultless ? undefined : roles.measured.get(role)?.accuracy),
    seed,
    quiet,
  );
  const devices = new Map<string, Device>();
  for (const [id, description] of loaded.descriptions)
    devices.set(
      id,
      openTwin(id, description, rolesOfDevice(loaded.bench, id, description), declared.rig, clock),
    );
  const dir = join(scratch, `run-${seed}`);
  mkdirSync(dir);
  try {
    const { session, run, kept } = await beginRun(dir, {
      loaded,
      devices,
      clock,
      procedure: method.procedure,
      method: method.path,
      head: {
        seed,
        mode: 'rehearsal',
        startedUtc: new Date(clock.utc_ms()).toISOString(),
        software: SOFTWARE,
        inputs: night.inputs,
      },
      timeFactor: 1,
      faults: [],
    });
    const outcome = await runUnattended(run, clock);
    await session.close();
    await kept.close();
    if (outcome.state !== 'Complete') throw new Error(`seed ${seed}: ${outcome.state}: ${outcome.reason}`);
    const record = openRecord(kept.path, roles, subject);
    try {
      const real = trueRecord(record, declared, kept.origin_s);
      const zero_mA = declared.zero('cell.current_A') * 1000;
      if (ofParts) return compareParts(record, real);
      return compare(record, real, run.spec.procedure).map(f =>
        // What a meter shows at rest is its own error: the truth of it is no truth of the cell.
        f.figure === 'meter-zero' ? { ...f, truth: zero_mA } : f,
      );
    } finally {
      record.close();
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** A rig whose sensors show what is. */
function quietRig(choice: PlantChoice): PlantRig {
  const { set, parameters, subject } = choice;
  return plantFor(choice).create({ set, parameters, subject, random: NO_CHANCE });
}

/** The record as faultless instruments would have made it: the true values at the times of the measured ones. */
function trueRecord(record: RecordedRun, { truth }: DeclaredRig, origin_s: number): RecordedRun {
  return {
    ...sameRun(record),
    // Their truth is the plant's own (rows of the spectra), not what was measured.
    spectra: [],
    accuracy: () => ({ reading_pct: 0, abs: 0, basis: 'default' }),
    series(role): RecordedSeries {
      const known = truth(role);
      if (known === undefined) return record.series(role);
      // Without a counter the truth is the integral of the true current, too: the twin's counters add up its steps.
      if (record.series(role).t_s.length === 0) return record.series(role);
      const { t_s } = record.series(role);
      const value = new Float64Array(t_s.length);
      let at = 0;
      for (let i = 0; i < t_s.length; i++) {
        while (at + 1 < known.t_s.length && known.t_s[at] < t_s[i] + origin_s - 1e-6) at++;
        value[i] = known.value[at];
      }
      return { t_s, value };
    },
  };
}

function compare(
  measured: RecordedRun,
  real: RecordedRun,
  procedure: Parameters<typeof evaluateRun>[1],
): CoveredFigure[] {
  const nameOf = ({ phase, id }: KpiValue): string => `${phase}: ${id}`;
  const parts = new Set(partKpis(measured).map(nameOf));
  const shown = evaluateRun(measured, procedure).filter(figure => !parts.has(nameOf(figure)));
  const known = evaluateRun(real, procedure);
  const whole = new Set(shown.filter(k => k.phase === undefined).map(k => k.id));
  const figures: CoveredFigure[] = [];
  const same = (a: KpiValue) => (b: KpiValue) => b.id === a.id && b.phase === a.phase;
  for (const kpi of shown) {
    if (kpi.u95 === undefined || kpi.value === null) continue;
    if (kpi.phase !== undefined && whole.has(kpi.id)) continue;
    const figure = kpi.phase === undefined ? kpi.id : `${kpi.id} of ${kpi.phase}`;
    figures.push({
      figure,
      value: kpi.value,
      u95: kpi.u95,
      truth: known.find(same(kpi))?.value ?? Number.NaN,
    });
  }
  return [...figures, ...curvePoints(measured, real), ...tableFigures(measured, real)];
}

/** Figures of the parts of a method of the language, each under its part's name; those of levels by their order. */
function compareParts(measured: RecordedRun, real: RecordedRun): CoveredFigure[] {
  const known = partKpis(real);
  const seen = new Map<string, number>();
  return partKpis(measured).flatMap((figure, i) => {
    const { id, phase = '', value, u95 } = figure;
    const base = `${phase}: ${id.replace(/-at-[\d.]+pct$/, '-at-level')}`;
    const n = (seen.get(base) ?? 0) + 1;
    seen.set(base, n);
    if (value === null || u95 === undefined) return [];
    const name = base.endsWith('-at-level') ? `${base}-${n}` : base;
    return [{ figure: name, value, u95, truth: known[i]?.value ?? Number.NaN }];
  });
}

/** Lowest and highest point of the way up of the first curve. */
function curvePoints(measured: RecordedRun, real: RecordedRun): CoveredFigure[] {
  const points = evaluateCurves(measured)[0]?.points ?? [];
  const known = evaluateCurves(real)[0]?.points ?? [];
  const top = points.reduce((best, p, i) => (p.current_A > points[best].current_A ? i : best), 0);
  return [...new Set([0, top])].flatMap(i =>
    points[i] === undefined
      ? []
      : [
          {
            figure: i === 0 ? 'curve point, lowest' : 'curve point, highest',
            value: points[i].cellVoltage_V,
            u95: points[i].u95_V,
            truth: known[i]?.cellVoltage_V ?? Number.NaN,
          },
        ],
  );
}

/** What the tables say with an uncertainty: efficiencies of the first cycle, resistance of the first pulse. */
function tableFigures(measured: RecordedRun, real: RecordedRun): CoveredFigure[] {
  const known = evaluateTables(real);
  return evaluateTables(measured).flatMap(table =>
    table.columns.flatMap((column, i) => {
      const [name, unit] = column.split('_');
      const [value, u95] = [table.rows[0][i], table.rows[0][table.columns.indexOf(`${name}U95_${unit}`)]];
      const truth = known.find(({ id }) => id === table.id)?.rows[0]?.[i];
      if (typeof value !== 'number' || typeof u95 !== 'number') return [];
      const figure = `${name} in the table of ${table.id}`;
      return [{ figure, value, u95, truth: typeof truth === 'number' ? truth : Number.NaN }];
    }),
  );
}

import { VOLTAGE } from '../../../cell/ledger.ts';
import { stillToCome, temperatureTold } from '../../../cell/rest-alone.ts';
import type { Figure } from '../../../kpi.ts';
import { meanOf } from '../../../record-math.ts';
import type { RecordedPart, RecordedRun, RecordedStep } from '../../../recorded-run.ts';
import { readingNoise } from '../../../uncertainty/reading-noise.ts';
import { declaredAt, REPEATABILITY_FRAC } from '../../../uncertainty/repeatability.ts';
import { accountOf, chargeOf, figureOf, numberName } from '../cell/account.ts';
import { voltageAtEnd } from '../cell/charges.ts';
import { defineEvaluation, numberOf, stepsOf } from '../evaluation.ts';
import { resistanceAt } from './resistance.ts';

/** Resistance and power by pulses: HPPC and DCIR (IEC 62660-1; Battery Test Manual for Electric Vehicles, INL/EXT-15-34184). */

const AT_S = [0.1, 2, 10] as const;
const WAYS = [
  { id: 'pulseOut', name: 'discharge' },
  { id: 'pulseIn', name: 'charge' },
] as const;

const RESISTANCES = WAYS.flatMap(way =>
  AT_S.map(at_s => ({
    id: `${way.name}-resistance-${at_s}s`,
    unit: 'mOhm',
    doc: `change of voltage over change of current ${at_s} s after a ${way.name} pulse began, from what the rest alone would have come to by then`,
  })),
);
const POWERS = [
  {
    id: 'discharge-power',
    unit: 'W',
    doc: 'power out at the lower voltage by the resistance at 10 s and the voltage at rest',
  },
  {
    id: 'charge-power',
    unit: 'W',
    doc: 'power in at the upper voltage by the resistance at 10 s and the voltage at rest',
  },
] as const;

/** Resistance of a discharge and a charge pulse at the state that the cell has. */
export const dcir = defineEvaluation({
  method: 'dcir',
  figures: RESISTANCES,
  evaluate: (run, part) => at(run, part, 0).map(({ of, given }) => figureOf(of, given)),
});

/** HPPC: resistances and powers at each level, named after the state of charge by the nominal capacity. */
export const hppc = defineEvaluation({
  method: 'hppc',
  ids: ['pulseOut'],
  figures: [...RESISTANCES, ...POWERS].map(of => ({
    ...of,
    doc: `${of.doc}; one figure a level, named after it`,
  })),
  evaluate(run, part) {
    const levels = stepsOf(run, part, 'pulseOut').length;
    const downs = stepsOf(run, part, 'down');
    const account = accountOf(run);
    let taken_Ah = 0;
    return Array.from({ length: levels }, (_, i) => {
      if (account !== undefined && downs[i] !== undefined)
        taken_Ah += chargeOf(account, downs[i], 'out').value;
      const soc_pct = 100 - (100 * taken_Ah) / (account?.cell.capacity_Ah ?? Number.NaN);
      const figures = [...at(run, part, i), ...powersAt(run, part, i)];
      return figures.map(({ of, given }) =>
        figureOf({ ...of, id: `${of.id}-at-${numberName(Math.round(soc_pct), 'pct')}` }, given),
      );
    }).flat();
  },
});

interface Found {
  readonly of: { readonly id: string; readonly unit: string; readonly doc: string };
  readonly given: Partial<Figure>;
}

/** With the temperature of the cell in the pulse: a resistance depends on it. */
function definitionOf(run: RecordedRun, { doc }: Found['of'], pulses: readonly RecordedStep[]): string {
  const windows = pulses.map(({ start_s, end_s }) => ({ from_s: start_s, to_s: end_s }));
  return `${doc}. ${temperatureTold(run, windows)}.`;
}

function at(run: RecordedRun, part: RecordedPart, level: number): Found[] {
  return WAYS.flatMap(({ id }, w) => {
    const pulse = stepsOf(run, part, id)[level];
    return AT_S.map((at_s, k) => {
      const of = RESISTANCES[w * AT_S.length + k];
      return {
        of,
        given:
          pulse === undefined
            ? { missing: `no step in it with the id "${id}" has ended` }
            : { ...resistanceAt(run, pulse, at_s), definition: definitionOf(run, of, [pulse]) },
      };
    });
  });
}

function powersAt(run: RecordedRun, part: RecordedPart, level: number): Found[] {
  const { subject } = run;
  const rest = stepsOf(run, part, 'before')[level];
  return WAYS.map(({ id }, w) => {
    const pulse = stepsOf(run, part, id)[level];
    const of = POWERS[w];
    if (subject.kind !== 'cell') return { of, given: { missing: 'what stands on this bench is no cell' } };
    if (pulse === undefined || rest === undefined) {
      const lacking = pulse === undefined ? id : 'before';
      return { of, given: { missing: `no step in it with the id "${lacking}" has ended at this level` } };
    }
    const { value: r_mOhm, u95: rU95_mOhm, missing } = resistanceAt(run, pulse, AT_S[2]);
    if (r_mOhm === null) return { of, given: { missing: `no resistance at 10 s: ${missing}` } };
    const open = voltageAtEnd(run, rest);
    const limit_V = w === 0 ? subject.voltageMin_V : subject.voltageMax_V;
    const ohm = r_mOhm / 1000;
    const value = (limit_V * Math.abs(open.value - limit_V)) / ohm;
    const u95 = Math.hypot((limit_V * open.u95) / ohm, (value * rU95_mOhm) / 1000 / ohm);
    const definition = definitionOf(run, of, [pulse]);
    return { of, given: { value, u95, definition, missing: 'the current did not change' } };
  });
}

/** Voltage at rest after each pulse of a titration is a figure named after the state of charge. */
const OCV = {
  id: 'ocv',
  unit: 'V',
  doc: 'voltage at the end of each rest, with what it would still relax in the uncertainty; one figure a rest, named after the state of charge',
};
const DIFFUSION = {
  id: 'diffusion-coefficient',
  unit: 'cm2/s',
  doc: 'mean of 4 L2 / (pi t) (change at rest / change in the pulse)2 (Weppner and Huggins, J. Electrochem. Soc. 124 (1977) 1569)',
};

/** GITT: open-circuit voltage over charge, apparent diffusion coefficient. */
export const gitt = defineEvaluation({
  method: 'gitt',
  ids: ['pulse', 'still'],
  figures: [OCV, DIFFUSION],
  evaluate(run, part) {
    const account = accountOf(run);
    const pulses = stepsOf(run, part, 'pulse');
    const stills = stepsOf(run, part, 'still');
    if (account === undefined)
      return [OCV, DIFFUSION].map(of => figureOf(of, { missing: 'what stands on this bench is no cell' }));
    const pairs = Math.min(pulses.length, stills.length);
    let taken_Ah = 0;
    const levels = stills.slice(0, pairs).map((still, i) => {
      taken_Ah += chargeOf(account, pulses[i], 'out').value;
      const load_s = (pulses[i].end_s - pulses[i].start_s) * run.timeFactor;
      const rest = { from_s: still.start_s, to_s: still.end_s - 1e-6 };
      const toCome = stillToCome(run.series(VOLTAGE), rest, load_s, run.timeFactor);
      return {
        ...voltageAtEnd(run, still),
        toCome,
        soc_pct: 100 - (100 * taken_Ah) / account.cell.capacity_Ah,
      };
    });
    const length_cm = numberOf(part, 'diffusionLength_um') * 1e-4;
    const found = levels.slice(1).flatMap((level, i) => {
      const pulse = pulses[i + 1];
      // In the pulse without its ohmic part: from a second after its begin to its end.
      const from = meanNear(run, pulse.start_s + 2 / run.timeFactor);
      const to = meanNear(run, pulse.end_s - 2 / run.timeFactor);
      const [rested_V, pulsed_V] = [level.value - levels[i].value, to.value - from.value];
      const ratio = rested_V / pulsed_V;
      const tau_s = (pulse.end_s - pulse.start_s) * run.timeFactor;
      const d = ((4 * length_cm ** 2) / (Math.PI * tau_s)) * ratio ** 2;
      // One meter: what is fixed cancels in both changes, but for its repeatability.
      const repeats_V = Math.SQRT2 * REPEATABILITY_FRAC * declaredAt(run.accuracy(VOLTAGE), level.value);
      const relative = Math.hypot(
        Math.hypot(level.random, levels[i].random, level.toCome, levels[i].toCome, repeats_V) / rested_V,
        Math.hypot(from.random, to.random) / pulsed_V,
      );
      return Number.isFinite(d) ? [{ d, u95: 2 * d * relative }] : [];
    });
    const mean = found.reduce((sum, { d }) => sum + d, 0) / found.length;
    const u95 = Math.hypot(...found.map(one => one.u95)) / found.length;
    const list = found.map(({ d }) => d.toPrecision(3)).join(', ');
    return [
      ...levels.map(({ value, u95, toCome, soc_pct }) =>
        figureOf(
          { ...OCV, id: `ocv-at-${numberName(Math.round(10 * soc_pct) / 10, 'pct')}` },
          { value, u95: u95 + toCome },
        ),
      ),
      figureOf(DIFFUSION, {
        value: length_cm > 0 && found.length > 1 ? mean : null,
        u95,
        definition: `${DIFFUSION.doc}. Of the whole cell: both electrodes together. Pulse by pulse: ${list} cm2/s. Uncertainty: that of the voltmeter and what the rests would still relax; whether the formula holds for the cell is not in it.`,
        missing: length_cm > 0 ? 'fewer than two pulses' : 'the diffusion length was not given',
      }),
    ];
  },
});

/** Mean voltage around a time, V, and what its noise makes of it, k = 2. */
function meanNear(run: RecordedRun, t_s: number): { readonly value: number; readonly random: number } {
  const half_s = 1.5 / run.timeFactor;
  const { mean, count } = meanOf(run.series(VOLTAGE), t_s - half_s, t_s + half_s);
  const noise_V = readingNoise(run.series(VOLTAGE), t_s - 20 * half_s, t_s + 20 * half_s);
  return { value: mean, random: (2 * noise_V) / Math.sqrt(Math.max(1, count)) };
}

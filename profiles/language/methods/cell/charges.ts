import { VOLTAGE } from '../../../cell/ledger.ts';
import { meanOf, randomOfMean } from '../../../record-math.ts';
import type { RecordedPart, RecordedRun } from '../../../recorded-run.ts';
import { standingGauge } from '../../../uncertainty/standing-gauge.ts';
import { defineEvaluation, stepsOf } from '../evaluation.ts';
import { accountOf, chargeOf, energyOf, figureOf } from './account.ts';

/** The charges that bring a cell to a state: what went in or out, and the voltage in which it came to rest. */

const FULL = [
  { id: 'charge', unit: 'Ah', doc: 'charge that the cell took until it was full' },
  { id: 'charge-energy', unit: 'Wh', doc: 'energy that the cell took until it was full' },
  { id: 'rest-voltage', unit: 'V', doc: 'voltage at the end of the rest after it' },
] as const;

/** Full charge: charge, energy, voltage at rest. */
export const fullCharge = defineEvaluation({
  method: 'full-charge',
  ids: ['fill'],
  figures: FULL,
  evaluate(run, part) {
    const account = accountOf(run);
    const fill = stepsOf(run, part, 'fill').at(-1);
    if (account === undefined || fill?.ended !== 'condition')
      return FULL.map(of => figureOf(of, { missing: 'the charge did not come to its end' }));
    return [
      figureOf(FULL[0], { ...amount(chargeOf(account, fill, 'into')) }),
      figureOf(FULL[1], energyOf(account, fill, 'into')),
      figureOf(FULL[2], restVoltage(run, part)),
    ];
  },
});

const LEVEL = [
  { id: 'soc', unit: 'pct', doc: 'state of charge: full less the charge taken out, of the nominal capacity' },
  { id: 'rest-voltage', unit: 'V', doc: 'voltage at the end of the rest at it' },
] as const;

/** Charge to a state: the state by charge and the voltage at rest in it. */
export const chargeToSoc = defineEvaluation({
  method: 'charge-to-soc',
  ids: ['out'],
  figures: LEVEL,
  evaluate(run, part) {
    const account = accountOf(run);
    const out = stepsOf(run, part, 'out').at(-1);
    if (account === undefined || out?.ended !== 'condition')
      return LEVEL.map(of => figureOf(of, { missing: 'the discharge did not come to its end' }));
    const taken = chargeOf(account, out, 'out');
    const { capacity_Ah } = account.cell;
    return [
      figureOf(LEVEL[0], {
        value: 100 - (100 * taken.value) / capacity_Ah,
        u95: (100 * taken.u95) / capacity_Ah,
      }),
      figureOf(LEVEL[1], restVoltage(run, part)),
    ];
  },
});

function amount({ value, u95 }: { value: number; u95: number }): { value: number; u95: number } {
  return { value, u95 };
}

/** So much of the end of a rest is averaged, life s. */
const LAST_S = 30;

const withU95 = ({ value, u95 }: ReturnType<typeof voltageAtEnd>) => ({ value, u95 });

function restVoltage(
  run: RecordedRun,
  part: RecordedPart,
): { value: number | null; u95: number; missing: string } {
  const rest = stepsOf(run, part, 'relax').at(-1);
  if (rest === undefined) return { value: null, u95: 0, missing: 'no rest after it' };
  const stands = standingGauge(run, VOLTAGE, {
    from_s: Math.max(rest.start_s, rest.end_s - LAST_S / run.timeFactor),
    to_s: rest.end_s,
  });
  if (stands !== undefined) return { value: null, u95: 0, missing: stands };
  return { ...withU95(voltageAtEnd(run, rest)), missing: 'no usable voltage at its end' };
}

/** Mean voltage over the last half minute of a step, V, with its uncertainty k = 2 and what scatter makes of it alone. */
export function voltageAtEnd(
  run: RecordedRun,
  step: { readonly start_s: number; readonly end_s: number },
): { readonly value: number; readonly u95: number; readonly random: number } {
  const voltage = run.series(VOLTAGE);
  // The reading at the very end may show the next step.
  const [from_s, to_s] = [
    Math.max(step.start_s + 1e-6, step.end_s - LAST_S / run.timeFactor),
    step.end_s - 1e-6,
  ];
  const { mean } = meanOf(voltage, from_s, to_s);
  const { reading_pct, abs } = run.accuracy(VOLTAGE);
  const random = randomOfMean(voltage, from_s, to_s);
  return { value: mean, u95: Math.hypot((mean * reading_pct) / 100, abs, random), random };
}

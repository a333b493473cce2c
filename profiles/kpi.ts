import type { Basis } from '../drivers/contract/device.ts';

/**
 * Every unit that a figure of the program has, each in one spelling: letters without signs (`pct`, `degC`, as in the names of roles),
 * a slash for "per". Figures that a method itself returns have the unit of their name, in the same spelling.
 */
export const FIGURE_UNITS = [
  ...['1', 'pct', 'vol_pct', 'wt_pct', 'pct/month', 's', 'h', 'degC', 'K/min', 'barg', 'bara', 'bar/min'],
  ...['A', 'mA', 'mA/cm2', 'C', 'Ah', 'Ah/V', 'V', 'mV', 'mV/dec', 'mV/h', 'uV/h', 'uV/cycle', 'uV/start'],
  ...['W', 'Wh', 'kWh', 'mOhm', 'mOhm.cm2', 'mOhm/s^0.5', 'S/cm', 'cm2/s', 'kJ/mol', 'NL/min'],
] as const;

/** The unit at the end of a name as figures spell it: `NL_per_min` -> NL/min; a count has none: 1. */
export function figureUnit(ofName: string | undefined): string {
  return ofName === undefined || ofName === 'count' ? '1' : ofName.replaceAll('_per_', '/');
}

/** One figure of a result. `value` is null where it could not be computed; `definition` then says why. */
export interface KpiValue {
  readonly id: string;
  readonly phase?: string;
  readonly value: number | null;
  readonly unit: string;
  /** Expanded uncertainty, k = 2, same unit as `value`. */
  readonly u95?: number;
  /** What the figure is, and what has to be known to judge it. */
  readonly definition: string;
  readonly basis: Basis;
  /** What its method asks of it, and whether it meets that. */
  readonly criterion?: Criterion;
}

/** What a figure must be. `undecided`: it has no value, or the limit lies within its uncertainty. */
export interface Criterion {
  readonly is: '<' | '>';
  readonly limit: number;
  readonly outcome: 'pass' | 'fail' | 'undecided';
}

/** A table behind the figures, e.g. cycle by cycle: each column's name ends with its unit, null where there is no value. */
export interface FigureTable {
  readonly id: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (number | string | null)[])[];
}

/** One averaged point of a polarisation curve. */
export interface CurvePoint {
  readonly leg: 'up' | 'down';
  readonly current_A: number;
  readonly cellVoltage_V: number;
  /** Expanded uncertainty of cellVoltage_V, k = 2. */
  readonly u95_V: number;
}

/** A figure before it is judged. */
export interface Figure extends Omit<KpiValue, 'value' | 'criterion'> {
  readonly value: number | null;
  /** Why there is no value, where there is none. */
  readonly missing?: string;
  /** What the method asks of it. */
  readonly accepted?: Omit<Criterion, 'outcome'>;
  /** Words of a list of figures: in a result they stand in its definition. */
  readonly doc?: never;
}

/**
 * A figure, or why it cannot be given; not finite becomes null. Where its method asks something of it, judged with its
 * uncertainty: whatever lies nearer to the limit than u95 is not decided (JCGM 106:2012, guarded both ways).
 */
export function kpi(figure: Figure): KpiValue {
  const { accepted, ...rest } = figure;
  const given = checked(rest);
  return accepted === undefined
    ? given
    : { ...given, criterion: { ...accepted, outcome: judged(given, accepted) } };
}

function judged(
  { value, u95 = 0 }: KpiValue,
  { is, limit }: Omit<Criterion, 'outcome'>,
): Criterion['outcome'] {
  if (value === null || Math.abs(value - limit) < u95) return 'undecided';
  return (is === '<' ? value < limit : value > limit) ? 'pass' : 'fail';
}

function checked(figure: Omit<Figure, 'accepted'>): KpiValue {
  const { missing, ...rest } = figure;
  const usable = rest.value !== null && Number.isFinite(rest.value);
  if (!usable) {
    const { u95: _none, ...bare } = rest;
    return {
      ...bare,
      value: null,
      definition: `${rest.definition} No value: ${missing ?? 'not computable'}.`,
    };
  }
  if (rest.u95 !== undefined && !Number.isFinite(rest.u95)) {
    const { u95: _none, ...bare } = rest;
    const definition = `${rest.definition} Its uncertainty is not known: the accuracy of its readings is not.`;
    return { ...bare, definition };
  }
  return rest;
}

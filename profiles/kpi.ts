import type { Basis } from '../drivers/contract/device.ts';

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

/** A figure that cannot be given, and why. Also guards against NaN: not finite becomes null. */
export function kpi(figure: Omit<KpiValue, 'value'> & { value: number | null; missing?: string }): KpiValue {
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
    return bare;
  }
  return rest;
}

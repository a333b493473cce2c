import type { ShownVoltammogram } from '../contract/shown.ts';

/** A voltammogram as it was swept. */
export interface SweptPoints extends Pick<ShownVoltammogram, 'name' | 'state' | 'asked'> {
  readonly scan_count: ArrayLike<number>;
  readonly voltage_V: ArrayLike<number>;
  readonly current_A: ArrayLike<number>;
  readonly voltageIs?: ShownVoltammogram['voltageIs'];
}

/** More points do not show on a picture. */
const MOST = 2000;

/** What page and report show of a voltammogram: of a long one each so many-th point, and the last. */
export function shownVoltammogram({ name, state, asked, ...swept }: SweptPoints): ShownVoltammogram {
  const { scan_count, voltage_V, current_A, voltageIs } = swept;
  const points = voltage_V.length;
  const every = Math.max(1, Math.ceil(points / MOST));
  const shown = (all: ArrayLike<number>): number[] =>
    Array.from(all).filter((_, i) => i % every === 0 || i === points - 1);
  return {
    name,
    state,
    asked,
    points,
    scan_count: shown(scan_count),
    voltage_V: shown(voltage_V),
    current_A: shown(current_A),
    ...(voltageIs === undefined ? {} : { voltageIs }),
  };
}

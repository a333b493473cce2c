/** What a stretch of readings is kept as: a few figures, which two neighbouring stretches add up to. No allocation. */

/** A kind of figure over time. All work on one array of memory, in which a stretch begins at an index. */
export interface Aggregate {
  readonly fields: number;
  /** A stretch of one reading. */
  start(m: Float64Array, at: number, t_s: number, x: number): void;
  /** `to` becomes `a` followed by `b`; it may be one of them. */
  join(m: Float64Array, to: number, a: number, b: number): void;
  /** The figure of a stretch; NaN where it has none. */
  figure(m: Float64Array, at: number): number;
}

/** Highest minus lowest. */
const span: Aggregate = {
  fields: 2,
  start(m, at, _, x) {
    m[at] = x;
    m[at + 1] = x;
  },
  join(m, to, a, b) {
    m[to] = Math.min(m[a], m[b]);
    m[to + 1] = Math.max(m[a + 1], m[b + 1]);
  },
  figure: (m, at) => m[at + 1] - m[at],
};

/**
 * Least-squares slope per second. Fields: number, mean time, mean value, sum of squares of time, of products, about
 * the means; they add up without cancellation (Chan, Golub, LeVeque, COMPSTAT 1982).
 */
const slope: Aggregate = {
  fields: 5,
  start(m, at, t_s, x) {
    m[at] = 1;
    m[at + 1] = t_s;
    m[at + 2] = x;
    m[at + 3] = 0;
    m[at + 4] = 0;
  },
  join(m, to, a, b) {
    const [na, nb] = [m[a], m[b]];
    const n = na + nb;
    const dt = m[b + 1] - m[a + 1];
    const dx = m[b + 2] - m[a + 2];
    const share = (na * nb) / n;
    m[to + 3] = m[a + 3] + m[b + 3] + dt * dt * share;
    m[to + 4] = m[a + 4] + m[b + 4] + dt * dx * share;
    m[to + 1] = m[a + 1] + (dt * nb) / n;
    m[to + 2] = m[a + 2] + (dx * nb) / n;
    m[to] = n;
  },
  figure: (m, at) => (m[at + 3] > 0 ? m[at + 4] / m[at + 3] : Number.NaN),
};

/**
 * Mean over time, straight lines between readings. Fields: integral of what lies above the first value, first time and
 * value, last time and value. So a value that never changes is its own mean to the last digit.
 */
const average: Aggregate = {
  fields: 5,
  start(m, at, t_s, x) {
    m[at] = 0;
    m[at + 1] = t_s;
    m[at + 2] = x;
    m[at + 3] = t_s;
    m[at + 4] = x;
  },
  join(m, to, a, b) {
    const rise = m[b + 2] - m[a + 2];
    const between = ((m[b + 1] - m[a + 3]) * (m[a + 4] - m[a + 2] + rise)) / 2;
    m[to] = m[a] + between + m[b] + rise * (m[b + 3] - m[b + 1]);
    const [last_s, last] = [m[b + 3], m[b + 4]];
    m[to + 1] = m[a + 1];
    m[to + 2] = m[a + 2];
    m[to + 3] = last_s;
    m[to + 4] = last;
  },
  figure: (m, at) => (m[at + 3] > m[at + 1] ? m[at + 2] + m[at] / (m[at + 3] - m[at + 1]) : m[at + 2]),
};

export const AGGREGATES = { span, slope, average } as const;
export type WindowKind = keyof typeof AGGREGATES;

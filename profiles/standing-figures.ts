import type { KpiValue } from './kpi.ts';
import { fetchedOnce, fetchedRoles } from './record-math.ts';
import { type RecordedRun, type RecordedSeries, sameRun } from './recorded-run.ts';
import { indexAt, type SeriesPart } from './series-parts.ts';
import { type Standing, type StandingStretch, standingOf } from './uncertainty/standing-stretches.ts';

/**
 * Figures of a record in which instruments stood still (`standing-stretches.ts`). What they repeat is no reading, and no
 * method has to ask for it: a figure that would be another one, were these readings others, is none. That is found out by
 * evaluating the record again without them, and with them far up and far down (a largest value does not miss the readings
 * that are left out, but sees higher ones).
 */

/** Figures of a record, those that hang on readings that are none being null with the reason. */
export function figuresOfReadings(
  recorded: RecordedRun,
  evaluate: (run: RecordedRun) => readonly KpiValue[],
): readonly KpiValue[] {
  const run = fetchedOnce(recorded);
  const shown = evaluate(run);
  const standing = standingIn(run);
  if (standing.size === 0) return shown;
  const reasons = new Map<string, Set<string>>();
  for (const role of standing.keys()) {
    const alone = new Map([[role, standing.get(role) as Standing]]);
    for (const way of [Number.NaN, 1, -1]) {
      const others = byName(evaluate(fetchedOnce(changed(run, alone, way))));
      for (const [name, figure] of byName(shown))
        if (!isSame(figure, others.get(name))) reasons.set(name, (reasons.get(name) ?? new Set()).add(role));
    }
  }
  return [...byName(shown)].map(([name, figure]) => {
    const roles = reasons.get(name);
    if (figure.value === null || roles === undefined) return figure;
    return without(figure, [...roles].map(role => saidOf(standing.get(role)?.stretches ?? [])).join('; '));
  });
}

/** The record with what is none of its readings left out, for tables and curves; itself where there is nothing. */
export function readingsOnly<T>(recorded: RecordedRun, evaluate: (run: RecordedRun) => T): T {
  const run = fetchedOnce(recorded);
  const shown = evaluate(run);
  const standing = standingIn(run);
  return standing.size === 0 ? shown : evaluate(fetchedOnce(changed(run, standing, Number.NaN)));
}

/** What was found of each role of a record that somebody has looked at. */
const known = new WeakMap<RecordedRun, Map<string, Standing>>();

function standingIn(run: RecordedRun): ReadonlyMap<string, Standing> {
  const seen = known.get(run) ?? new Map<string, Standing>();
  known.set(run, seen);
  for (const role of fetchedRoles(run)) if (!seen.has(role)) seen.set(role, standingOf(run, role));
  return new Map([...seen].filter(([, { stretches }]) => stretches.length > 0));
}

/** Figures by what they are called; one that comes again is numbered. */
function byName(figures: readonly KpiValue[]): ReadonlyMap<string, KpiValue> {
  const named = new Map<string, KpiValue>();
  for (const figure of figures) {
    const name = JSON.stringify([figure.phase, figure.id]);
    let again = name;
    for (let n = 2; named.has(again); n++) again = `${name} ${n}`;
    named.set(again, figure);
  }
  return named;
}

function isSame(a: KpiValue, b: KpiValue | undefined): boolean {
  return b !== undefined && Object.is(a.value, b.value) && Object.is(a.u95, b.u95);
}

/** The same figure without its value. */
function without({ value: _, u95: _u95, criterion, ...rest }: KpiValue, why: string): KpiValue {
  return {
    ...rest,
    value: null,
    definition: `${rest.definition} No value: ${why}.`,
    ...(criterion === undefined ? {} : { criterion: { ...criterion, outcome: 'undecided' } }),
  };
}

function saidOf(stretches: readonly StandingStretch[]): string {
  const more = stretches.length > 1 ? `; ${stretches.length - 1} more such stretches` : '';
  return `${stretches[0]?.said ?? ''}${more}`;
}

/** The record with the readings of stretches moved `way` times beyond all others, or not usable (NaN). */
function changed(run: RecordedRun, standing: ReadonlyMap<string, Standing>, way: number): RecordedRun {
  return {
    ...sameRun(run),
    series(role) {
      const series = run.series(role);
      const found = standing.get(role);
      return found === undefined ? series : changedSeries(series, found, way * found.beyond);
    },
  };
}

/** The first reading of a stretch stays: it may have been one. */
function changedSeries(series: RecordedSeries, { stretches }: Standing, by: number): RecordedSeries {
  const change = ({ t_s, value }: SeriesPart): SeriesPart => {
    let own = value;
    for (const { from_s, to_s } of stretches) {
      const end = indexAt(t_s, to_s);
      for (let i = indexAt(t_s, from_s); i < t_s.length && i <= end; i++) {
        if (!(t_s[i] > from_s && t_s[i] <= to_s)) continue;
        if (own === value) own = value.slice();
        own[i] += by;
      }
    }
    return { t_s, value: own };
  };
  const { parts, join_s, joins, isBounded } = series;
  const rules = {
    ...(join_s === undefined ? {} : { join_s }),
    ...(joins === undefined ? {} : { joins }),
    ...(isBounded === undefined ? {} : { isBounded }),
  };
  let all: Float64Array | undefined;
  return {
    get t_s() {
      return series.t_s;
    },
    get value() {
      all ??= change(series).value;
      return all;
    },
    ...rules,
    ...(parts === undefined
      ? {}
      : {
          parts: {
            count: parts.count,
            readings: parts.readings,
            startsAt_s: (part: number) => parts.startsAt_s(part),
            part: (part: number) => change(parts.part(part)),
          },
        }),
  };
}

import fc from 'fast-check';
import type { Bench } from '../../control/bench/bench.ts';
import type { DeviceName, Trouble } from './resumable-bench.ts';
import { BENCH, CURRENT, eighth, PRESSURE, tenth, VALVE } from './resumable-bench-files.ts';

/** Random benches, methods, and what happens to them, for the property that a run goes on from its checkpoint. */

/** What somebody does at a time. */
export interface Act {
  readonly t_s: number;
  readonly what: 'hold' | 'resume' | 'stop' | 'abort' | 'panel';
}

/** One run and where it is cut. */
export interface ResumeCase {
  readonly seed: number;
  readonly bench: Bench;
  readonly control_s: number;
  /** Its phases, as YAML. */
  readonly method: string;
  readonly troubles: readonly Trouble[];
  readonly acts: readonly Act[];
  /** Where the program is ended and begun anew, as parts of the length of the run. */
  readonly cuts: readonly number[];
}

const READ = [
  'stack.current_A',
  'stack.voltage_V',
  'cathode.pressure_barg',
  'o2.h2_vol_pct',
  'stack.charge_Ah',
  'cell.highest_V',
  'stack.warming_K_per_min',
] as const;

const readRole = fc.constantFrom(...READ);

/** A condition in the words of the language; none with a window: after a cut they fill anew. */
const condition: fc.Arbitrary<string> = fc
  .record({
    role: readRole,
    is: fc.constantFrom('>', '<', '>=', '<='),
    limit: tenth(0, 8),
    for_s: eighth(0, 3),
  })
  .map(({ role, is, limit, for_s }) => `${role} ${is} ${limit}${for_s > 0 ? ` for ${for_s} s` : ''}`);

const bound = fc
  .record({ s: eighth(0.5, 9), how: fc.constantFrom('for', 'for', 'within', 'next', 'trip') })
  .map(({ s, how }) => {
    if (how === 'for') return `for_s: ${s}`;
    return `within_s: ${s}${how === 'within' ? '' : `, otherwise: ${how}`}`;
  });

/** What a step does, without its braces. */
const BODY: fc.Arbitrary<string> = fc.oneof(
  fc
    .record(
      {
        [driven(CURRENT)]: fc.integer({ min: 0, max: 100 }),
        [driven(PRESSURE)]: tenth(0, 6),
        [driven(VALVE)]: fc.constantFrom('on', 'off'),
      },
      { requiredKeys: [driven(PRESSURE)] },
    )
    .map(sets => `set: { ${pairs(sets)} }`),
  fc
    .record({
      role: fc.constantFrom(driven(CURRENT), driven(PRESSURE)),
      to: fc.integer({ min: 0, max: 8 }),
      per_s: tenth(0.4, 8),
      within_s: fc.integer({ min: 6, max: 60 }),
    })
    .map(
      ({ role, to, per_s, within_s }) => `ramp: { ${role}: ${to}, per_s: ${per_s} }, within_s: ${within_s}`,
    ),
  fc
    .record({ until: fc.array(condition, { maxLength: 2 }), bound })
    .map(({ until, bound: by }) => `wait: {}, ${ended(until, by)}`),
  fc
    .record({
      current_A: tenth(0, 90),
      per_s: fc.option(tenth(4, 40)),
      until: fc.array(condition, { maxLength: 1 }),
      bound,
    })
    .map(
      ({ current_A, per_s, until, bound: by }) =>
        `cc: { current_A: ${current_A}${per_s === null ? '' : `, per_s: ${per_s}`} }, ${ended(until, by)}`,
    ),
  fc.record({ for_s: eighth(0.5, 4) }).map(({ for_s }) => `rest: {}, for_s: ${for_s}`),
  fc
    .record({ dwell_s: eighth(3, 6), average_s: eighth(1, 3), when: fc.option(condition) })
    .map(
      ({ dwell_s, average_s, when }) =>
        `name: point, wait: {}, for_s: ${dwell_s}, average_s: ${average_s}${when === null ? '' : `, exits: [{ when: '${when}', then: next }]`}`,
    ),
  fc
    .record({ for_s: eighth(2, 12), per_s: tenth(4, 80), isSwept: fc.boolean() })
    .map(({ for_s, per_s, isSwept }) => {
      const aside = isSwept ? `, standby: { ${driven(VALVE)}: on }, restart: { ${driven(VALVE)}: off }` : '';
      return `follow: { current_pct: wind.share_pct, min_pct: 10, restart_pct: 20, max_pct: 100, per_s: ${per_s}${aside} }, for_s: ${for_s}`;
    }),
  fc
    .record({
      to_barg: tenth(0, 5),
      every: fc.integer({ min: 0, max: 2 }),
      otherwise: fc.constantFrom('next', 'stop', 'trip'),
    })
    .map(({ to_barg, every, otherwise }) => {
      const pause = every === 0 ? '' : `, pause_every: ${every}, pause_s: 1`;
      return `name: pressure, ramp: { ${driven(PRESSURE)}: ${to_barg}, per_s: 0.7${pause} }, gate: o2.h2_vol_pct < 1.3, within_s: 20, otherwise: ${otherwise}`;
    }),
);

/** The name that a set point is driven by. */
function driven(role: string): string {
  return role.replace(/Set_/, '_');
}

function pairs(values: Readonly<Record<string, unknown>>): string {
  return Object.entries(values)
    .map(([key, value]) => `${key}: ${value}`)
    .join(', ');
}

/** A deadline that stops the run is no end alone: beside it something that never comes. */
function ended(until: readonly string[], by: string): string {
  const isAlone = until.length === 0 && by.startsWith('within') && !by.endsWith('next');
  const all = isAlone ? ['stack.current_A > 1000'] : until;
  return `${all.length === 0 ? '' : `until: '${all.join(' and ')}', `}${by}`;
}

const TAGS = ['', ', tags: [load]', ', tags: [quiet]', ', tags: [load, quiet]'] as const;
const STEP = fc
  .record({ body: BODY, tags: fc.constantFrom(...TAGS) })
  .map(({ body, tags }) => `- { ${body}${tags} }`);
/** A step, or a block around some. */
const PART = fc.oneof(
  { weight: 5, arbitrary: STEP },
  {
    weight: 1,
    arbitrary: fc
      .record({
        times: fc.integer({ min: 1, max: 3 }),
        steps: fc.array(STEP, { minLength: 1, maxLength: 2 }),
      })
      .map(({ times, steps }) => `- repeat: { times: ${times} }\n  steps:\n${indented(steps)}`),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({ when: condition, steps: fc.array(STEP, { minLength: 1, maxLength: 2 }), for_s: eighth(1, 9) })
      .map(({ when, steps, for_s }) => `- steps:\n${indented(steps)}\n  until: '${when}'\n  for_s: ${for_s}`),
  },
);

function indented(steps: readonly string[]): string {
  return steps.map(step => `  ${step}`).join('\n');
}

/** Phases of some parts each; the load comes on first. */
const METHOD: fc.Arbitrary<string> = fc.array(PART, { minLength: 2, maxLength: 7 }).map(parts => {
  const all = [`- set: { stack.output_on: on, ${driven(CURRENT)}: 40 }`, ...parts];
  const phases = Array.from({ length: Math.ceil(all.length / 3) }, (_, i) => all.slice(3 * i, 3 * i + 3));
  const listed = phases.map((steps, i) => {
    const lines = steps.flatMap(step => step.split('\n')).map(line => `  ${line}`);
    return `- name: p${i}\n  steps:\n${lines.join('\n')}`;
  });
  return `phases:\n${listed.join('\n')}`;
});

const DEVICES: readonly DeviceName[] = ['supply', 'plc', 'rack'];

/** Any bench, any method, any trouble, and one to three cuts. */
export const RESUME_CASE: fc.Arbitrary<ResumeCase> = fc.record({
  seed: fc.integer({ min: 1, max: 1000 }),
  bench: BENCH,
  control_s: fc.constantFrom(0.25, 0.5, 1),
  method: METHOD,
  troubles: fc.array(
    fc.record({
      device: fc.constantFrom(...DEVICES),
      from_s: eighth(2, 60),
      for_s: eighth(0.5, 5),
      what: fc.constantFrom('bad' as const, 'still' as const, 'still' as const, 'refuses' as const),
    }),
    { maxLength: 2 },
  ),
  acts: fc.array(
    fc.record({
      // Off the beats.
      t_s: eighth(1, 60).map(t_s => t_s + 1 / 64),
      what: fc.constantFrom(
        ...(['hold', 'hold', 'hold', 'resume', 'panel', 'stop', 'stop', 'abort'] as const),
      ),
    }),
    { maxLength: 3 },
  ),
  cuts: fc.array(
    fc.integer({ min: 0, max: 1000 }).map(n => n / 1000),
    { minLength: 1, maxLength: 3 },
  ),
});

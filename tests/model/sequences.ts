import fc from 'fast-check';
import { EDIT_NAMES } from './edits.ts';
import { LIMITS } from './model.ts';
import type { Happening } from './play.ts';

/** Random sequences of what may happen on a bench: time, readings, trouble on a line, what people ask for. */

const who = { by: 'A. Volta', reason: 'as it happens' };
const ids = LIMITS.map(({ id }) => id);

const pass = fc.constantFrom(0.02, 0.3, 1, 3, 8).map(for_s => ({ is: 'pass', for_s }) as const);
const reads = fc.oneof(
  fc.constantFrom(0.5, 1.7, 3).map(value => ({ is: 'reads', what: 'h2', value }) as const),
  fc.constantFrom(0, 50, Number.NaN).map(value => ({ is: 'reads', what: 'current', value }) as const),
  fc.constantFrom(0, 5, 9).map(value => ({ is: 'reads', what: 'pressure', value }) as const),
);
const of = fc.constantFrom('supply' as const, 'plc' as const);
const trouble = fc.oneof(
  fc
    .tuple(of, fc.constantFrom('bad' as const, 'silent' as const, 'ok' as const))
    .map(([device, it]) => ({ is: 'trouble', of: device, reads: it }) as const),
  fc
    .tuple(of, fc.constantFrom('fails' as const, 'hangs' as const, 'ok' as const))
    .map(([device, it]) => ({ is: 'trouble', of: device, writes: it }) as const),
);
const plain = fc
  .constantFrom(
    ...(['hold', 'resume', 'stop', 'abort', 'clear', 'reset', 'start', 'confirm', 'acknowledge'] as const),
  )
  .map(command => ({ command }));
const command = fc.oneof(
  { weight: 6, arbitrary: plain },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...ids).map(alarm => ({ command: 'acknowledge', alarm }) as const),
  },
  { weight: 2, arbitrary: fc.constant({ command: 'skip', ...who } as const) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(...ids), fc.constantFrom(2, 20))
      .map(([alarm, for_s]) => ({ command: 'shelve', alarm, for_s, ...who }) as const),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...ids).map(alarm => ({ command: 'unshelve', alarm }) as const),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(...ids), fc.constantFrom(0.4, 1, 1.5, 2, 8, 60, 110, 200, Number.NaN))
      .map(([interlock, value]) => ({ command: 'limit', interlock, value, ...who }) as const),
  },
);
const edits = fc
  .tuple(fc.constantFrom(...EDIT_NAMES), fc.integer({ min: 0, max: 9 }))
  .map(([to, one]) => ({ is: 'edits', to, isStale: one === 0 }) as const);
/** What is asked right behind an edit comes while it is read. */
const inHold = fc.oneof(
  { weight: 3, arbitrary: edits },
  { weight: 2, arbitrary: pass },
  { weight: 1, arbitrary: plain.map(asked => ({ is: 'asks', command: asked }) as const) },
);
/** A hold, in which the rest of the method is edited. */
const edited: fc.Arbitrary<readonly Happening[]> = fc
  .tuple(pass, fc.array(inHold, { minLength: 1, maxLength: 5 }), pass)
  .map(([before, inside, after]) => [
    { is: 'healed' },
    before,
    { is: 'asks', command: { command: 'hold' } },
    { is: 'pass', for_s: 3 },
    ...inside,
    after,
    { is: 'asks', command: { command: 'resume' } },
  ]);
/** What a person does to lead a bench out of an end and begin anew. */
const wayOut: readonly Happening[] = [
  { is: 'healed' },
  { is: 'pass', for_s: 20 },
  { is: 'asks', command: { command: 'acknowledge' } },
  { is: 'asks', command: { command: 'clear' } },
  { is: 'asks', command: { command: 'reset' } },
  { is: 'asks', command: { command: 'start' } },
];

/** A sequence. */
export const sequences: fc.Arbitrary<readonly Happening[]> = fc
  .array(
    fc.oneof(
      { weight: 8, arbitrary: pass.map(one => [one]) },
      { weight: 3, arbitrary: reads.map(one => [one]) },
      { weight: 2, arbitrary: trouble.map(one => [one]) },
      { weight: 1, arbitrary: fc.constant([{ is: 'healed' } as const]) },
      { weight: 6, arbitrary: command.map(asked => [{ is: 'asks', command: asked } as const]) },
      { weight: 1, arbitrary: fc.constant(wayOut) },
      { weight: 1, arbitrary: edits.map(one => [one]) },
      { weight: 2, arbitrary: edited },
    ),
    { maxLength: 16 },
  )
  .map(parts => parts.flat());

import { expect, it } from 'vitest';
import { withoutCode } from '../../../control/program/channels/evaluate-beside.ts';

/** What is evaluated in a thread beside goes there as plain data. */

it('leaves functions out, keeps everything else, and what was one object twice', () => {
  const shared = { id: 'a', at: (t_s: number) => t_s };
  const given = {
    steps: [shared, shared, null],
    byName: new Map([['x', { run: () => 1, limit: 2, none: undefined }]]),
    values: Float64Array.of(1, Number.NaN),
    at: Number.POSITIVE_INFINITY,
  };
  const sent = structuredClone(withoutCode(given));
  expect(sent).toEqual({
    steps: [{ id: 'a' }, { id: 'a' }, null],
    byName: new Map([['x', { limit: 2, none: undefined }]]),
    values: Float64Array.of(1, Number.NaN),
    at: Number.POSITIVE_INFINITY,
  });
  expect(sent.steps[0]).toBe(sent.steps[1]);
});

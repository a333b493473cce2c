import { expect, it } from 'vitest';
import {
  type AtDoor,
  askAgainIn_ms,
  controlSeen,
  takenFrom,
} from '../../../dashboards/page/lab/behind-door.ts';

/** What the live page of a run says of who is in control. */

const at = (more: Partial<AtDoor>): AtDoor => ({
  ...{ name: 'ada', role: 'operator', account: 'ada', csrf: null, by: null, because: '' },
  ...{ verdict: null, listed: null, cutOff: null, silent: null },
  ...more,
});
const SIGNED_OUT = at({ name: null, role: null, account: '' });
const MINE = at({ by: 'ada' });
const MARIES = at({ by: 'marie', because: 'pump noise' });

it.each([
  ['nobody has it', at({}), 'nobody'],
  ['who sits here', MINE, 'you'],
  ['somebody else', MARIES, { by: 'marie' }],
  // The door tells nobody: that nobody were in control would be a guess.
  ['signed out', SIGNED_OUT, undefined],
])('%s', (_, seen, said) => expect(controlSeen(seen)).toEqual(said));

it.each([
  ['at first somebody else has it', undefined, MARIES, undefined],
  ['it is taken over', MINE, MARIES, { by: 'marie', because: 'pump noise' }],
  ['it was of somebody else before', at({ by: 'otto' }), MARIES, undefined],
  ['it is free now', MINE, at({}), undefined],
  ['who sits here has signed out', MINE, SIGNED_OUT, undefined],
  ['who comes in again has not had it', SIGNED_OUT, MARIES, undefined],
  ['it stays', MINE, MINE, undefined],
])('is told who took it, and why: %s', (_, before, now, told) =>
  expect(takenFrom(before, now)).toEqual(told),
);

it('who may steer hears within a second that another does now, answer and drawing included; nobody else hurries the door', () => {
  expect(askAgainIn_ms(true, true)).toBeLessThanOrEqual(800);
  for (const [maySteer, isSeen] of [
    [true, false],
    [false, true],
    [false, false],
  ])
    expect(askAgainIn_ms(maySteer, isSeen)).toBeGreaterThanOrEqual(5000);
});

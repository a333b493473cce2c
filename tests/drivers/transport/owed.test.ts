import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OwedAnswers } from '../../../drivers/transport/text/owed.ts';
import '../../support/property-seed.ts';

type Kind = 'volts' | 'amps' | 'identity';
interface Question {
  readonly number: number;
  readonly kind: Kind;
  fits(text: string): boolean;
}
/** Volts and amps look alike, as numbers do; an identity looks like nothing else. */
const question = (number: number, kind: Kind): Question => ({
  number,
  kind,
  fits: text => (kind === 'identity') === text.startsWith('id'),
});

describe('answers that are owed', () => {
  it('late readings are counted: the newer question never gets the older answer', () => {
    const owed = new OwedAnswers<Question>(8);
    const [first, second] = [question(1, 'volts'), question(2, 'amps')];
    owed.ask(first);
    owed.ask(second);
    expect(owed.take('12.5').question).toBe(first);
    expect(owed.take('3.1').question).toBe(second);
    expect(owed.take('9.9').question).toBeUndefined();
  });

  it('an identity proves that what was asked before it has got lost', () => {
    const owed = new OwedAnswers<Question>(8);
    const [lost, probe] = [question(1, 'volts'), question(2, 'identity')];
    owed.ask(lost);
    owed.ask(probe);
    expect(owed.take('id A')).toEqual({ question: probe, lost: [lost], damaged: false });
  });

  it('takes no more questions than it is told', () => {
    const owed = new OwedAnswers<Question>(2);
    expect([1, 2, 3].map(n => owed.ask(question(n, 'volts')))).toEqual([true, true, false]);
  });

  it('answers in order, some lost: none is ever taken for that of a question asked after a later identity', () => {
    // Each step: a question is asked; later its answer comes, or is lost. Order of answers is that of the questions.
    const step = fc.record({
      kind: fc.constantFrom<Kind>('volts', 'amps', 'identity'),
      isLost: fc.boolean(),
      answersNow: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), steps => {
        const owed = new OwedAnswers<Question>(1000);
        const waiting: Question[] = [];
        for (const [number, { kind, isLost, answersNow }] of steps.entries()) {
          const asked = question(number, kind);
          owed.ask(asked);
          if (!isLost) waiting.push(asked);
          for (let n = 0; n < answersNow; n++) {
            const from = waiting.shift();
            if (from === undefined) break;
            const taken = owed.take(
              from.kind === 'identity' ? `id ${from.number}` : `${from.number}`,
            ).question;
            // A lost answer may leave an older question as the owner; never a newer one.
            if (taken !== undefined) expect(taken.number).toBeLessThanOrEqual(from.number);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

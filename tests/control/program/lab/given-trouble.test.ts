import { expect, it } from 'vitest';
import { troubleOf } from '../../../../control/program/lab/findings.ts';
import { UsageError } from '../../../../control/program/options.ts';
import { GivenError } from '../../../../profiles/language/explain/given.ts';

it('a value of a field is told without a word of the command line', () => {
  const cause = new GivenError('wind_h=99: expected 24 h at most');
  const told = troubleOf(new UsageError(`--set ${cause.message}`, { cause }));
  expect(told).toMatchObject({ isBad: true, text: cause.message, findings: [{ text: cause.message }] });
});

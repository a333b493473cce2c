import { expect, it } from 'vitest';
import { troubleOf } from '../../../../control/program/lab/findings.ts';
import { LanguageError } from '../../../../profiles/language/file/language-error.ts';

it('of a file that is wrong all over only so many places are told, and soon', () => {
  const text = '- { rets: {}, for_s: 1 }\n'.repeat(13_000);
  const words = ['rest', 'charge'];
  const [first, ...others] = Array.from(
    { length: 13_000 },
    (_, i) => new LanguageError('x.yaml', { line: i + 1, column: 5 }, 'no such step', ''),
  );
  const error = new LanguageError('x.yaml', first, 'no such step', '', others);
  const begun_ms = performance.now();
  const { findings } = troubleOf(error, { path: 'x.yaml', text, words });
  expect(performance.now() - begun_ms).toBeLessThan(1000);
  expect(findings.length).toBe(201);
  expect(findings[0]).toMatchObject({ line: 1, hint: 'rest' });
  expect(findings[200].text).toBe('12800 more like these, expected them mended first');
});

import { expect, it } from 'vitest';
import { resultTable } from '../../dashboards/terminal/progress.ts';
import { plainResult } from '../support/plain-result.ts';

it('the terminal says by what a method went to its end before its last step', () => {
  const by = 'cycle: cell.charged_Ah < 3';
  expect(resultTable(plainResult({ finishedBy: by }))).toContain(
    `The method went to its end before its last step, by ${by}`,
  );
  expect(resultTable(plainResult({}))).not.toContain('before its last step');
});

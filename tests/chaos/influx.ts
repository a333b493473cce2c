import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { hasVictoria } from '../support/victoria.ts';
import { chaosInflux } from './influx/chaos.ts';

/**
 * `npm run chaos:influx [-- --minutes 20]`: 1,000 points a second into a real store in trouble, controller killed twice.
 * Last line: JSON; the exit code is 1 where a row is missing or there twice.
 */

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '20' } } });
const minutes = Number(values.minutes);
if (!(minutes > 0)) throw new Error(`--minutes ${values.minutes}: expected a number > 0`);
if (!hasVictoria) throw new Error('no victoria-metrics here: apt-get install victoria-metrics');
const dir = mkdtempSync(join(tmpdir(), 'cellbench-influx-'));
try {
  const result = await chaosInflux(dir, minutes, text => console.log(text));
  console.log(JSON.stringify(result));
  const isWell =
    result.rows > 0 && result.stored === result.rows && result.duplicates === 0 && result.lost === 0;
  process.exitCode = isWell ? 0 : 1;
} finally {
  rmSync(dir, { recursive: true, force: true });
}

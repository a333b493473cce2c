import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Downloads } from '../../../control/exchange/download/downloads.ts';
import { exportRun } from '../../../control/exchange/export-run.ts';
import { signingKey } from '../../../control/exchange/pack/signing-key.ts';
import { openRunSource } from '../../../control/exchange/recorded-run.ts';
import { knownRun } from '../../support/exported-run.ts';

/** All readings of a window, as a page gives them: the rows that an export of the run has there. */

const ROWS = 3000;
let dir: string;
let path: string;
let exported: readonly string[];
let device: string;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'download-'));
  const run = knownRun(join(dir, 'night'), ROWS);
  path = join(run, 'run.sqlite');
  const source = openRunSource(run);
  device = source.devices[0];
  await exportRun(source, {
    format: 'csv',
    to: join(dir, 'out'),
    decimal: 'point',
    institution: '',
    licence: '',
    now_ms: 0,
    picture: undefined,
    key: signingKey(join(dir, 'key.pem')),
    progress: async () => {},
  });
  source.close();
  exported = readFileSync(join(dir, 'out', 'data', `${device}.csv`), 'utf8')
    .trimEnd()
    .split('\n');
});
afterAll(() => rmSync(dir, { recursive: true }));

const whose = { run: 'night', mode: 'simulated' };

async function taken(from_s: number, to_s: number): Promise<string[]> {
  let text = '';
  for await (const page of await new Downloads(path).begin({ device, from_s, to_s, ...whose })) text += page;
  return text.split('\r\n').slice(0, -1);
}

describe('all readings of a stretch', () => {
  const t_s = (line: string): number => Number(line.split(',')[0]);

  it.each([
    ['all of the run', -1e9, 1e9],
    ['a stretch, both ends with it', 0.25, 0.75],
    ['nothing', 1e8, 1e9],
  ])('%s: the rows of the export, with run and mode behind them', async (_, from, to) => {
    const last_s = t_s(exported.at(-1) ?? '');
    // As parts of the run, where they lie in it.
    const [from_s, to_s] = Math.abs(to) < 1 ? [from * last_s, to * last_s] : [from, to];
    const inside = exported.slice(1).filter(line => t_s(line) >= from_s && t_s(line) <= to_s);
    const [head, ...rows] = await taken(from_s, to_s);
    expect(head).toBe(`${exported[0]},run,mode`);
    expect(rows).toEqual(inside.map(line => `${line},night,simulated`));
    if (from !== 1e8) expect(rows.length).toBeGreaterThan(100);
  });

  it('whoever goes away ends it; the third at once is turned away; none while the record is closed', async () => {
    const downloads = new Downloads(path);
    const asked = { device, from_s: 0, to_s: 1e9, ...whose };
    const [first, second] = [await downloads.begin(asked), await downloads.begin(asked)];
    await expect(downloads.begin(asked)).rejects.toThrow('2 are under way already');
    for await (const _ of first) break;
    const third = await downloads.begin(asked);
    await downloads.hold();
    const rest = async (of: AsyncIterable<string>): Promise<void> => {
      for await (const _ of of);
    };
    await expect(rest(second)).rejects.toThrow('the record is being closed');
    await expect(rest(third)).rejects.toThrow('the record is being closed');
    await expect(downloads.begin(asked)).rejects.toThrow('the record is being closed');
    downloads.goOn();
    await rest(await downloads.begin(asked));
  });

  it('an instrument that is not there is a RangeError with those that are', async () => {
    const asked = { device: 'nobody', from_s: 0, to_s: 1, ...whose };
    const begun = new Downloads(path).begin(asked);
    await expect(begun).rejects.toThrow(RangeError);
    await expect(begun).rejects.toThrow(`expected one of ${device}`);
  });
});

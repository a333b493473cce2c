import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { STARTED_UTC, senderOf, sentJournal } from '../support/sent-journal.ts';
import { hasVictoria, victoria } from '../support/victoria.ts';
import { chaosInflux } from './influx/chaos.ts';

/** The sink against a real store: the short form of `npm run chaos:influx`. */

const inFolder = async (work: (dir: string) => Promise<void>): Promise<void> => {
  const dir = mkdtempSync(join(tmpdir(), 'influx-'));
  try {
    await work(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
};

describe.skipIf(!hasVictoria)('against victoria-metrics (skipped where it is not installed)', () => {
  it('every reading is one point at its time, and sending all of it again makes no more', () =>
    inFolder(async dir => {
      const path = join(dir, 'run.sqlite');
      await sentJournal(path, 100);
      const store = await victoria(join(dir, 'store'));
      await store.start();
      try {
        for (const name of ['first', 'again']) {
          const { sender, file } = senderOf(path, `http://127.0.0.1:${store.port}`, { name, timeout_s: 10 });
          await sender.run(new AbortController().signal);
          expect(sender.status()).toMatchObject({ state: 'done', sent: 103, dead: 0 });
          file.close();
        }
        const expected = Array.from({ length: 100 }, (_, i) => Date.parse(STARTED_UTC) + 100 * i);
        expect((await store.times('bench_quality', STARTED_UTC)).get('supply')).toEqual(expected);
        // Where nothing came there is no point: row 4.
        const current = (await store.times('bench_stack.current_A', STARTED_UTC)).get('supply');
        expect(current).toEqual(expected.filter((_, i) => i !== 4));
      } finally {
        await store.stop();
      }
    }));

  it(
    'killed, hung, refusing, deaf, with the controller killed twice: stored = rows',
    () =>
      inFolder(async dir => {
        const said: string[] = [];
        const result = await chaosInflux(dir, 1, text => said.push(text));
        expect(result.rows).toBeGreaterThan(5000);
        const expected = { stored: result.rows, duplicates: 0, lost: 0, missing: [] };
        expect(result, said.join('\n')).toMatchObject(expected);
      }),
    300_000,
  );
});

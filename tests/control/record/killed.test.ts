import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { seededRandom } from '../../../drivers/contract/random.ts';
import { anyTime, killWriter } from '../../chaos/journal-kills.ts';

/** A few of the kills of `npm run chaos:journal`. */
const KILLS = 8;

it('a journal killed at any moment holds all that was acknowledged, as rows or in a block, never both', {
  timeout: 240_000,
}, async () => {
  const dir = mkdtempSync(join(tmpdir(), 'killed-'));
  const random = seededRandom(11);
  let withBlocks = 0;
  for (let seed = 1; seed <= KILLS; seed++) {
    const kill = await killWriter(dir, seed, anyTime(random));
    expect(kill).toMatchObject({ fault: '' });
    expect(kill.rows).toBeGreaterThanOrEqual(kill.acknowledged);
    expect(kill.acknowledged).toBeGreaterThan(0);
    if (kill.sealed > 0) withBlocks++;
  }
  expect(withBlocks).toBeGreaterThan(KILLS / 4);
  rmSync(dir, { recursive: true });
});

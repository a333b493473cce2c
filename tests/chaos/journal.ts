import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { seededRandom } from '../../drivers/contract/random.ts';
import { anyTime, killWriter } from './journal-kills.ts';

/**
 * Kills a writing journal again and again, while it writes and while it seals: `npm run chaos:journal -- --n 1000
 * [--seed 1]`. Last line: JSON; the exit code is 1 where anything was lost, there twice, or changed.
 */

const { values } = parseArgs({
  options: { n: { type: 'string', default: '1000' }, seed: { type: 'string', default: '1' } },
});
const n = Number(values.n);
const first = Number(values.seed);
if (!(Number.isInteger(n) && n > 0 && Number.isInteger(first)))
  throw new Error(`--n ${values.n} --seed ${values.seed}: expected whole numbers`);
const EVERY = 50;
const random = seededRandom(first);
const dir = mkdtempSync(join(tmpdir(), 'cellbench-kills-'));
let acknowledged = 0;
let withBlocks = 0;
const faults: string[] = [];
try {
  for (let i = 0; i < n; i++) {
    const kill = await killWriter(dir, first + i, anyTime(random));
    acknowledged += kill.acknowledged;
    if (kill.sealed > 0) withBlocks++;
    if (kill.fault !== '') faults.push(`seed ${first + i}: ${kill.fault}`);
    if ((i + 1) % EVERY === 0) console.log(`${i + 1} of ${n} kills, ${faults.length} faults`);
  }
} finally {
  rmSync(dir, { recursive: true, force: true });
}
for (const fault of faults) console.log(fault);
console.log(JSON.stringify({ kills: n, acknowledged, withBlocks, faults: faults.length }));
process.exitCode = faults.length === 0 ? 0 : 1;

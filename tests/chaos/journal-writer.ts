import { Journal } from '../../control/record/journal.ts';
import { seededRandom } from '../../drivers/contract/random.ts';
import { KILLED_TABLES, killedRow } from './journal-kills.ts';

/**
 * Writes a journal until it is killed: batches of few and of many rows, so that rows, blocks made of rows and blocks that
 * never were rows take turns. Each line on stdout: so many rows are acknowledged. Arguments: path, seed.
 */

const [path, seed] = process.argv.slice(2);
const random = seededRandom(Number(seed));
const journal = await Journal.open(path, KILLED_TABLES, {});
let rows = 0;
for (;;) {
  const count = random.uniform() < 0.2 ? 1500 + 3000 * random.uniform() : 1 + 300 * random.uniform();
  for (let i = 0; i < count; i++) {
    for (const { device } of KILLED_TABLES) journal.frame(killedRow(device, rows));
    rows++;
  }
  journal.event({ t_s: rows, kind: 'fault', text: String(rows) });
  await journal.flush();
  process.stdout.write(`${rows}\n`);
}

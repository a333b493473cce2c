import '../../../drivers/contract/code/surest-compiler.ts';
import { rmSync } from 'node:fs';
import { z } from 'zod';
import { realClock } from '../../../drivers/contract/clock.ts';
import { loadNight, rehearseOnce } from '../rehearse/rehearse-once.ts';
import { troubleOf } from './findings.ts';

/**
 * The process of a rehearsal that was asked for from outside: gets the night by message, says how far it is and what was found, ends
 * with its parent. Its journal goes with it: the folder is its argument.
 */

const askedSchema = z.strictObject({
  bench: z.string(),
  method: z.string(),
  subject: z.string().optional(),
  set: z.array(z.string()),
});
/** So often it says how far it is, s. */
const SAID_EVERY_S = 0.5;
const SEED = 1;

const [, , scratch] = process.argv;
process.on('exit', () => rmSync(scratch, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 }));
process.on('disconnect', () => process.exit(1));
// It may have gone while this was being loaded.
if (!process.connected) process.exit(1);
// A Ctrl-C at the terminal is for the parent.
process.on('SIGINT', () => {});

const say = (message: object): Promise<void> =>
  new Promise(said => {
    process.send?.(message, () => said());
  });

process.once('message', async raw => {
  try {
    const night = loadNight({ ...askedSchema.parse(raw), seed: SEED });
    const { rehearsal, record } = await rehearseOnce(night, scratch, SEED, {
      watch: async (run, work) => {
        const cancel = realClock().every(SAID_EVERY_S, () => {
          void say({ done: Math.min(0.99, run.time_s / run.planned_s) });
        });
        return await work().finally(cancel);
      },
    });
    record.close();
    await say({ result: rehearsal });
  } catch (error) {
    await say({ trouble: troubleOf(error) });
  }
  process.exit(0);
});

import '../../../drivers/contract/code/surest-compiler.ts';
import { z } from 'zod';
import { realClock } from '../../../drivers/contract/clock.ts';
import { runProgram } from '../program.ts';
import { writeWhole } from '../result/write-whole.ts';

/**
 * The process of one run of a campaign: the program as a person starts it, let go by a word. The supervisor says it once it
 * has written down who we are; if it is gone before, nothing is begun. How we ended is written for whoever comes after it.
 */

const goSchema = z.strictObject({ args: z.array(z.string()), end: z.string() });

// Whoever read what we print may have gone: that is no matter of the bench.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

const word = await new Promise<unknown>(resolve => {
  process.once('message', resolve);
  process.once('disconnect', () => resolve(undefined));
});
if (word === undefined) process.exit(0);
const { args, end } = goSchema.parse(word);
// From here on nobody holds us: the supervisor may go and come again.
process.disconnect();
writeWhole(end, `${JSON.stringify({ code: null, utc_ms: realClock().utc_ms() })}\n`);
const code = Math.max(await runProgram(args), Number(process.exitCode ?? 0));
writeWhole(end, `${JSON.stringify({ code, utc_ms: realClock().utc_ms() })}\n`);
process.exit(code);

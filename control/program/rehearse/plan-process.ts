import '../../../drivers/contract/code/surest-compiler.ts';
import { rmSync } from 'node:fs';
import { plannedNightSchema, type RehearsedPlan } from './plan.ts';
import { loadNight, rehearseOnce } from './rehearse-once.ts';

/**
 * The process that rehearses a night for its plan (see `plan.ts`): gets the night by message, answers once, ends with its
 * parent, however that ended. Its journal goes with it: the folder is its argument, known before any message comes.
 */

const [, , scratch] = process.argv;
process.on('exit', () => {
  // The journal's thread may still be making files there.
  rmSync(scratch, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 });
});
process.on('disconnect', () => process.exit(1));
// It may have gone while this was being loaded.
if (!process.connected) process.exit(1);
// A Ctrl-C at the terminal is for the parent.
process.on('SIGINT', () => {});

process.once('message', async raw => {
  const night = plannedNightSchema.parse(raw);
  const { run, rehearsal, record } = await rehearseOnce(loadNight(night), scratch, night.seed);
  record.close();
  // One that does not complete says nothing: the estimate of the method stands.
  if (rehearsal.outcome !== 'completed') process.exit(0);
  const phases = run.phases.map(({ name, start_s, end_s }) => ({ name, start_s, end_s }));
  const plan: RehearsedPlan = { planned_s: rehearsal.planned_s, phases };
  process.send?.(plan, () => process.exit(0));
});

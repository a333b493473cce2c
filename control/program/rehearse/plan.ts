import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { constants, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { siblingUrl } from '../../../drivers/contract/sibling.ts';

/**
 * How long a night takes, from its rehearsal: how long a wait for a condition will take nobody can read off a method. The
 * rehearsal runs in a process of its own at a low priority, so that it stands in nothing's way; until it is through,
 * and where it does not complete, the estimate of the method stands.
 */

/** The files of a night, as they were given. */
export const plannedNightSchema = z.object({
  bench: z.string(),
  method: z.string(),
  subject: z.string().optional(),
  wind: z.string().optional(),
  set: z.array(z.string()).optional(),
  seed: z.number(),
});
export type PlannedNight = z.infer<typeof plannedNightSchema>;

const replySchema = z.object({
  planned_s: z.number().positive(),
  phases: z.array(z.object({ name: z.string(), start_s: z.number(), end_s: z.number() })),
});
/** What a rehearsal says that completes: how long the night takes, and when each of its phases begins and ends, s. */
export type RehearsedPlan = z.infer<typeof replySchema>;

/** Rehearses the night beside whatever goes on here; `onPlan` is told how long it takes, if it completes. Dispose it to end it. */
export function planByRehearsal(night: PlannedNight, onPlan: (plan: RehearsedPlan) => void): Disposable {
  const scratch = mkdtempSync(join(tmpdir(), 'cellbench-plan-'));
  const child = fork(fileURLToPath(siblingUrl(import.meta.url, './plan-process')), [scratch], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  let isOver = false;
  child.once('spawn', () => {
    try {
      setPriority(child.pid ?? 0, constants.priority.PRIORITY_LOW);
    } catch {
      // Its priority is then ours: it takes a core for some seconds.
    }
  });
  child.on('message', raw => {
    const { data } = replySchema.safeParse(raw);
    if (!isOver && data !== undefined) onPlan(data);
  });
  // The estimate of the method stands.
  child.on('error', () => {});
  const { bench, method, subject, wind, set, seed } = night;
  child.send({ bench, method, subject, wind, set, seed } satisfies PlannedNight);
  return {
    [Symbol.dispose]() {
      isOver = true;
      child.kill('SIGKILL');
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}

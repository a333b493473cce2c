import { spawn } from 'node:child_process';
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
export interface PlannedNight {
  readonly bench: string;
  readonly method: string;
  readonly wind?: string | undefined;
  readonly seed: number;
}

/** What is read of the rehearsal's last line. */
const lineSchema = z.object({ outcome: z.string(), planned_s: z.number().positive() });

/** Rehearses the night beside whatever goes on here; `onPlan` is told its length, s, if it completes. Dispose it to end it. */
export function planByRehearsal(night: PlannedNight, onPlan: (planned_s: number) => void): Disposable {
  const scratch = mkdtempSync(join(tmpdir(), 'cellbench-plan-'));
  const clean = (): void => rmSync(scratch, { recursive: true, force: true });
  const { bench, method, wind, seed } = night;
  const args = ['rehearse', bench, method, '--seed', String(seed), '--out', join(scratch, 'run'), '--json'];
  if (wind !== undefined) args.push('--wind', wind);
  const program = fileURLToPath(siblingUrl(import.meta.url, '../main'));
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let isOver = false;
  let text = '';
  child.once('spawn', () => {
    try {
      setPriority(child.pid ?? 0, constants.priority.PRIORITY_BELOW_NORMAL);
    } catch {
      // Its priority is then ours: it takes a core for some seconds.
    }
  });
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString('utf8');
  });
  child.once('error', clean);
  child.once('close', () => {
    clean();
    const planned_s = isOver ? undefined : plannedOf(text);
    if (planned_s !== undefined) onPlan(planned_s);
  });
  return {
    [Symbol.dispose]() {
      isOver = true;
      child.kill('SIGKILL');
    },
  };
}

/** Length of the night by the rehearsal's last line; undefined where it did not complete. */
export function plannedOf(text: string): number | undefined {
  try {
    const { data } = lineSchema.safeParse(JSON.parse(text.trim().split('\n').at(-1) ?? ''));
    return data?.outcome === 'completed' ? data.planned_s : undefined;
  } catch {
    return undefined;
  }
}

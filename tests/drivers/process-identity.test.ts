import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { realClock } from '../../drivers/contract/clock.ts';
import { isAlive } from '../../drivers/contract/code/alive.ts';
import { identityOf, isRunning, ourIdentity } from '../../drivers/process-identity.ts';

it('a process runs until it has ended, whether or not its parent has looked for it', async () => {
  // The second one takes the place of the shell, and knows nothing of the first.
  const parent = spawn('sh', ['-c', 'sleep 0.3 & echo $!; exec sleep 20'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    const [said] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(said.toString());
    const identity = identityOf(pid);
    expect([isAlive(pid), isRunning(identity)]).toEqual([true, true]);
    await realClock().sleep(0.8);
    // Where the system says so, it is still there by its number.
    if (existsSync('/proc/self/stat')) expect(process.kill(pid, 0)).toBe(true);
    expect([isAlive(pid), isRunning(identity)]).toEqual([false, false]);
  } finally {
    parent.kill('SIGKILL');
  }
  expect(isAlive(process.pid)).toBe(true);
});

it('a process of another boot, or that has begun at another time, is another one with its number', () => {
  const own = ourIdentity();
  expect(isRunning(own)).toBe(true);
  if (!existsSync('/proc/sys/kernel/random/boot_id')) return;
  const [ticks, boot] = own.processStart.split(' ');
  const isOurs = (processStart: string): boolean => isRunning({ pid: process.pid, processStart });
  expect([isOurs(`${ticks} 5d1c`), isOurs(`1 ${boot}`), isOurs('1')]).toEqual([false, false, false]);
  // Written down by an earlier version of the program.
  expect(isOurs(ticks)).toBe(true);
});

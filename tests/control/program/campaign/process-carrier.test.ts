import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Campaign } from '../../../../control/campaign/campaign-file.ts';
import { StopWord } from '../../../../control/campaign/carrier.ts';
import { newQueue } from '../../../../control/campaign/queue.ts';
import type { LoadedCampaign } from '../../../../control/program/campaign/load-campaign.ts';
import { ProcessCarrier } from '../../../../control/program/campaign/process-carrier.ts';
import type { NightFiles } from '../../../../control/program/rehearse/rehearse-once.ts';
import { realClock } from '../../../../drivers/contract/clock.ts';
import { campaignOf, run } from '../../../support/campaign-parts.ts';

/** Runs in processes: what is let go when, and what keeps a bench from a run. */

const dir = mkdtempSync(join(tmpdir(), 'cellbench-carrier-'));
const mark = join(dir, 'bench.guard.json');
afterEach(() => rmSync(mark, { force: true }));

const { campaign } = campaignOf([run('a', { bench: 'bench.yaml' })]);
function loaded(of: Campaign): LoadedCampaign {
  const path = join(dir, 'bench.yaml');
  // Of a bench the carrier looks only at where it lies.
  const night = { loaded: { path, baseDir: dir, subject: undefined } } as unknown as NightFiles;
  const asked = { bench: join(dir, 'none.yaml'), method: 'm.yaml', subject: undefined, set: [], seed: 1 };
  return {
    path,
    campaign: of,
    nights: new Map([['a', night]]),
    asked: new Map([['a', asked]]),
    rules: new Map(),
    channels: new Set(),
    notChannels: new Map(),
    subjects: [],
    sets: new Map(),
  };
}
const carrierOf = (mode: 'bench' | 'rehearsal') =>
  new ProcessCarrier({
    dir,
    clock: realClock(),
    settings: { mode, seed: 1, minutes: null, pace: null, operator: null, planned_s: {} },
    channels: new Set(),
    loaded: () => loaded(campaign),
  });
const [item] = newQueue(campaign).items;
if (item === undefined || campaign.runs[0] === undefined) throw new Error('no run');
const order = {
  item,
  run: campaign.runs[0],
  station: 'bench.yaml',
  bench: 'bench.yaml',
  dir: 'a',
  seed: 1,
  goesOn: false,
  acknowledged: undefined,
};

describe('a bench', () => {
  const leave = (guard: number): void =>
    writeFileSync(
      mark,
      JSON.stringify({ startedUtc: '2026-01-02T18:00:00.000Z', controller: 1, guard, dir, acted: null }),
    );
  const word = (utc_ms: number) => ({ by: 'Ada', because: 'looked', utc_ms });

  it('is kept from runs by the mark of a guard until somebody has looked after it was written', () => {
    const carrier = carrierOf('bench');
    expect(carrier.keptFrom('bench.yaml', undefined)).toBeUndefined();
    leave(2 ** 30);
    const { mtimeMs } = statSync(mark);
    expect(carrier.keptFrom('bench.yaml', undefined)).toMatchObject({ needsPerson: true });
    expect(carrier.keptFrom('bench.yaml', word(mtimeMs - 1000))).toMatchObject({ needsPerson: true });
    expect(carrier.keptFrom('bench.yaml', word(mtimeMs + 1000))).toBeUndefined();
    // It has acted meanwhile.
    utimesSync(mark, mtimeMs / 1000 + 5, mtimeMs / 1000 + 5);
    expect(carrier.keptFrom('bench.yaml', word(mtimeMs + 1000))).toMatchObject({ needsPerson: true });
  });

  it('waits while its guard is at work', () => {
    leave(process.pid);
    expect(carrierOf('bench').keptFrom('bench.yaml', undefined)).toMatchObject({ needsPerson: false });
  });

  it('of twins has nothing left behind', () => {
    leave(2 ** 30);
    expect(carrierOf('rehearsal').keptFrom('bench.yaml', undefined)).toBeUndefined();
  });
});

describe('a run in its process', () => {
  it('is let go only after it is known: where that fails nothing has been begun', async () => {
    let pid = 0;
    const known = (handle: unknown): void => {
      pid = (handle as { pid: number }).pid;
      throw new Error('no space left');
    };
    await expect(carrierOf('rehearsal').carry(order, known, new StopWord())).rejects.toThrow('no space left');
    expect(pid).toBeGreaterThan(0);
  });

  it('that is killed before it has opened anything is begun again, a few times at most', async () => {
    const kill = (handle: unknown): void => void process.kill((handle as { pid: number }).pid, 'SIGKILL');
    let tries = 0;
    const first = (handle: unknown): void => (++tries === 1 ? kill(handle) : undefined);
    const ended = await carrierOf('rehearsal').carry(order, first, new StopWord());
    // The second one came as far as its bench file, which is not there.
    expect(ended).toMatchObject({
      is: 'ended',
      end: { reason: expect.stringMatching(/^refused: /) as string },
    });
    expect(tries).toBe(2);
    tries = 0;
    const each = (handle: unknown): void => {
      tries++;
      kill(handle);
    };
    expect((await carrierOf('rehearsal').carry(order, each, new StopWord())).is).toBe('not begun');
    expect(tries).toBe(3);
  });

  it('that was never let go, or whose process has gone before its start, has not begun', async () => {
    const carrier = carrierOf('rehearsal');
    expect((await carrier.takeUp(order, null, new StopWord())).is).toBe('not begun');
    const gone = { pid: 2 ** 22 - 1, processStart: '1' };
    expect((await carrier.takeUp(order, gone, new StopWord())).is).toBe('not begun');
  });
});

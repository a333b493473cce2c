import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { carriedCourseOf } from '../../../control/campaign/carried-course.ts';
import { choose } from '../../../control/campaign/choose.ts';
import { heldIn } from '../../../control/campaign/held.ts';
import { morningOf } from '../../../control/campaign/morning.ts';
import { noticeOf } from '../../../control/campaign/notify/notices.ts';
import { courseOf } from '../../../control/campaign/rehearse.ts';
import { plannedIn } from '../../../control/program/campaign/planned.ts';
import { renderMorning } from '../../../dashboards/morning.ts';
import { campaignOf, good, run } from '../../support/campaign-parts.ts';
import { CampaignWorld } from '../../support/campaign-world.ts';

/** Names of a campaign that every plain object answers to as well: they are names like others. */

const EVENING = Date.parse('2026-03-02T18:00Z');
const OF_OBJECTS = Object.getOwnPropertyNames(Object.prototype);
const RUNS = OF_OBJECTS.filter(name => /^[a-z][A-Za-z0-9]*$/.test(name));
// Of a record a key of this name is not taken; where a file says it, the name is refused as not known.
const LABELS = OF_OBJECTS.filter(name => name !== '__proto__');

describe('a campaign whose names are those of objects', () => {
  it('there are such names', () => {
    expect(RUNS).toEqual(expect.arrayContaining(['constructor', 'toString', 'valueOf', 'hasOwnProperty']));
  });

  it('is rehearsed, carried out, held, told and reported as any other', async () => {
    const label = fc.constantFrom(...LABELS);
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.constantFrom(...RUNS), { minLength: 3, maxLength: 3 }),
        fc.record({ window: label, resource: label, bench: label, subject: label }),
        async ([one, two, three], { window, resource, bench, subject }) => {
          const own = { bench, subject, resources: [resource] };
          const runs = [
            run(one, {
              ...own,
              window,
              rules: [{ if: `${one}.capacity_Ah > 1`, repeat: [two], at_most: 1, because: 'x' }],
            }),
            run(two, { ...own, after: [one] }),
            run(three, { after: [two], priority: 1 }),
          ];
          const of = campaignOf(runs, {
            windows: { [window]: { from: '20:00', to: '06:00' } },
            resources: [resource],
          });
          const fate = { ...good(5), duration_s: 3600 };
          const course = await courseOf(of.campaign, of.rules, EVENING, () => Promise.resolve(fate));
          const ids = [one, `${two}-2`, two, three];
          expect(course.queue.items.map(({ id, state }) => `${id} ${state}`)).toEqual(
            ids.map(id => `${id} completed`),
          );
          const world = new CampaignWorld(of.campaign, EVENING, () => fate);
          const { waits } = choose(of.campaign, world.state.queue, EVENING, heldIn(world.state, world));
          expect(waits.map(wait => [wait.id, wait.for])).toEqual([
            [three, 'run'],
            [one, 'window'],
            [two, 'run'],
          ]);
          const change = (h: number, what: 'hold' | 'resume') =>
            world.clock.schedule(h * 3600, () => {
              world.edits.push({
                id: `${what}${h}`,
                by: 'Ada',
                because: 'x',
                change: { do: what, run: three },
              });
            });
          change(0.5, 'resume');
          change(1, 'hold');
          change(9, 'resume');
          await world.through([{ at: 9, isKept: true }]);
          expect([...world.answers]).toEqual([
            ['resume0.5', `${three} is not held`],
            ['hold1', undefined],
            ['resume9', undefined],
          ]);
          expect(world.begun).toEqual([one, two, `${two}-2`, three]);
          expect(world.wrong).toEqual([]);
          const carried = carriedCourseOf(world.state, [], world.clock.utc_ms());
          expect(carried.benches.map(({ held }) => held)).toEqual([null, null]);
          expect(carried.runs.map(({ expectedEndUtc }) => expectedEndUtc)).toEqual([null, null, null, null]);
          for (const event of world.log) noticeOf(event, world.state);
          const morning = morningOf({
            state: world.state,
            course: carried,
            events: world.log,
            trail: world.trail,
            untold: [],
            resultOf: () => undefined,
            now_ms: world.clock.utc_ms(),
          });
          expect(morning.needs).toEqual([]);
          expect(renderMorning(morning)).not.toMatch(/undefined|NaN|native code|\[object/);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('a cut run that goes on is told as such', () => {
    const { campaign } = campaignOf([run('toString')]);
    const { state } = new CampaignWorld(campaign, EVENING, () => ({ ...good(5), duration_s: 1 }));
    const event = {
      n: 1,
      utc: '2026-03-02T18:00:00.000Z',
      kind: 'cutOff',
      id: 'toString',
      text: 'x',
      by: null,
      hash: '',
    } as const;
    expect(noticeOf(event, state)?.kind).not.toBe('held');
  });

  it('the times of a rehearsal are read', () => {
    const dir = mkdtempSync(join(tmpdir(), 'cellbench-names-'));
    try {
      const amounts = { energy_kWh: null, h2_kg: null, n2_NL: null, bytes: 0 };
      const row = {
        bench: 'b',
        subject: null,
        state: 'completed',
        reason: '',
        beginUtc: null,
        endUtc: null,
        waited: [],
        ...amounts,
      };
      const runs = RUNS.map((name, i) => ({ id: name, run: name, duration_s: 10 + i, ...row }));
      const about = {
        campaign: 'c',
        zone: 'UTC',
        seed: 1,
        beginUtc: '',
        endUtc: '',
        benches: [],
        total: amounts,
        findings: [],
      };
      writeFileSync(join(dir, 'campaign.json'), JSON.stringify({ ...about, runs }));
      expect(plannedIn(dir)).toEqual(Object.fromEntries(RUNS.map((name, i) => [name, 10 + i])));
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});

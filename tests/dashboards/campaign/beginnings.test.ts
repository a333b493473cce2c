import { describe, expect, it } from 'vitest';
import { Beginnings } from '../../../dashboards/page/campaign/beginnings.ts';
import { channelsOf, heardOf, isIn } from '../../../dashboards/page/campaign/matrix-facts.ts';
import { CHARGING, runOf, shownOf } from './fake-campaign.ts';

/** What a channel is called between the begin of its run and its first answer. */

const UPDATED_MS = Date.parse('2026-03-02T20:00:00.000Z');
const begun = (ago_s: number) => runOf(1, { beginUtc: new Date(UPDATED_MS - 1000 * ago_s).toISOString() });
const READS = { 'run-1': CHARGING };

describe('a run under way', () => {
  it.each<readonly [string, readonly (readonly [at_s: number, begun_s: number, reads: boolean])[], boolean]>([
    ['has begun just now', [[0, 2, false]], true],
    ['has answered', [[0, 2, true]], false],
    [
      'has answered, and says nothing any more',
      [
        [0, 2, true],
        [2, 4, false],
      ],
      false,
    ],
    // The file of the campaign is written at its next event only: the page counts by itself.
    [
      'has said nothing for a minute',
      [
        [0, 2, false],
        [61, 2, false],
      ],
      false,
    ],
    ['was begun long before the page was opened', [[0, 600, false]], false],
  ])('%s', (_, looks, is) => {
    const beginnings = new Beginnings();
    const found = looks.map(([at_s, begun_s, reads]) =>
      beginnings.look(shownOf([begun(begun_s)], reads ? READS : {}), 1000 * at_s),
    );
    expect(found.at(-1)?.has('run-1')).toBe(is);
  });

  it('that is taken up once more begins once more', () => {
    const beginnings = new Beginnings();
    beginnings.look(shownOf([begun(2)], READS), 0);
    beginnings.look(shownOf([{ ...begun(2), state: 'waiting' }], {}), 1000);
    expect(beginnings.look(shownOf([begun(1)], {}), 90_000).has('run-1')).toBe(true);
  });
});

it('its channel begins, counts as running, and nothing is said of its alarms', () => {
  const shown = shownOf([runOf(1), runOf(2), runOf(3, { state: 'waiting' })], { 'run-2': CHARGING });
  const channels = channelsOf(shown, shown.benches[0], new Set(['run-1']));
  expect(channels.map(({ is }) => is)).toEqual(['beginning', 'charge', 'waiting']);
  expect(isIn('running', channels[0])).toBe(true);
  expect(heardOf(channels)).toEqual({ heard: 1, unheard: 1 });
});

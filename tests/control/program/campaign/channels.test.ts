import { expect, it } from 'vitest';
import { type ChannelsCourse, channelsCourse } from '../../../support/campaign-of-channels.ts';

/** A campaign of several channels at once in virtual time, things go wrong; the long one: npm run measure:campaign. */

const OF = { channels: 3, hours: 4.5, rounds: 2 };
const ofItems = ({ items }: ChannelsCourse) => items;

it('accounts for every run, and comes to the same whether its supervisor was killed on the way or not', async () => {
  const calm = await channelsCourse({ ...OF, kills: 0 });
  expect(calm.wrong).toEqual([]);
  expect(calm.is).toBe('over');
  expect(calm.most).toBe(OF.channels);
  const kinds = new Set(calm.items.map(({ state }) => state));
  expect(kinds).toEqual(new Set(['completed', 'failed']));
  // Both kinds of trouble have come.
  expect(calm.items.some(({ reason }) => /cell-voltage-high/.test(reason))).toBe(true);
  expect(calm.items.some(({ reason }) => /cut off/.test(reason))).toBe(true);
  const killed = await channelsCourse({ ...OF, kills: 2 });
  expect(killed.killed).toBe(2);
  expect(killed.wrong).toEqual([]);
  expect(ofItems(killed)).toEqual(ofItems(calm));
}, 180_000);

import { describe, expect, it } from 'vitest';
import type { ChannelShown } from '../../../control/view.ts';
import {
  type Channel,
  channelsOf,
  isIn,
  LETTERS,
  worstOf,
} from '../../../dashboards/page/campaign/matrix-facts.ts';
import { pathOf } from '../../../dashboards/page/campaign/sparkline.tsx';
import { de } from '../../../dashboards/page/words/de.ts';
import { speak } from '../../../dashboards/page/words/language.ts';
import { CHARGING, night, runOf, shownOf } from './fake-campaign.ts';

/** The one channel of a bench whose run reads so. */
function reads(reading: Partial<ChannelShown>): Channel {
  const shown = shownOf([runOf(1)], { 'run-1': { ...CHARGING, ...reading } });
  return channelsOf(shown, shown.benches[0])[0];
}

const ALARM = { id: 'a', reaction: 'warn', text: 'too warm', open: 1 } as const;

describe('a channel', () => {
  it.each<readonly [Partial<ChannelShown>, string]>([
    [{}, 'C'],
    [{ work: 'discharge' }, 'D'],
    [{ work: 'rest' }, 'R'],
    [{ work: 'hold voltage' }, 'V'],
    [{ work: null, voltage_V: null }, '?'],
    [{ state: 'Starting' }, '>'],
    [{ state: 'Held' }, 'P'],
    [{ state: 'Suspended' }, 'P'],
    [{ state: 'Complete' }, 'F'],
    [{ state: 'Aborted' }, '!'],
    [{ state: 'Stopped' }, '!'],
    [{ alarm: ALARM }, '!'],
    // Somebody has to look whatever else it does.
    [{ alarm: ALARM, state: 'Held' }, '!'],
  ])('that reads %o has the letter %s', (reading, letter) => {
    expect(LETTERS[reads(reading).is]).toBe(letter);
  });

  it('that has ended says so in the language of the page', () => {
    expect(reads({ state: 'Aborted' }).why).toBe('Aborted');
    speak('de');
    expect(reads({ state: 'Aborted' }).why).toBe(de.run.states.Aborted);
    speak('en');
  });

  it('has as its bar how full it is, else its rounds, else none', () => {
    expect(reads({ charge_pct: 61 }).bar).toEqual({ part: 0.61, of: 'charge' });
    expect(reads({ charge_pct: 130 }).bar).toEqual({ part: 1, of: 'charge' });
    expect(reads({}).bar).toEqual({ part: 0.416, of: 'rounds' });
    expect(reads({ round: { at: 3, of: null } }).bar).toBeNull();
    expect(reads({ round: null }).bar).toBeNull();
  });

  it('whose run is called like something of every object and says nothing yet has not been seen', () => {
    const shown = shownOf([{ ...runOf(1), id: 'toString', run: 'toString' }], {});
    expect(channelsOf(shown, shown.benches[0])[0]).toMatchObject({ is: 'unseen', bar: null });
  });

  it('without a run says what is to come, or how the last one ended', () => {
    const over = { state: 'completed', endUtc: '2026-03-02T19:00:00Z' } as const;
    const failed = { state: 'failed', endUtc: '2026-03-02T20:00:00Z', reason: 'tripped' } as const;
    const waits = { state: 'waiting', beginUtc: null, dir: null, waitsFor: 'run x' } as const;
    const runs = [
      runOf(1, over),
      runOf(2, failed),
      runOf(3, waits),
      runOf(5, over),
      { ...runOf(5, failed), id: 'again' },
      runOf(6),
    ];
    const shown = shownOf(runs, {}, { cell1: 'look at it' }, 6);
    const channels = channelsOf(shown, shown.benches[0]);
    expect(channels.map(({ is }) => is)).toEqual([
      'attention',
      'attention',
      'waiting',
      'empty',
      'attention',
      'unseen',
    ]);
    expect(channels.map(({ why }) => why)).toEqual(['look at it', 'tripped', 'run x', '', 'tripped', '']);
  });
});

describe('the channels of a bench', () => {
  const { runs, readings } = night(64);
  const shown = shownOf(runs, readings, {}, 64);
  const channels = channelsOf(shown, shown.benches[0]);

  it('stand in their order, whatever they do', () => {
    expect(channels.map(({ number }) => number)).toEqual(Array.from({ length: 64 }, (_, i) => i + 1));
    expect(channels[2]).toMatchObject({ subject: 'cell3', is: 'attention', reaction: 'trip' });
  });

  it('want somebody where the process of a run does not answer, and are graver than a warning', () => {
    const since = '2026-03-02T20:00:00.000Z';
    const rest = Object.fromEntries(Object.entries(readings).filter(([id]) => id !== 'run-8'));
    const hung = channelsOf({ ...shown, readings: rest, silent: { 'run-8': since } }, shown.benches[0]);
    expect(hung[7]).toMatchObject({ is: 'silent', since, reading: undefined });
    expect(isIn('attention', hung[7])).toBe(true);
    expect(worstOf(hung.slice(7, 8))).toMatchObject({ channel: { is: 'silent' }, more: 0 });
    const warned = { ...hung[7], is: 'attention', reaction: 'warn' } as const;
    expect(worstOf([warned, hung[7]])).toMatchObject({ channel: { is: 'silent' }, more: 1 });
    expect(worstOf([hung[7], { ...warned, reaction: 'trip' }])).toMatchObject({
      channel: { reaction: 'trip' },
    });
  });

  it('are picked by a filter', () => {
    const picked = (filter: 'all' | 'running' | 'attention'): number =>
      channels.filter(channel => isIn(filter, channel)).length;
    expect([picked('all'), picked('running'), picked('attention')]).toEqual([64, runsOf('running'), 3]);
  });
  function runsOf(state: string): number {
    return runs.filter(run => run.state === state).length;
  }

  it('say which is the gravest, and how many more there are', () => {
    expect(worstOf(channels)).toMatchObject({ channel: { number: 3 }, more: 1 });
    expect(worstOf(channels.filter(({ is }) => is !== 'attention'))).toBeUndefined();
  });
});

describe('a small curve', () => {
  it('lifts its pen where nothing is known, and stays flat where nothing happens', () => {
    expect(pathOf([])).toBe('');
    expect(pathOf([3.6, null, 3.6, 3.6])).toBe('M0.0 23.0M80.0 23.0L120.0 23.0');
    expect(pathOf(Array.from({ length: 5000 }, (_, i) => i)).split('L').length).toBeLessThan(125);
  });
});

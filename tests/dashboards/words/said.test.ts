import { describe, expect, it } from 'vitest';
import { ENGLISH, inEnglish, type Said, type SaidCode, say } from '../../../control/contract/said/said.ts';
import { EVENT_DATA } from '../../../control/record/events.ts';
import { kindWord } from '../../../dashboards/page/words/event-kinds.ts';
import { speak } from '../../../dashboards/page/words/language.ts';
import { SAID, saidIn, saidText } from '../../../dashboards/page/words/said/said.ts';

/** What a bench says has words in every language, whatever stands in it. */

const way = { where: 'Held', command: 'resume', ids: ['h2-trip'] } as const;
/** Something of all that stands in words. */
const FOUND = {
  unseen: ['a'],
  seen: ['b'],
  ...way,
  asks: ['Lid shut?'],
  by: 'A. Miller',
  cleared: ['a'],
  standing: ['b'],
  id: 'h2-trip',
  from: 1,
  to: 2,
  reason: 'drift',
  state: 'Aborted',
  role: 'stack.current_A',
  reads: 3,
  is: '<',
  limit: 0.5,
  names: ['a', 'b'],
  for_s: 60,
  most_s: 3600,
  kind: 'rate',
  value: 9,
  trips: '>',
  step: 'ramp',
  ended: 'time',
  command: 'hold',
  accepted: true,
  nth: 1,
  most: 2,
  lasted_s: 12.34,
  device: 'supply',
  did: 'stopped',
  text: 'in English',
};
const SUSPENDED = { id: 'gas-low', nth: 2, most: 3, back_s: 4, for_s: 10, trips_s: 50 };

function example(code: SaidCode): Said {
  const odd: Partial<Record<SaidCode, object>> = {
    suspended: { by: [SUSPENDED, { ...SUSPENDED, back_s: null, trips_s: null }] },
    deviceIs: { device: 'supply', state: 'lost' },
    wentTo: { from: 'Execute', to: 'Held' },
    caused: { ...FOUND, by: 'person', because: 'a leak' },
  };
  return { code, with: { ...FOUND, ...odd[code] } } as unknown as Said;
}

const CODES = Object.keys(ENGLISH) as SaidCode[];

describe('each code', () => {
  it.each(CODES)('%s has words in English, German and Japanese', code => {
    const said = example(code);
    const english = inEnglish(said);
    const all = [english, SAID.de, SAID.ja].map(one =>
      typeof one === 'string' ? one : (one[code] as (found: unknown) => string)(said.with),
    );
    for (const text of all) {
      expect(text).not.toBe('');
      expect(text).not.toMatch(/undefined|NaN|\[object/);
    }
    expect(new Set(all).size, all.join(' | ')).toBeGreaterThan(1);
    expect(all[2]).toMatch(/[\u3040-\u30ff\u4e00-\u9fff]|→/);
  });
});

it('the causes of an end have words of their own in German and Japanese', () => {
  const causes = [
    'person',
    'signal',
    'interlock',
    'step',
    'set-point',
    'watchdog',
    'record',
    'guard',
    'self',
  ] as const;
  for (const words of [SAID.de, SAID.ja]) {
    const texts = causes.map(by => words.caused({ did: 'aborted', by, id: 'x', text: 'y' }));
    expect(new Set(texts).size).toBe(causes.length);
  }
});

it('what has no code stays as the bench words it; English is its own', () => {
  const said = say('acknowledgeFirst', { where: 'Held', command: 'resume' });
  const english = 'Held: acknowledge the alarms, then resume';
  expect(inEnglish(said)).toBe(english);
  expect(saidIn('en', english, said)).toBe(english);
  expect(saidIn('de', english, said)).toBe('Angehalten: erst die Alarme quittieren, dann Fortsetzen');
  expect(saidIn('ja', english, said)).toBe('一時停止中: 警報を確認してから「再開」');
  expect(saidIn('de', 'of a file', undefined)).toBe('of a file');
  const later = { code: 'ofAnotherVersion', with: {} } as unknown as Said;
  expect(saidIn('ja', 'of another version', later)).toBe('of another version');
});

it('each kind of event has a word in each language', () => {
  for (const language of ['en', 'de', 'ja'] as const) {
    speak(language);
    for (const kind of Object.keys(EVENT_DATA) as (keyof typeof EVENT_DATA)[])
      expect(kindWord(kind), `${language} ${kind}`).not.toBe('');
    expect(saidText('x', undefined)).toBe('x');
  }
  speak('en');
});

import { describe, expect, it } from 'vitest';
import { refusal } from './convert-once.ts';

/** What of a BattINFO test protocol cannot be read. */

type Json = Record<string, unknown>;

const protocol = (method: readonly Json[] | undefined, more: Json = {}): string =>
  JSON.stringify(
    {
      schema_version: '0.2.0',
      test_spec: { id: 'https://w3id.org/battinfo/spec/aaaa-bbbb-cccc-dddd', name: 'A test', kind: 'other' },
      provenance: { source_type: 'lab', retrieved_at: 1 },
      ...(method === undefined ? {} : { method }),
      ...more,
    },
    null,
    2,
  );
const q = (value: number, unit: string): Json => ({ value, unit });
const REST = { mode: 'rest', direction: 'rest', duration: q(60, 's') };

const REFUSED: readonly (readonly [what: string, text: string, says: RegExp])[] = [
  ['no method', protocol(undefined), /its artifacts are what runs/],
  ['a scan', protocol([{ mode: 'scan' }]), /"scan" cannot be said here/],
  ['a mode that is none', protocol([{ mode: 'ccv' }]), /mode: found "ccv", expected one of cc, cv/],
  [
    'no direction',
    protocol([{ mode: 'cc', setpoints: { current: q(1, 'A') }, duration: q(1, 's') }]),
    /expected charge or discharge/,
  ],
  [
    'two set points',
    protocol([
      {
        mode: 'cc',
        direction: 'charge',
        setpoints: { current: q(1, 'A'), c_rate: q(1, 'A/Ah') },
        duration: q(1, 's'),
      },
    ]),
    /setpoints: expected c_rate or current, one of them/,
  ],
  [
    'a unit of something else',
    protocol([{ mode: 'cc', direction: 'charge', setpoints: { current: q(1, 'V') }, duration: q(1, 's') }]),
    /unit: found "V", expected A or the like/,
  ],
  [
    'a hold until a voltage without a direction',
    protocol([
      {
        mode: 'cv',
        direction: 'hold',
        setpoints: { voltage: q(4, 'V') },
        termination: [{ quantity: 'voltage', value: 1, unit: 'V' }],
      },
    ]),
    /a voltage without a direction/,
  ],
  [
    'a size with a sign',
    protocol([
      { mode: 'cc', direction: 'discharge', setpoints: { current: q(-1, 'A') }, duration: q(1, 's') },
    ]),
    /value: found -1, expected its size: direction says which way/,
  ],
  ['no end', protocol([{ mode: 'rest' }]), /has no end/],
  ['an empty group', protocol([{ mode: 'group', count: 3 }]), /a group without steps/],
  ['steps in a step', protocol([{ ...REST, steps: [REST] }]), /only a group has steps/],
  [
    'a charge into a resistance',
    protocol([
      { mode: 'cr', direction: 'charge', setpoints: { resistance: q(1, 'Ohm') }, duration: q(1, 's') },
    ]),
    /expected discharge into a resistance/,
  ],
  ['tags', protocol([{ ...REST, tags: ['x'] }]), /tags: are left out: here tags arm interlocks \(--accept/],
  [
    'a temperature on some steps',
    protocol([{ ...REST, temperature: q(20, 'degC') }, REST]),
    /has no temperature after one that has/,
  ],
];

describe('what is refused, with its line', () => {
  it.each(REFUSED)('%s', (_, text, says) => {
    expect(refusal('p.json', text, {})).toMatch(says);
    expect(refusal('p.json', text, {})).toMatch(/^p\.json:\d+:\d+: /);
  });
});

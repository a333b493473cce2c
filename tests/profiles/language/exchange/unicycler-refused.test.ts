import { describe, expect, it } from 'vitest';
import { methodOf, refusal } from './convert-once.ts';

/** What unicycler JSON cannot say, and what of it cannot be said here. */

type Json = Record<string, unknown>;

const REST = { step: 'open_circuit_voltage', until_time_s: 60 };
const UP = { step: 'constant_current', rate_C: 0.5, until_time_s: 9000, until_voltage_V: 4.2 };
const HOLD = { step: 'constant_voltage', voltage_V: 4.2, until_time_s: 3600, until_rate_C: 0.05 };
const loop = (loop_to: number | string, cycle_count: number): Json => ({
  step: 'loop',
  loop_to,
  cycle_count,
});
const tag = (name: string): Json => ({ step: 'tag', tag: name });

const protocol = (method: readonly Json[], more: Json = {}): string =>
  JSON.stringify(
    { sample: { name: 'cell 7', capacity_mAh: 2000 }, record: { time_s: 10 }, method, ...more },
    null,
    2,
  );
const REFUSED: readonly (readonly [what: string, text: string, says: RegExp])[] = [
  [
    'a rate beside a current',
    protocol([{ ...UP, current_mA: 5 }]),
    /^p.json:15:\d+: current_mA: beside rate_C, which would win unseen/,
  ],
  [
    'an until-rate beside an until-current',
    protocol([{ ...HOLD, until_current_mA: 5 }]),
    /until_current_mA: beside until_rate_C/,
  ],
  ['no current', protocol([{ ...UP, rate_C: 0 }]), /neither rate_C nor current_mA/],
  ['no end', protocol([{ step: 'constant_current', rate_C: 1 }]), /has no end/],
  [
    'a kind that is none',
    protocol([{ step: 'constant_power' }]),
    /found "constant_power", expected one of open_circuit/,
  ],
  ['a scan', protocol([{ step: 'voltage_scan', start_voltage_V: 3 }]), /voltage_scan cannot be said here/],
  [
    'a key that is none',
    protocol([{ ...REST, until_time: 3 }]),
    /until_time: unknown key "until_time" \(did you mean "until_time_s"/,
  ],
  [
    'a number that is none',
    protocol([{ ...REST, until_time_s: 'long' }]),
    /until_time_s: found "long", expected a number/,
  ],
  [
    'loops that cross',
    protocol([REST, REST, REST, loop(1, 2), REST, loop(2, 2)]),
    /leads into the loop of steps 1 to 3: loops cross|loops cross/,
  ],
  ['a loop forward', protocol([REST, loop(2, 3), REST]), /leads to step 2, expected one before/],
  ['a tag that is not there', protocol([REST, loop('a', 3)]), /no tag "a" stands before it/],
  ['a tag twice', protocol([tag('a'), REST, tag('a'), REST]), /"a" stands twice/],
  ['an empty loop', protocol([REST, tag('a'), loop('a', 2)]), /there is no step in this loop/],
  ['no record', JSON.stringify({ method: [REST] }), /missing key "record"/],
  ['only tags', protocol([tag('a')]), /no step that drives the cell/],
  [
    'two amplitudes',
    protocol([
      {
        step: 'impedance_spectroscopy',
        amplitude_V: 1,
        amplitude_mA: 1,
        start_frequency_Hz: 1,
        end_frequency_Hz: 1,
      },
    ]),
    /amplitude_V or amplitude_mA, one of them/,
  ],
  [
    'a drift that is taken out',
    protocol([
      {
        step: 'impedance_spectroscopy',
        amplitude_V: 1,
        start_frequency_Hz: 1,
        end_frequency_Hz: 1,
        drift_correction: true,
      },
    ]),
    /drift_correction: is left out.*--accept/,
  ],
  ['an id that is none', protocol([{ ...REST, id: 'The first!' }]), /id: "The first!" is left out.*--accept/],
  [
    'a rate by nothing',
    protocol([{ ...UP, rate_C: 'C/0' }]),
    /^p.json:\d+:\d+: rate_C: found "C\/0", which is no rate/,
  ],
  ['a time below 0', protocol([{ ...UP, until_time_s: -5 }]), /until_time_s: found -5, expected more than 0/],
  [
    'a rest of no time',
    protocol([{ ...REST, until_time_s: 0 }]),
    /until_time_s: found 0, expected more than 0/,
  ],
  ['a loop of no rounds', protocol([REST, REST, loop(1, 0)]), /cycle_count: found 0, expected more than 0/],
  ['no JSON', '{ "method": [ }', /^p.json:1/],
];

describe('what is refused', () => {
  it.each(REFUSED)('%s', (_, text, says) => expect(refusal('p.json', text, {})).toMatch(says));

  it.each([
    [
      'a charge until a lower voltage',
      '- { cc: { current_A: 1 }, until: cell.voltage_V < 3, for_h: 1 }',
      /:4:\d+: until: unicycler ends this step only by time, or by the voltage that its current/,
    ],
    [
      'a current until a current',
      '- { cc: { current_A: 1 }, until: cell.current_A < 0.1, for_h: 1 }',
      /:4:\d+: until: unicycler ends/,
    ],
    [
      'a voltage of 0',
      '- { cc: { current_A: -1 }, until: cell.voltage_V < 0, for_h: 1 }',
      /:4:\d+: until: .*not 0, which counts as none/,
    ],
    ['a current of 0', '- { cc: { current_A: 0 }, for_h: 1 }', /:4:\d+: cc: a current of 0/],
    [
      'a rest until a voltage',
      '- { rest: {}, until: cell.voltage_V < 3, for_h: 1 }',
      /:4:\d+: until: .*only by time/,
    ],
    [
      'a hold until a voltage',
      '- { cv: { voltage_V: 4 }, until: cell.voltage_V > 4, for_h: 1 }',
      /:4:\d+: until: .*become small/,
    ],
    [
      'no rows at all',
      '- { rest: {}, for_h: 1 }',
      /m.yaml:1:\d+: method: no record.every_s, which unicycler needs/,
    ],
  ])('written: %s', (what, steps, says) => {
    const head = what === 'no rows at all' ? '' : 'record: { every_s: 1 }\n';
    const shifted = new RegExp(says.source.replace(':4:', head === '' ? ':4:' : ':5:'));
    expect(refusal('m.yaml', methodOf(steps, head), { to: 'unicycler' })).toMatch(shifted);
  });
});

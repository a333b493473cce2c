import { describe, expect, it } from 'vitest';
import { readCampaign } from '../../../control/campaign/campaign-file.ts';
import { openingAt } from '../../../control/campaign/windows.ts';

/** What a campaign may say, and where it is told what it may not. */

const GOOD = `campaign: two
version: 1
bench: bench.yaml
zone: Europe/Berlin
windows:
  night: { from: "22:00", to: "06:00" }
resources: [ gas line ]
runs:
- run: first
  method: a.yaml
  window: night
  resources: [ gas line ]
- run: second
  method: b.yaml
  after: [ first ]
  rules:
  - { if: second.x_V > 1 V, repeat: [ first ], because: once more }
`;

describe('a campaign file', () => {
  it('is read, with what was left out', () => {
    const { value } = readCampaign('c.yaml', GOOD);
    expect(value.runs[0]).toMatchObject({ times: 1, priority: 0, after: [], on_failure: 'skip', with: {} });
    expect(value.runs[1]?.rules[0]).toMatchObject({ at_most: 3, repeat: ['first'] });
  });

  it.each<[what: string, from: string, to: string, line: number, says: RegExp]>([
    [
      'a run that is not there',
      'after: [ first ]',
      'after: [ frist ]',
      15,
      /"frist" is not known.*first, second/,
    ],
    [
      'a circle',
      '  window: night',
      '  after: [ second ]',
      11,
      /first after second after first.*expected an order/,
    ],
    ['a run that waits for itself', 'after: [ first ]', 'after: [ second ]', 15, /second after second/],
    ['a name twice', 'run: second', 'run: first', 13, /"first" is the name of runs\[0\] as well/],
    ['a name that is one on some disks', 'run: second', 'run: firsT', 13, /small and capital letters/],
    ['a name of its own folder', 'run: second', 'run: inbox', 13, /a folder of the campaign itself/],
    ['a window that is not there', 'window: night', 'window: nite', 11, /"nite" is not known.*night/],
    [
      'a resource that is not there',
      'resources: [ gas line ]\n- run',
      'resources: [ gas ]\n- run',
      12,
      /gas line/,
    ],
    ['a window that never closes', 'to: "06:00"', 'to: "22:00"', 6, /expected another time/],
    ['a time of day that is none', '"22:00"', '"24:30"', 6, /expected a time of day/],
    ['no zone', 'Europe/Berlin', 'Europe/Berlni', 4, /no time zone/],
    ['a rule that does two things', 'because:', 'skip: [ first ], because:', 17, /expected one of repeat/],
    ['a rule that does nothing', 'repeat: [ first ], ', '', 17, /expected one of repeat/],
    [
      'a rule for a run that is not there',
      'repeat: [ first ]',
      'repeat: [ third ]',
      17,
      /"third" is not known/,
    ],
    ['a name that no condition can say', 'run: first\n', 'run: first-run\n', 9, /letters and digits/],
    ['no times', 'after: [ first ]', 'times: 0', 15, /times/],
    ['an unknown key', 'zone:', 'zones:', 4, /zone/],
    [
      'a resource twice',
      'resources: [ gas line ]\nruns',
      'resources: [ gas line, gas line ]\nruns',
      7,
      /"gas line" stands there twice/,
    ],
    [
      'a resource of a run twice',
      '  resources: [ gas line ]',
      '  resources: [ gas line, gas line ]',
      12,
      /"gas line" stands there twice/,
    ],
    [
      'a run twice in what comes before',
      'after: [ first ]',
      'after: [ first, first ]',
      15,
      /"first" stands there twice/,
    ],
    [
      'a run that is to be repeated twice',
      'repeat: [ first ]',
      'repeat: [ first, second, first ]',
      17,
      /"first" stands there twice/,
    ],
    [
      'a run that is to be skipped twice',
      'repeat: [ first ]',
      'skip: [ first, first ]',
      17,
      /"first" stands there twice/,
    ],
    ['itself as its baseline', 'after: [ first ]', 'baseline: second', 15, /"second" is this run itself/],
  ])('is refused for %s, with its line, its column and a mark', (_, from, to, line, says) => {
    expect(GOOD).toContain(from);
    const read = () => readCampaign('c.yaml', GOOD.replace(from, to));
    expect(read).toThrow(says);
    expect(read).toThrow(new RegExp(`^c\\.yaml:${line}:\\d+: .*\\n.*\\n +\\^+$`));
  });
});

it('a refusal marks the word that is meant', () => {
  expect(() => readCampaign('c.yaml', GOOD.replace('after: [ first ]', 'after: [ frist ]'))).toThrow(
    [
      'c.yaml:15:12: after: "frist" is not known, expected a run: first, second',
      '    after: [ frist ]',
      '             ^^^^^',
    ].join('\n'),
  );
});

describe('a window', () => {
  const night = { from: '22:00', to: '06:00' };
  const utc = (text: string) => Date.parse(text);
  it.each<[at: string, window: Parameters<typeof openingAt>[0], from: string, to: string]>([
    ['2026-03-02T12:00Z', night, '2026-03-02T21:00Z', '2026-03-03T05:00Z'],
    // Open since yesterday.
    ['2026-03-02T03:00Z', night, '2026-03-01T21:00Z', '2026-03-02T05:00Z'],
    // To the millisecond: at its end it is closed.
    ['2026-03-02T05:00Z', night, '2026-03-02T21:00Z', '2026-03-03T05:00Z'],
    // The night in which the clocks go forward has seven hours, the one in autumn nine.
    ['2026-03-28T22:00Z', night, '2026-03-28T21:00Z', '2026-03-29T04:00Z'],
    ['2026-10-24T21:00Z', night, '2026-10-24T20:00Z', '2026-10-25T05:00Z'],
    // On Friday afternoon the next one is on Monday.
    [
      '2026-03-06T16:00Z',
      { from: '08:00', to: '16:30', days: ['mon', 'tue'] },
      '2026-03-09T07:00Z',
      '2026-03-09T15:30Z',
    ],
    // Left out where the clocks go forward: half an hour that is not there, on the only day of the week.
    [
      '2026-03-23T10:00Z',
      { from: '02:30', to: '03:00', days: ['sun'] },
      '2026-04-05T00:30Z',
      '2026-04-05T01:00Z',
    ],
  ])('at %s', (at, window, from, to) => {
    expect(openingAt(window, 'Europe/Berlin', utc(at))).toEqual({ from_ms: utc(from), to_ms: utc(to) });
  });
});

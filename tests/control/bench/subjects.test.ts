import { describe, expect, it } from 'vitest';
import { type LoadedBench, parseBench } from '../../../control/bench/bench-file.ts';
import { benchNames } from '../../../control/bench/bench-names.ts';
import { subjectLine } from '../../../control/bench/one-subject.ts';
import { describeDevice } from '../../../control/program/open-devices.ts';
import { readTextFile } from '../../../drivers/contract/text-file.ts';

/** Several subjects on one bench: which of them a run is for, and what is refused. */

const FILE = 'examples/two-cells/bench.yaml';
const TEXT = readTextFile(FILE);
const ONE = 'examples/cell-cycling/bench.yaml';

function replaced(from: string, to: string): string {
  expect(TEXT).toContain(from);
  return TEXT.replace(from, to);
}
const load = (subject?: string, text = TEXT): LoadedBench => parseBench(FILE, text, describeDevice, subject);
const lineWith = (text: string, part: string, nth = 1): number => {
  const lines = text.split('\n');
  const found = lines.flatMap((line, i) => (line.includes(part) ? [i + 1] : []));
  return found[nth - 1];
};

describe('a bench with two cells', () => {
  it('is the bench of the one that is asked for: its sheet, channel, limits and trips', () => {
    const [nickel, iron] = ['nickel', 'iron'].map(name => load(name));
    expect(benchNames(nickel).subject).toMatchObject({ capacity_Ah: 5, voltageMax_V: 4.2 });
    expect(benchNames(iron).subject).toMatchObject({ capacity_Ah: 3, voltageMax_V: 3.6 });
    expect(nickel.bench.devices['cycler'].options['nodes']).toBe('channel-1-nodes.yaml');
    expect(iron.bench.devices['cycler'].options['nodes']).toBe('channel-2-nodes.yaml');
    expect(iron.bench.limits['cell.currentSet_A']).toMatchObject({ min: -6, max: 3 });
    const trip = (bench: LoadedBench): unknown =>
      bench.bench.interlocks.find(({ id }) => id === 'cell-voltage-high');
    expect([trip(nickel), trip(iron)]).toMatchObject([{ limit: 4.25 }, { limit: 3.65 }]);
    expect(subjectLine(iron)).toEqual(['subject iron: LFP 26650, 3 Ah']);
  });

  it('keeps what is for both: chamber, safe state, its interlocks', () => {
    for (const name of ['nickel', 'iron']) {
      const { bench } = load(name);
      expect(Object.keys(bench.devices).sort()).toEqual(['chamber', 'cycler']);
      expect(bench.interlocks.map(({ id }) => id)).toContain('chamber-temperature-high');
      expect(bench.safeState.steps).toHaveLength(2);
    }
  });

  it('knows the line of what stands below a subject', () => {
    const iron = load('iron');
    expect(iron.lineOf(['limits', 'cell.currentSet_A'])).toBe(lineWith(TEXT, 'cell.currentSet_A: {', 2));
    expect(iron.lineOf(['limits', 'chamber.temperatureSet_degC'])).toBe(
      lineWith(TEXT, 'chamber.temperatureSet_degC: { min'),
    );
    const own = iron.bench.interlocks.findIndex(({ id }) => id === 'charge-current-high');
    expect(iron.lineOf(['interlocks', own])).toBe(lineWith(TEXT, 'id: charge-current-high', 2));
  });

  it('needs no word where there is one', () => {
    const [head, , tail] = TEXT.split(/^ {2}iron:\n|^# Which number/m);
    const bench = load(undefined, `${head}# Which number${tail}`);
    expect(bench.subject).toBe('nickel');
  });
});

describe('a bench with one subject without a name', () => {
  it('is as it was', () => {
    const bench = parseBench(ONE, readTextFile(ONE), describeDevice);
    expect([bench.subject, subjectLine(bench)]).toEqual([undefined, []]);
  });

  it('takes no name', () => {
    expect(() => parseBench(ONE, readTextFile(ONE), describeDevice, 'left')).toThrow(
      /--subject left: this bench has one subject without a name/,
    );
  });
});

describe('refused', () => {
  const cycler = `      cycler:
        driver: opcua/plc
        poll_s: 1
        stale_after_s: 3
        options: { endpoint: "opc.tcp://192.168.0.40:4840", nodes: channel-1-nodes.yaml }
        watchdog: { timeout_s: 5 }
`;
  it.each<readonly [what: string, text: () => string, subject: string | undefined, message: RegExp]>([
    [
      'no word which',
      () => TEXT,
      undefined,
      /bench\.yaml:\d+: subjects: nickel and iron stand on this bench, expected --subject with one of them/,
    ],
    [
      'a name that it has not',
      () => TEXT,
      'irom',
      /subjects: there is no irom \(did you mean iron\?\), expected --subject with one of nickel, iron/,
    ],
    [
      'no subject at all',
      () => TEXT.replace(/subjects:[\s\S]*?# Which/, 'subjects: {}\n# Which'),
      undefined,
      /subjects: found an empty block, expected at least one subject/,
    ],
    [
      'a name that is none',
      () => replaced('  nickel:\n', '  Nickel 1:\n'),
      'iron',
      /expected a name of a subject like "left"/,
    ],
    [
      'an unknown key of one',
      () => replaced('    twin: { plant: ecm', '    twine: { plant: ecm'),
      'iron',
      /unknown key "twine" \(did you mean "twin"\?\)/,
    ],
    [
      'a cell beside subjects',
      () => replaced('devices:\n  chamber', 'cell: { name: x }\ndevices:\n  chamber'),
      'iron',
      /:\d+: cell: stands beside subjects, expected it below one of them/,
    ],
    [
      'two things under test below one name',
      () =>
        replaced(
          '    twin: { plant: ecm',
          '    vessel: { name: x, contents: H2, pressureMax_barg: 1 }\n    twin: { plant: ecm',
        ),
      'nickel',
      /subjects\.iron: .*expected one of `stack`, `cell` and `vessel`/,
    ],
    [
      'nothing under test below a name',
      () => replaced('iron:\n    cell:', 'iron:\n    chamber:').replace(/ {4}chamber:\n( {6}.*\n)+/, ''),
      'nickel',
      /subjects\.iron/,
    ],
    [
      'a sheet that is wrong, though another is asked for',
      () => replaced('capacity_Ah: 3', 'capacity_Ah: -3'),
      'nickel',
      /subjects\.iron\.cell\.capacity_Ah/,
    ],
    [
      'a limit that stands twice',
      () =>
        replaced(
          '  cell.modeSet_count: {',
          '  cell.currentSet_A: { min: 0, max: 1 }\n  cell.modeSet_count: {',
        ),
      'iron',
      /subjects\.nickel\.limits\.cell\.currentSet_A: stands at the bench too/,
    ],
    [
      'a twin that stands twice',
      () => replaced('output:\n', 'twin: { plant: spme, set: chen2020 }\noutput:\n'),
      'iron',
      /subjects\.nickel\.twin: stands at the bench too/,
    ],
    [
      'two cells on one channel',
      () => replaced('channel-2-nodes.yaml', 'channel-1-nodes.yaml'),
      'nickel',
      /subjects\.iron: cell\.voltage_V is cycler\.voltage_V, which is a channel of nickel too/,
    ],
    [
      'one channel for both',
      () =>
        TEXT.replaceAll(/ {4}devices:\n {6}cycler:\n( {8}.*\n)+/g, '').replace(
          'devices:\n  chamber',
          `devices:\n${cycler.replaceAll(/^ {4}/gm, '')}  chamber`,
        ),
      'nickel',
      /which is a channel of nickel too/,
    ],
    [
      'a channel without an instrument',
      () => TEXT.replace(/ {4}devices:\n {6}cycler:\n( {8}.*\n)+/, ''),
      'iron',
      /"cycler\.voltage_V" names no device.*\(with the subject nickel\)/,
    ],
    [
      'a trip that is missing for one',
      () => TEXT.replace(/ {6}- \{ id: cell-voltage-high.*limit: 3\.65.*\n/, ''),
      'nickel',
      /with the subject iron|subjects\.iron/,
    ],
    [
      'a trip above the sheet of one',
      () => replaced('limit: 3.65, rearm: 3.6,', 'limit: 4.65, rearm: 3.6,'),
      'nickel',
      /subjects\.iron\.interlocks\[0\]/,
    ],
  ])('%s', (_what, text, subject, message) => {
    const changed = text();
    expect(() => load(subject, changed)).toThrow(message);
  });
});

describe('devices at one address', () => {
  it('clients of one server may be there, each with nodes of its own', () => {
    const { cycler, chamber } = load('nickel').bench.devices;
    expect(chamber.options['endpoint']).toBe(cycler.options['endpoint']);
  });

  it('the same one twice is refused with its line', () => {
    const text = TEXT.replaceAll(/channel-[12]-nodes.yaml/g, 'chamber-nodes.yaml');
    expect(() => load('nickel', text)).toThrow(
      /two-cells\/bench\.yaml:26: subjects\.nickel\.devices\.cycler\.options: opc\.tcp:\/\/192\.168\.0\.40:4840 is chamber already, .* expected an address of its own$/,
    );
  });
});

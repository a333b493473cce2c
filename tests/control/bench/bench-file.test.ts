import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { subjectOf } from '../../../control/bench/bench.ts';
import { checkMethod, loadBench, parseBench } from '../../../control/bench/bench-file.ts';
import { describeDevice } from '../../../control/program/open-devices.ts';
import { FileError } from '../../../drivers/contract/yaml-file.ts';
import { loadMethod, parseMethod } from '../../../profiles/method-file.ts';

const PATH = 'examples/pem-500kw/bench.yaml';
const text = readFileSync(PATH, 'utf8');
const lineOf = (piece: string): number => text.slice(0, text.indexOf(piece)).split('\n').length;
const messageFor = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(FileError);
    return (error as FileError).message;
  }
  return 'accepted';
};

/** What is wrong -> the piece of the example and its replacement -> what the one message must hold. */
const table: readonly [what: string, from: string, to: string, pieces: readonly string[]][] = [
  ['unknown key', '    poll_s: 1\n', '    pol_s: 1\n', ['unknown key "pol_s"', 'did you mean "poll_s"']],
  [
    'unknown key at the top',
    'version: 1\n',
    'version: 1\ncolour: red\n',
    ['bench.yaml:6:', 'unknown key "colour"', 'safeState'],
  ],
  ['wrong type', 'cells: 135', 'cells: many', ['stack.cells', '"many"', 'number']],
  [
    'not a number',
    'currentNominal_A: 2000',
    'currentNominal_A: .nan',
    ['stack.currentNominal_A', 'NaN', 'number'],
  ],
  ['duplicate key', 'bench: pem-500kw', 'bench: pem-500kw\nbench: other', ['bench.yaml:5:', 'twice']],
  ['tab', '  cells: 135', '\tcells: 135', ['tab', 'expected spaces']],
  [
    'driver unknown',
    'driver: ea/psb-10000',
    'driver: ea/psb-9',
    ['devices.supply.driver', 'ea/psb-9', 'ea/psb-10000'],
  ],
  ['driver option', '      port: 502', '      port: many', ['devices.supply.options.port', '"many"']],
  [
    'driver option unknown',
    '      scpiPort: 5025',
    '      scpiport: 5025',
    [
      'devices.supply.options.scpiport',
      'unknown key "scpiport" (did you mean "scpiPort"?)',
      'voltageNominal_V',
    ],
  ],
  [
    'driver option of a union',
    '      baud: 115200',
    '      bauds: 115200',
    ['devices.rack.options.bauds', 'unknown key "bauds" (did you mean "baud"?)'],
  ],
  [
    'data file that is not there',
    'nodes: plc-nodes.yaml',
    'nodes: plc-node.yaml',
    ['devices.plc.options.nodes: "plc-node.yaml" cannot be opened: no such file, expected a readable file'],
  ],
  [
    'stale too early',
    '    stale_after_s: 3\n',
    '    stale_after_s: 0.5\n',
    ['stale_after_s', 'more than poll_s'],
  ],
  [
    'role without unit',
    '  stack.voltage_V: supply.voltage_V',
    '  stack.voltage: supply.voltage_V',
    ['"stack.voltage" has no unit'],
  ],
  [
    'role no device provides',
    'stack.voltage_V: supply.voltage_V',
    'stack.voltage_V: supply.volts_V',
    ['no device provides "supply.volts_V"', 'voltage_V'],
  ],
  [
    'role on no device',
    'stack.voltage_V: supply.',
    'stack.voltage_V: suply.',
    ['"suply.voltage_V" names no device', 'supply'],
  ],
  [
    'units differ',
    'stack.voltage_V: supply.voltage_V',
    'stack.voltage_V: supply.current_A',
    ['is in V', 'is in A', 'same unit'],
  ],
  [
    'array on one side',
    'cell.voltage_V[]: rack.cell[].voltage_V',
    'cell.voltage_V[]: rack.cell[1].voltage_V',
    ['expected [] on both sides'],
  ],
  [
    'limit out of the instrument',
    'stack.voltageSet_V: { min: 0, max: 304 }',
    'stack.voltageSet_V: { min: 0, max: 3100 }',
    ['limits.stack.voltageSet_V.max', '3100', 'range of supply', ' V'],
  ],
  [
    'limit of a measured role',
    '  stack.voltageSet_V: { min: 0, max: 304 }',
    '  stack.voltage_V: { min: 0, max: 304 }',
    ['limits.stack.voltage_V', 'only measured'],
  ],
  [
    'limit without unit',
    '  stack.voltageSet_V: { min: 0, max: 304 }',
    '  stack.voltageSet: { min: 0, max: 304 }',
    ['limits.stack.voltageSet: ', 'has no unit (did you mean "stack.voltageSet_V"?)'],
  ],
  [
    'limit upside down',
    '{ min: 0, max: 304 }',
    '{ min: 304, max: 0 }',
    ['found { min: 304, max: 0 }, expected min <= max'],
  ],
  [
    'settable without limit',
    '  stack.voltageSet_V: { min: 0, max: 304 }\n',
    '',
    ['limits', 'nothing for stack.voltageSet_V'],
  ],
  [
    'interlock on an unknown role',
    "role: room.h2_vol_pct, trips: '>', limit: 0.4",
    "role: hall.h2_vol_pct, trips: '>', limit: 0.4",
    ['interlocks[3].role', 'no role "hall.h2_vol_pct" (did you mean "o2.h2_vol_pct"?)', ', room.h2_vol_pct'],
  ],
  [
    'interlock on a set point',
    'id: stack-voltage-high, kind: threshold, role: stack.voltage_V',
    'id: stack-voltage-high, kind: threshold, role: stack.voltageSet_V',
    ['interlocks[9].role', 'stack.voltageSet_V is only set', 'did you mean "stack.voltage_V"'],
  ],
  [
    'interlock limit below the range',
    "trips: '<', limit: 150, rearm: 180",
    "trips: '<', limit: -150, rearm: 180",
    ['interlocks[16].limit', '-150 is out of the range that plc can show', 'expected 0..1000 L_per_min'],
  ],
  [
    'rearm out of the range',
    'limit: 0.4, rearm: 0.3',
    'limit: 0.4, rearm: -1',
    ['interlocks[3].rearm', '-1 is out of the range', 'expected 0..100 vol_pct'],
  ],
  [
    'difference beyond both ranges',
    "trips: '>', limit: 34, rearm: 31",
    "trips: '>', limit: 340, rearm: 31",
    ['interlocks[14].limit', '340', 'gas and rack can show', 'expected -62..45 barg'],
  ],
  [
    'spread beyond the span',
    'limit: 0.2, rearm: 0.1',
    'limit: 20, rearm: 0.1',
    ['interlocks[8].limit', '20 is out of the range', 'expected 0..3.7 V'],
  ],
  [
    'rate of many values',
    'kind: rate, role: cathode.pressure_barg',
    "kind: rate, role: 'cell.voltage_V[]'",
    ['interlocks[13].role', 'expected a role of one value'],
  ],
  [
    'interlock key missing',
    "trips: '>', limit: 0.4, ",
    "trips: '>', ",
    ['interlocks[3].limit', 'missing key "limit"'],
  ],
  [
    'interlock kind',
    'id: h2-in-o2-warn, kind: threshold',
    'id: h2-in-o2-warn, kind: treshold',
    ['interlocks[0].kind', 'treshold', 'threshold'],
  ],
  [
    'rearm beyond the limit',
    'limit: 0.4, rearm: 0.3',
    'limit: 0.4, rearm: 0.5',
    ['interlocks[3].rearm', 'expected <= 0.4'],
  ],
  ['interlock twice', 'id: room-h2-trip', 'id: room-h2-warn', ['"room-h2-warn" stands twice']],
  ['safe state device', '{ device: supply,', '{ device: suply,', ['safeState.steps[0].device', '"suply"']],
  [
    'safe state role',
    '{ set: h2.outletValveSet_on, to: 0',
    '{ set: h2.outletValve_on, to: 0',
    ['safeState.steps[1].set', 'no device can set h2.outletValve_on'],
  ],
  [
    'safe state value',
    '{ set: h2.outletValveSet_on, to: 0',
    '{ set: h2.outletValveSet_on, to: 7',
    ['safeState.steps[1].to', '7', '0..1'],
  ],
  [
    'safe state without deadline',
    'within_s: 0.5, otherwise: close the H2',
    'otherwise: close the H2',
    ['safeState.steps[1].within_s', 'missing key'],
  ],
  [
    'proof on an unknown role',
    '- { role: stack.current_A, is',
    '- { role: stack.amps_A, is',
    ['safeState.proof[0].role', 'stack.amps_A'],
  ],
  [
    'proof that the instrument cannot give',
    "- { role: stack.current_A, is: '<', limit: 5,",
    "- { role: stack.current_A, is: '<', limit: 50000,",
    ['safeState.proof[0].limit', '50000 is out of the range that supply can show', ' A'],
  ],
  [
    'vent proved beyond the range',
    'role: cathode.pressure_barg, below: 0.5',
    'role: cathode.pressure_barg, below: 60',
    ['safeState.steps[10].below', '60 is out of the range that gas can show', 'expected -2..44 barg'],
  ],
];

describe('a bad bench file gives one message with file, line and what was expected', () => {
  it.each(table)('%s', (_what, from, to, pieces) => {
    expect(text).toContain(from);
    const message = messageFor(() => parseBench(PATH, text.replace(from, to), describeDevice));
    for (const piece of pieces) expect(message).toContain(piece);
    expect(message).toMatch(/bench\.yaml:\d+: /);
    expect(message.split('\n')).toHaveLength(1);
  });

  it('names the line of the entry', () => {
    const from = 'stack.voltageSet_V: { min: 0, max: 304 }';
    const bad = text.replace(from, from.replace('304', '3100'));
    expect(messageFor(() => parseBench(PATH, bad, describeDevice))).toContain(`bench.yaml:${lineOf(from)}: `);
  });

  it('says so where the file cannot be opened', () => {
    expect(messageFor(() => loadBench('/nowhere/bench.yaml', describeDevice))).toMatch(
      /^\/nowhere\/bench.yaml: cannot be opened/,
    );
  });
});

describe('bench and method together', () => {
  const loaded = loadBench(PATH, describeDevice);
  const method = (...steps: string[]): string =>
    [
      'method: m',
      'version: 1',
      'phases:',
      '  - name: one',
      '    steps:',
      ...steps,
      'finally:',
      '  - hold: { for_s: 1 }',
    ].join('\n');

  it('the example loads, with every device described', () => {
    expect([...loaded.descriptions.keys()]).toEqual(['supply', 'rack', 'gas', 'plc']);
    expect(loaded.lineOf(['limits', 'stack.voltageSet_V'])).toBe(lineOf('stack.voltageSet_V: { min'));
  });

  it('the night fits the bench', () => {
    expect(
      messageFor(() =>
        checkMethod(loadMethod('examples/pem-500kw/night.yaml', subjectOf(loaded.bench)), loaded),
      ),
    ).toBe('accepted');
  });

  it.each([
    [
      '      - set: { stack.currentSet_A: 2100 }',
      ['m.yaml:6:', 'sets stack.currentSet_A to 2100', 'expected 0..2050 A'],
    ],
    [
      '      - set: { water.pumpSet_on: 0.5 }',
      ['m.yaml:6:', 'water.pumpSet_on is on or off, 0.5 is neither'],
    ],
    [
      '      - ramp: { role: water.pumpSet_on, to: 1, rate_per_s: 0.1, timeout_s: 20 }',
      ['m.yaml:6:', 'water.pumpSet_on is on or off, expected a set step'],
    ],
    ['      - set: { stack.current_A: 100 }', ['m.yaml:6:', 'stack.current_A is only measured']],
    ['      - set: { pump.speedSet_pct: 100 }', ['m.yaml:6:', 'maps no role "pump.speedSet_pct"']],
    [
      '      - waitUntil: { all: [{ role: o2.h3_vol_pct, is: "<", limit: 1 }], timeout_s: 5, onTimeout: stop }',
      ['m.yaml:6:', 'maps no role "o2.h3_vol_pct"'],
    ],
    [
      '      - call: { method: high-pressure, with: { pressure_barg: 40 } }',
      ['m.yaml:6:', 'sets cathode.pressureSet_barg to 40', 'expected 0..34 barg'],
    ],
  ])('%s', (step, pieces) => {
    const message = messageFor(() =>
      checkMethod(parseMethod('m.yaml', method(step), subjectOf(loaded.bench)), loaded),
    );
    for (const piece of pieces) expect(message).toContain(piece);
  });
});

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyExample, lineOf } from './program.ts';

/** One thing that a person can get wrong, and the one message that must come of it. */
export interface BadInput {
  readonly what: string;
  /** The change to the example; its file and line are what the message must start with. */
  readonly change?: { readonly file: string; readonly from: string; readonly to: string };
  /** Piece of text on the line that the message must name, if it is not the first line of `change.to`. */
  readonly at?: string;
  /** Another file in the folder: name and content. */
  readonly write?: { readonly file: string; readonly text: string; readonly line?: number };
  readonly args?: (dir: string) => readonly string[];
  /** What the message must say, beside file and line. */
  readonly says: readonly RegExp[];
}

/** Makes the folder of one case; returns the arguments of the program and what its message must start with. */
export function layOut(
  dir: string,
  bad: BadInput,
): { readonly args: readonly string[]; readonly where: string } {
  copyExample(dir, bad.change);
  if (bad.write !== undefined) writeFileSync(join(dir, bad.write.file), bad.write.text);
  const args = [
    '--bench',
    join(dir, 'bench.yaml'),
    '--method',
    join(dir, 'night.yaml'),
    ...(bad.args?.(dir) ?? []),
  ];
  if (bad.change !== undefined) {
    const path = join(dir, bad.change.file);
    return { args, where: `${path}:${lineOf(path, bad.at ?? bad.change.to.trim().split('\n')[0])}:` };
  }
  if (bad.write?.line !== undefined)
    return { args, where: `${join(dir, bad.write.file)}:${bad.write.line}: ` };
  return { args, where: '' };
}

/** Every file below a folder with its content, to see that nothing has been touched. */
export function snapshot(dir: string): Readonly<Record<string, string>> {
  const files: Record<string, string> = {};
  if (!existsSync(dir)) return files;
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    files[path] = entry.isFile() ? readFileSync(path, 'base64') : 'folder';
  }
  return files;
}

const bench = (what: string, from: string, to: string, ...says: RegExp[]): BadInput => ({
  what,
  change: { file: 'bench.yaml', from, to },
  says,
});
const method = (what: string, from: string, to: string, ...says: RegExp[]): BadInput => ({
  what,
  change: { file: 'night.yaml', from, to },
  says,
});

export const BAD_BENCHES: readonly BadInput[] = [
  {
    ...bench(
      'twin of no such plant',
      '# poll_s: time between',
      'twin:\n  plant: pemm\n\n# poll_s: time between',
      /"pemm" is no plant of a stack/,
      /did you mean "pem"/,
      /expected one of pem, alkaline/,
    ),
    at: '  plant: pemm',
  },
  bench('unknown key', '  cells: 135', '  cellCount: 135', /unknown key "cellCount"/, /expected .*\bcells\b/),
  bench(
    'unknown key deep in a flow map',
    'watchdog: { timeout_s: 5 }\n  rack:',
    'watchdog: { timeout: 5 }\n  rack:',
    /unknown key "timeout"/,
    /timeout_s/,
  ),
  bench(
    'unknown driver option',
    '      port: 5025',
    '      ports: 5025',
    /unknown key "ports"/,
    /did you mean "port"/,
  ),
  bench(
    'unknown driver',
    'driver: opcua/plc',
    'driver: opcua/plcs',
    /opcua\/plcs/,
    /expected .*opcua\/plc\b/,
  ),
  bench('role without its unit', '  room.h2_vol_pct: plc', '  room.h2: plc', /room\.h2/, /unit/, /expected/),
  bench(
    'limit without its unit',
    '  n2.pressureSet_barg: { min',
    '  n2.pressureSet: { min',
    /n2\.pressureSet has no unit/,
    /did you mean "n2\.pressureSet_barg"/,
    /expected/,
  ),
  bench(
    'role in another unit than its channel',
    'stack.power_W: supply.power_W',
    'stack.power_W: supply.voltage_V',
    /\bW\b/,
    /\bV\b/,
    /same unit/,
  ),
  bench(
    'role that no device provides',
    'plc.roomH2_vol_pct',
    'plc.hallH2_vol_pct',
    /no device provides "plc\.hallH2_vol_pct"/,
    /expected a channel of plc: .*roomH2_vol_pct/,
  ),
  bench(
    'role of a device that is not there',
    'room.h2_vol_pct: plc.',
    'room.h2_vol_pct: plcs.',
    /plcs/,
    /expected .*supply, rack, gas, plc/,
  ),
  bench(
    'interlock on a role that is not there',
    'role: room.ventilation_on, trips',
    'role: room.fan_on, trips',
    /no role "room\.fan_on" \(did you mean "room\.ventilation_on"\?\)/,
    /expected one of .*room\.ventilation_on/,
  ),
  bench(
    'gate limit out of the range of the instrument',
    'stack.currentSet_A: { min: 0, max: 2050',
    'stack.currentSet_A: { min: 0, max: 20500',
    /20500/,
    /out of the range/,
    /expected 0\.\.\d+ A/,
  ),
  bench(
    'interlock limit that the instrument cannot show',
    "trips: '>', limit: 35, rearm: 32",
    "trips: '>', limit: 350, rearm: 32",
    /350/,
    /out of the range that gas can show/,
    /expected -2\.\.44 barg/,
  ),
  bench(
    'safe state out of the range of the instrument',
    'set: n2.pressureSet_barg, to: 2,',
    'set: n2.pressureSet_barg, to: 2000,',
    /2000/,
    /range/,
    /expected 0\.\.40/,
  ),
  bench(
    'duplicate key',
    '  activeArea_cm2: 1000',
    '  cells: 134\n  activeArea_cm2: 1000',
    /cells|twice|unique/i,
  ),
  {
    ...bench(
      'NaN',
      'limits:\n  stack.currentSet_A: { min: 0, max: 2050',
      'limits:\n  stack.currentSet_A: { min: 0, max: .nan',
      /NaN/,
      /expected/,
    ),
    at: '  stack.currentSet_A: { min: 0, max: .nan',
  },
  bench('text for a number', 'activeArea_cm2: 1000', 'activeArea_cm2: large', /"large"/, /expected a number/),
  {
    ...bench('no interlocks', 'interlocks:\n', 'interlocks: []\nspare:\n', /interlocks|spare/, /expected/),
    at: 'spare:',
  },
  bench(
    'no such data file',
    'map: cell-rack.yaml',
    'map: cell-racks.yaml',
    /^(?!.*cell-racks\.yaml.*cell-racks\.yaml).*"cell-racks\.yaml" cannot be opened: no such file/,
    /expected a readable file .*folder of the bench file/,
  ),
  {
    what: 'two channels on one register',
    change: { file: 'cell-rack.yaml', from: 'table: input, address: 11,', to: 'table: input, address: 10,' },
    at: 'name: inletTemperature_degC',
    says: [
      /channels\[1\]\.address: /,
      /expected registers of its own, 10 belong to outletTemperature_degC too/,
    ],
  },
  {
    what: 'two readings of one node',
    change: {
      file: 'plc-nodes.yaml',
      from: 'node: \'s="Bench"."o2InH2"\'',
      to: 'node: \'s="Bench"."h2InO2"\'',
    },
    at: 'name: o2InH2_vol_pct',
    says: [/channels\[1\]\.node: /, /expected a node of its own, .* is that of h2InO2_vol_pct already/],
  },
  {
    ...bench(
      'a fitted file that is not there',
      '# poll_s: time between',
      'twin: { plant: pem, fitted: nope.yaml }\n\n# poll_s: time between',
      /twin\.fitted: "nope\.yaml" cannot be opened: no such file, expected a parameter file made by fit/,
    ),
    at: 'twin: { plant: pem',
  },
  {
    what: 'fault inside a data file',
    change: { file: 'cell-rack.yaml', from: 'reply_ms: 200', to: 'reply_ms: 0' },
    says: [/reply_ms: /, /expected a number > 0/],
  },
];

export const BAD_METHODS: readonly BadInput[] = [
  method('unknown key', 'doc: leak', 'note: leak', /"note"/, /expected one of .*doc/),
  method('of version 1', 'version: 2', 'version: 1', /version 1, expected 2/, /migrate/),
  method(
    'unknown parameter of a built-in method',
    'top_barg: top_barg',
    'topp_barg: top_barg',
    /topp_barg/,
    /top_barg/,
  ),
  method('missing unit', 'rate_K_per_min: 1.5', 'rate: 1.5', /"rate"/, /expected a name with a unit/),
  method(
    'role that no device provides',
    'restart: { n2.anodeValve_on: off',
    'restart: { n2.drainValve_on: off',
    /n2\.drainValve/,
    /n2\.anodeValve/,
  ),
  {
    ...method(
      'value beyond the limits of the bench',
      'loads_pct: [100,',
      'loads_pct: [150,',
      /to 3000/,
      /expected/,
    ),
    at: '- call: high-pressure',
  },
  method(
    'parameter out of its range',
    '{ testPressure_barg: top_barg }',
    '{ testPressure_barg: -1 }',
    /-1/,
    /expected/,
  ),
  {
    ...method('step without an end', '      for_h: wind_h', '      name: wind', /follow/, /expected/),
    at: '- follow:',
  },
  method('unknown method', 'call: cool-down', 'call: cooldown', /cooldown/, /cool-down/),
  {
    ...method(
      'duplicate key',
      'method: pem-night\n',
      'method: pem-night\nmethod: pem-day\n',
      /method|twice|unique/i,
    ),
    at: 'method: pem-day',
  },
  method('NaN', 'rate_bar_per_min: 0.9', 'rate_bar_per_min: .nan', /NaN|nan/, /expected/),
  {
    ...method('broken YAML', 'steps: [{ call: purge }]', 'steps: [{ call: purge ]', /expected/),
    at: 'steps: [{ call: purge ]',
  },
  method('no safe end', 'finally:\n', 'later:\n', /finally|later/, /expected/),
];

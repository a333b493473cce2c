import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { explainCommand } from '../../../control/program/commands/language/explain.ts';
import { sha256Of } from '../../../drivers/contract/sha256.ts';

/** `cellbench explain`: a method on a bench file. */

const CELL = 'examples/cell-cycling/bench.yaml';
let dir = '';
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'explain-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

/** Writes a method and explains it. */
async function explain(
  text: string,
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly out: string }> {
  const path = join(dir, 'm.yaml');
  writeFileSync(path, text);
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  try {
    const code = await explainCommand([
      path,
      ...(args.includes('--bench') ? [] : ['--bench', CELL]),
      ...args,
    ]);
    return { code, out: log.mock.calls.map(([line]) => String(line)).join('\n') };
  } finally {
    log.mockRestore();
  }
}

const RATE = [
  'method: rate',
  'version: 2',
  'parameters: { rate_C: { default: 1/2, min: 0.01, max: 2 }, pauses_min: [1, 2], warm_on: off }',
  'data: { drive: { file: drive.csv, time_s: t, power_W: P, repeat: on } }',
  'steps:',
  '- set: { chamber.temperature_degC: 30 }',
  '- cc: { current_C: -rate_C }',
  '  id: discharge',
  '  until: cell.voltage_V < subject.voltageMin_V',
  '  within_h: 1.5 / rate_C',
  '- { each: { pause_min: pauses_min }, steps: [{ rest: {}, for_min: pause_min }] }',
].join('\n');

describe('explain', () => {
  it('says an interlock that is a condition as it is written', async () => {
    const bench = join(dir, 'bench.yaml');
    const own =
      "  - { id: warm-at-load, kind: expression, when: 'cell.temperature_degC > 40 and cell.current_A > 2', clear: cell.temperature_degC < 35, delay_s: 5, reaction: stop, basis: default }\n";
    writeFileSync(
      bench,
      readFileSync(CELL, 'utf8')
        .replaceAll('cycler-nodes.yaml', resolve('examples/cell-cycling/cycler-nodes.yaml'))
        .replace('interlocks:\n', `interlocks:\n${own}`),
    );
    writeFileSync(join(dir, 'drive.csv'), 't,P\n0,1\n');
    const { out } = await explain(RATE, '--bench', bench);
    expect(out).toContain(
      '  warm-at-load: stop where cell.temperature_degC > 40 and cell.current_A > 2 for 5 s, gone where cell.temperature_degC < 35',
    );
  });

  it('says the method, the gates and the interlocks', async () => {
    writeFileSync(join(dir, 'drive.csv'), 't,P\n0,1\n');
    const { code, out } = await explain(RATE);
    expect(code).toBe(0);
    for (const line of [
      '  rate_C = 0.5 C (default, 1/2)',
      '  2 discharge (cc): -0.5 C (-rate_C) = -2.5 A until cell voltage < 2.5 V (subject.voltageMin_V); within 3 h (1.5 / rate_C), otherwise stop. Expected 2 h 00 by the nominal capacity, at most 3 h 00',
      `  drive: drive.csv (8 bytes, SHA-256 ${sha256Of('t,P\n0,1\n')}); power_W from "P"`,
      '  cell.currentSet_A: -10 A to 5 A; set to -2.5 A',
      '  chamber.temperatureSet_degC: 5 degC to 45 degC; set to 30 degC',
      '  cell-voltage-low: trip where cell.voltage_V < 2.4 V',
      '  and 1 over other parts of the bench',
      'What the method sets beside them',
      '  within (1.5 / rate_C) h, otherwise stop; set by step discharge (cc) (m.yaml:7)',
    ])
      expect(out.split('\n')).toContain(line);
  });

  it('knows how long data last that a step follows to their end', async () => {
    writeFileSync(join(dir, 'current.csv'), 't,I\n100,1\n110,2\n120,-1\n130,0\n');
    const head =
      'method: m\nversion: 2\ndata: { p: { file: current.csv, time_s: t, current_A: I } }\nsteps:\n';
    const { out } = await explain(
      `${head}- { follow: { current_A: p.current_A } }\n- { rest: {}, for_s: 20 }\n`,
    );
    expect(out).toContain('Expected 1 min; at most 1 min');
    expect(out).toContain('1 follow: current follows p current. Takes 40 s');
    expect(out).not.toContain('ithout a bound');
    const open = await explain(
      `${head}- { follow: { current_A: p.current_A }, until: cell.voltage_V < 3 }\n- { follow: { current_A: 2 * p.current_A }, for_s: 10 }\n`,
    );
    expect(open.out).toContain('until cell voltage < 3 V. Expected: by rehearsal, at most 40 s');
    expect(open.out).toContain('for 10 s. Takes 10 s');
  });

  it('takes parameters in any unit, and lists', async () => {
    const { out } = await explain(
      RATE,
      '--set',
      'rate_C=1/5',
      '--set',
      'pauses_h=0.5,1',
      '--set',
      'warm_on=on',
    );
    expect(out).toContain('rate_C = 0.2 C (given)');
    expect(out).toContain('pauses_min = 30, 60 min (given)');
    expect(out).toContain('warm_on = on (given)');
    expect(out).toContain('-0.2 C (-rate_C) = -1 A');
    expect(out).toContain(
      '3.1 rest: output off, open circuit for 30, 60 min (pause_min). Takes 30 min to 1 h 00 a round',
    );
  });

  it('ends with 1 where the gate would refuse a set value', async () => {
    const { code, out } = await explain(RATE.replace('-rate_C', '3 * rate_C'));
    expect(code).toBe(1);
    expect(out).toContain(
      'cell.currentSet_A: -10 A to 5 A; set to 7.5 A  <- the gate refuses 7.5 A: beyond max 5 A (limits of cell.currentSet_A)',
    );
  });

  it('explains what is called, and built-in methods by their name', async () => {
    const { out } = await explain(
      'method: m\nversion: 2\nsteps:\n- { call: capacity-check, with: { rate_C: 1/2 } }\n',
    );
    expect(out).toContain('1 call: the procedure capacity-check, with rate_C 1/2 C.');
    expect(out).toContain('1.4 down (cc): -0.5 C (-rate_C) = -2.5 A until cell voltage <= 2.5 V');
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    try {
      expect(await explainCommand(['capacity-check', '--bench', CELL])).toBe(0);
      expect(String(log.mock.calls[0]?.[0])).toMatch(
        /^procedure capacity-check \(built-in capacity-check\): Full charge/,
      );
    } finally {
      log.mockRestore();
    }
  });

  it('says all of it as JSON', async () => {
    const { out } = await explain(RATE, '--json');
    const said = JSON.parse(out);
    expect(said).toMatchObject({
      method: 'rate',
      bench: 'cell-cycling',
      parameters: [{ name: 'rate_C', value: 0.5, unit: 'C', origin: 'default', written: '1/2' }, {}, {}],
      figures: { 'subject.capacity_Ah': 5, 'subject.voltageMin_V': 2.5 },
      data: [{ name: 'drive', bytes: 8, columns: { power_W: 'P' } }],
      sets: ['cell.currentSet_A', 'chamber.temperatureSet_degC'],
      reads: ['cell.voltage_V'],
      longest_s: 3 * 3600 + 180,
      expected: { known_s: 2 * 3600 + 180, by: 'figures' },
      unbounded: [],
    });
    expect(said.phases[0].steps[1]).toMatchObject({
      number: '2',
      kind: 'cc',
      id: 'discharge',
      until: 'cell voltage < 2.5 V (subject.voltageMin_V)',
      times: { expected_s: [7200, 7200], by: 'figures', longest_s: [10800, 10800] },
    });
    expect(said.gates[0]).toEqual({
      role: 'chamber.temperatureSet_degC',
      min: 5,
      max: 45,
      ramp_per_s: null,
      sets: [30, 30],
      isWhole: true,
      isBeyond: false,
    });
  });
});

describe('what it refuses, before anything else', () => {
  const step = (text: string): string => `method: m\nversion: 2\nsteps:\n- ${text}\n`;
  it.each([
    [
      'method: old\nversion: 1\nphases: []\n',
      [],
      'this file is of version 1, expected 2 (npx cellbench migrate FILE',
    ],
    [
      step('{ call: full-charg }'),
      [],
      'm.yaml:4:11: call: no file and no built-in method is called "full-charg" (did you mean full-charge?)',
    ],
    [step('{ call: gone.yaml }'), [], 'no file and no built-in method is called "gone.yaml"'],
    [step('{ cr: { resistance_Ohm: 1 }, for_h: 1 }'), [], 'nothing on this bench sets "cell.resistance_Ohm"'],
    [step('{ cp: { power_W: 1 }, for_h: 1 }'), [], 'nothing on this bench sets "cell.power_W"'],
    [
      step('{ cc: { current_A_per_g: 1 }, for_h: 1 }'),
      [],
      'the bench file has no subject.activeMass_g, which this unit needs',
    ],
    [
      RATE,
      ['--set', 'rate_c=1'],
      'rate_c: rate has no such parameter (did you mean rate_C?), expected one of rate_C, pauses_min, warm_on',
    ],
    [RATE, ['--set', 'rate_C'], '--set rate_C: expected name_unit=value, e.g. rate_C=1'],
    [RATE, ['--set', 'rate_C=3'], '--set rate_C=3: expected at most 2 C'],
    [RATE, ['--set', 'rate_C=0.001'], '--set rate_C=0.001: expected at least 0.01 C'],
    [RATE, ['--set', 'rate_C=1 V'], '--set rate_C=1 V: "1 V" is in V, expected C'],
    [RATE, ['--set', 'rate_C=x'], '--set rate_C=x: "x" is no number'],
    [RATE, ['--set', 'rate_C=1 +'], '--set rate_C=1 +: '],
    [RATE, ['--set', 'warm_on=yes'], '--set warm_on=yes: expected on or off'],
    [RATE, ['--set', 'rate_C=1', '--set', 'rate_C=2'], 'rate_C is given twice'],
    [RATE, ['--sett', 'rate_C=1'], '--sett: unknown option (did you mean --set?)'],
  ] as const)('%#', async (text, args, message) => {
    await expect(explain(text, ...args)).rejects.toThrow(message);
  });

  it('what the output of the bench cannot do', async () => {
    const bench = readFileSync(CELL, 'utf8')
      .replaceAll('cycler-nodes.yaml', resolve('examples/cell-cycling/cycler-nodes.yaml'))
      .replace(/cc: \d+, /, '');
    writeFileSync(join(dir, 'bench.yaml'), bench);
    writeFileSync(join(dir, 'cycler-nodes.yaml'), readFileSync('examples/cell-cycling/cycler-nodes.yaml'));
    writeFileSync(join(dir, 'm.yaml'), step('{ cc: { current_A: 1 }, for_h: 1 }'));
    const act = explainCommand([join(dir, 'm.yaml'), '--bench', join(dir, 'bench.yaml')]);
    await expect(act).rejects.toThrow('m.yaml:4:5: cc: the bench does not say which number');
  });

  it('a bench that nobody names', async () => {
    await expect(explainCommand(['m.yaml'])).rejects.toThrow('expected --bench FILE');
  });

  it('says where rows are asked for oftener than anything is read, and whose rows no rule thins', async () => {
    const { code, out } = await explain(
      'method: m\nversion: 2\nrecord: { every_s: 60 }\nsteps:\n- { rest: {}, for_min: 1, record: { every_s: 0.1 } }\n- { call: full-charge }\n- { call: cycle-life }\n',
    );
    expect(code).toBe(0);
    expect(out).toContain('Every reading is kept in capacity-check, full-charge: the figures need them');
    expect(out).toContain(
      'No instrument is read oftener than each 1 s (poll_s in the bench file): rows come no oftener',
    );
    expect(out).toContain('m.yaml steps[0]: a row each 0.1 s is asked for');
    expect(out).not.toContain('steps[1]: a row');
  });

  it.each([
    ['is not there', 'gone.csv', 'P', /gone\.csv/],
    ['lacks the column', 'has.csv', 'Q', /m\.yaml:3:49: power_W: no column "Q" in .*has\.csv/],
  ])('refuses a data file that %s, as a start does', async (_what, file, column, message) => {
    writeFileSync(join(dir, 'has.csv'), 't,P\n0,1\n60,1\n');
    const text = `method: m\nversion: 2\ndata: { d: { file: ${file}, time_s: t, power_W: ${column} } }\nsteps:\n- { follow: { current_A: d.power_W / 4 V }, for_s: 30 }\n`;
    await expect(explain(text)).rejects.toThrow(message);
  });
});

it('says that software holds a potential, and how often it corrects; a spectrum longer than its deadline by what is given', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  const m = join(dir, 'm.yaml');
  writeFileSync(m, 'method: h\nversion: 2\nsteps:\n- { cv: { cell.negativePotential_V: 0.02 }, for_h: 1 }\n');
  try {
    await explainCommand([m, '--bench', 'examples/three-electrode/bench.yaml']);
    expect(log.mock.calls.flat().join('\n')).toContain(
      'for 1 h; held by software through cell current, corrected each 1 s',
    );
  } finally {
    log.mockRestore();
  }
  writeFileSync(m, 'method: s\nversion: 2\nsteps:\n- { call: eis-at-soc, with: { to_Hz: 0.001 } }\n');
  await expect(explainCommand([m, '--bench', 'examples/lib-suite/bench.yaml'])).rejects.toThrow(
    /m\.yaml:4:5: call: 3600 s is shorter than the spectrum takes, expected 5351 s at least \(built-in eis-at-soc:25\)/,
  );
});

it('names the powers and resistances that may draw more than the bench allows, with their place', async () => {
  const text =
    'method: m\nversion: 2\nsteps:\n- { cp: { power_W: 18 }, for_h: 1 }\n- { cr: { resistance_mOhm: 310 }, for_h: 1 }\n- { cp: { power_W: -18 }, for_h: 1 }';
  const { code, out } = await explain(text, '--bench', 'examples/lib-suite/bench.yaml');
  expect(code).toBe(0);
  expect(out).toMatch(
    /m\.yaml steps\[0\]\.cp\.power_W: 18 W is 7\.2 A at 2\.5 V, no more than 5 A to charge is allowed/,
  );
  expect(out).toMatch(/steps\[1\]\.cr\.resistance_mOhm: 0\.31 Ohm is 13\.5 A at 4\.2 V, no more than 10 A/);
  expect(out).not.toMatch(/steps\[2\]\.cp/);
  expect(out).toMatch(/1 cp: 18 W for 1 h; with no more than 5 A to charge and 10 A to discharge/);
});

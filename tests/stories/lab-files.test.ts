import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openLab } from '../../control/program/lab/lab.ts';
import { type Lab, LabRefusal } from '../../dashboards/door/lab.ts';
import { type LabFolder, labFolder, SHORT, withCells } from './support/lab-folder.ts';
import { ROOT, scratchFolder } from './support/program.ts';

/** The files of a laboratory: told from each other, checked, written; and that no name leads out of its folder. */

let folder: LabFolder;
let lab: Lab;
const outside = scratchFolder();
const PROCEDURE =
  'procedure: soak\nversion: 2\nparameters: { soak_min: 5 }\nsteps:\n- { rest: {}, for_min: soak_min }\n';

beforeAll(async () => {
  folder = await labFolder({
    'methods/short.yaml': SHORT,
    'methods/soak.yaml': PROCEDURE,
    'methods/broken.yaml': 'method: broken\nversion: 2\nsteps:\n- { rets: {}, for_s: 1 }\n',
    'nights.yaml':
      'campaign: nights\nversion: 1\nbench: cells/bench.yaml\nruns:\n- { run: a, method: methods/short.yaml, subject: nickel }\n',
    'notes.yaml': 'anything: else\n',
    'broken-bench.yaml': 'bench: broken\ndevices:\n  supply: { driver: nobody/knows }\nroles: {}\n',
  });
  withCells(folder.path);
  outside.write('secret.yaml', 'method: secret\nversion: 2\nsteps:\n- { rest: {}, for_s: 1 }\n');
  outside.write('secret.csv', 't_s,x\n0,1\n');
  symlinkSync(join(outside.path, 'secret.yaml'), join(folder.path, 'methods/linked.yaml'));
  symlinkSync(outside.path, join(folder.path, 'away'));
  lab = folder.lab;
});
afterAll(async () => {
  await folder.remove();
  outside.remove();
});

async function refusal(work: Promise<unknown>): Promise<LabRefusal> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof LabRefusal)) throw new Error(`expected a refusal, found ${String(error)}`);
  return error;
}

it('an empty folder is a laboratory with the built-in methods and nothing else', async () => {
  const empty = scratchFolder();
  try {
    await using none = await openLab(empty.path);
    expect(await none.benches()).toEqual([]);
    expect(await none.runs()).toEqual([]);
    expect(await none.campaigns()).toEqual([]);
    expect(await none.campaignFiles()).toEqual([]);
    const methods = await none.methods();
    expect(methods.length).toBeGreaterThan(30);
    expect(methods.every(({ isBuiltIn }) => isBuiltIn)).toBe(true);
    expect((await none.health()).ok).toBe(true);
    expect(await none.schemas()).toContain('method');
    expect((await none.schema('method'))['title']).toBe('cellbench: method file');
    expect((await refusal(none.run('2026-01-01T00-00-00-bench'))).why).toBe('missing');
  } finally {
    empty.remove();
  }
  await expect(openLab(join(empty.path, 'no-such'))).rejects.toThrow('expected that of a laboratory');
});

it('files are told from each other by what stands in them', async () => {
  const benches = await lab.benches();
  expect(benches.map(({ name, title, subjects, canEmulate }) => [name, title, subjects, canEmulate])).toEqual(
    [
      ['broken-bench', 'broken', [], false],
      ['cells/bench', 'two-cells', ['nickel', 'iron'], true],
    ],
  );
  expect(benches[1].devices).toEqual({ chamber: 'opcua/plc', cycler: 'opcua/plc' });
  expect(benches[1].busy).toEqual([]);
  expect(benches[1].findings).toEqual([]);
  // One that is refused says why in the list already.
  expect(benches[0].findings[0]).toMatchObject({ severity: 'error', line: 1 });
  expect(benches[0].findings[0].text).not.toContain(folder.path);
  const own = (await lab.methods()).filter(({ isBuiltIn }) => !isBuiltIn);
  expect(own.filter(({ isProcedure }) => isProcedure).map(({ name }) => name)).toEqual(['methods/soak']);
  expect(own.map(({ name }) => name)).toEqual([
    'cells/capacity',
    'methods/broken',
    'methods/short',
    'methods/soak',
  ]);
  expect((await lab.campaignFiles()).map(({ name }) => name)).toEqual(['nights']);
});

it('a file says what is wrong in it, at its place and with the nearest word', async () => {
  const [found] = (await lab.method('methods/broken')).findings;
  expect(found).toMatchObject({ severity: 'error', line: 4, column: 5, hint: 'rest' });
  const [ofBench] = (await lab.bench('broken-bench')).findings;
  expect(ofBench).toMatchObject({ severity: 'error', line: 1 });
  expect(ofBench.text).not.toContain(folder.path);
  expect((await lab.bench('cells/bench')).findings).toEqual([]);
});

it('a method has a form: parameters as they are written, figures that it gives', async () => {
  const short = await lab.method('methods/short');
  expect(short.parameters).toEqual([
    {
      ...{ name: 'charge_min', unit: 'min', kind: 'number', default: 5, min: 1, max: 100_000 },
      ...{ units: ['min', 's', 'h', 'd', 'ms'], choices: [], doc: 'length of the charge' },
    },
  ]);
  expect(short.figures).toEqual(['charge_Ah']);
  const check = await lab.method('capacity-check');
  expect(check.parameters.map(one => [one.name, one.default])).toEqual([
    ['rate_C', '1/3'],
    ['end_C', '1/20'],
    ['rest_min', 30],
  ]);
  expect(check.figures).toContain('capacity');
});

it('a text is checked as the method that it would be, on a bench where one is named', async () => {
  const steps = (line: string): string => `method: x\nversion: 2\nsteps:\n- ${line}\n`;
  const bench = 'cells/bench';
  const cases: readonly (readonly [
    line: string,
    on: string | undefined,
    text: RegExp | undefined,
    hint: string | null,
  ])[] = [
    ['{ rest: {}, for_s: 1 }', undefined, undefined, null],
    ['{ rest: {}, for_s: 1 }', bench, undefined, null],
    ['{ rets: {}, for_s: 1 }', undefined, /no kind of step/, 'rest'],
    [
      '{ cc: { current_A: 1 }, until: cell.voltge_V > 3, within_h: 1 }',
      bench,
      /no "cell.voltge_V"/,
      'cell.voltage_V',
    ],
    ['{ cc: { current_A: 100 }, for_s: 1 }', bench, /expected -10..5 A/, null],
    ['{ call: capacity-chek }', undefined, /capacity-check/, 'capacity-check'],
  ];
  for (const [line, on, text, hint] of cases) {
    const findings = await lab.checkMethod({ text: steps(line), ...(on === undefined ? {} : { bench: on }) });
    if (text === undefined) expect(findings, line).toEqual([]);
    else {
      expect(findings[0]?.text, line).toMatch(text);
      expect(findings[0].line, line).toBe(4);
      if (hint !== null) expect(findings[0].hint, line).toBe(hint);
    }
  }
  expect(await lab.checkMethod({ text: '{', bench })).toHaveLength(1);
  expect(await lab.checkMethod({ text: PROCEDURE, bench })).toEqual([]);
});

it('a text reaches nothing outside of the laboratory', async () => {
  const inside = await lab.checkMethod({
    text: 'method: x\nversion: 2\nsteps:\n- { call: soak.yaml }\n',
    name: 'methods/x',
  });
  expect(inside).toEqual([]);
  const away = [
    join(outside.path, 'secret.yaml'),
    '../secret.yaml',
    'away/secret.yaml',
    'methods/linked.yaml',
    '/etc/x',
  ];
  for (const call of away) {
    const [found] = await lab.checkMethod({ text: `method: x\nversion: 2\nsteps:\n- { call: ${call} }\n` });
    expect(found?.text, call).toContain('outside of the laboratory');
  }
  const data = `method: x\nversion: 2\ndata: { load: { file: ${join(outside.path, 'secret.csv')}, time_s: t_s, current_A: x } }\nsteps:\n- { follow: { current_A: load.current_A }, for_s: 10 }\n`;
  const [found] = await lab.checkMethod({ text: data, bench: 'cells/bench' });
  expect(found?.text).toContain('outside of the laboratory');
  // Whether it is looked at now or only in a run: such a method is not written.
  const soak = (given: string): string => `- { call: methods/soak.yaml, with: { soak_min: ${given} } }`;
  const texts = [
    data,
    data.replace(join(outside.path, 'secret.csv'), '../../../etc/passwd'),
    data.replace(join(outside.path, 'secret.csv'), 'away/secret.csv'),
    `method: x\nversion: 2\nsteps:\n${soak('/etc/passwd')}\n`,
    `method: x\nversion: 2\nparameters: { load_file: /etc/passwd }\nsteps:\n- { rest: {}, for_s: 1 }\n`,
  ];
  for (const text of texts) {
    expect((await lab.checkMethod({ text })).length, text).toBeGreaterThan(0);
    const saved = await refusal(lab.saveMethod({ name: 'outside', text, sha256: null }));
    expect(saved.why, text).toBe('bad');
  }
  expect(existsSync(join(folder.path, 'outside.yaml'))).toBe(false);
  expect(await lab.checkMethod({ text: `method: x\nversion: 2\nsteps:\n${soak('1/3')}\n` })).toEqual([]);
});

it('no name leads out of the folder', async () => {
  const names = [
    ...[
      '..',
      '../secret',
      'methods/../../secret',
      '/etc/passwd',
      'methods//short',
      'a\0b',
      '',
      '.',
      './methods/short',
    ],
    ...[
      join(outside.path, 'secret'),
      'away/secret',
      'methods/linked',
      '.cellbench/accounts',
      '~/x',
      'a\\..\\b',
    ],
  ];
  for (const name of names) {
    for (const asked of [
      lab.bench(name),
      lab.method(name),
      lab.run(name),
      lab.result(name),
      lab.report(name),
      lab.events(name),
      lab.exportRun(name, 'csv'),
      lab.campaign(name),
      lab.morning(name),
    ])
      expect((await refusal(asked)).why, name).toBe('missing');
    expect(lab.livePage(name)).toBeUndefined();
    const saved = await refusal(lab.saveMethod({ name, text: SHORT, sha256: null }));
    expect(['missing', 'bad'], name).toContain(saved.why);
  }
  expect(existsSync(join(outside.path, 'short.yaml'))).toBe(false);
  expect(readFileSync(join(outside.path, 'secret.yaml'), 'utf8')).toContain('method: secret');
});

it('a method is written whole, once for each state of it, and only where it is right', async () => {
  const made = await lab.saveMethod({ name: 'methods/new', text: SHORT, sha256: null });
  expect(readFileSync(join(folder.path, 'methods/new.yaml'), 'utf8')).toBe(SHORT);
  const other = SHORT.replace('default: 5', 'default: 6');
  const changed = await lab.saveMethod({ name: 'methods/new', text: other, sha256: made.sha256 });
  expect(changed.sha256).not.toBe(made.sha256);
  expect((await lab.method('methods/new')).text).toBe(other);
  const cases: readonly (readonly [name: string, text: string, sha256: string | null, why: string])[] = [
    ['methods/new', SHORT, made.sha256, 'clash'],
    ['methods/new', SHORT, null, 'clash'],
    ['methods/gone', SHORT, made.sha256, 'clash'],
    ['methods/new', SHORT.replace('rest:', 'rets:'), changed.sha256, 'bad'],
    ['methods/other', 'bench: x\ndevices: {}\n', null, 'bad'],
    ['cells/bench', SHORT, null, 'bad'],
    ['nights', SHORT, null, 'bad'],
    ['capacity-check', SHORT, null, 'bad'],
    ['runs/x', SHORT, null, 'bad'],
    ['away/x', SHORT, null, 'missing'],
  ];
  for (const [name, text, sha256, why] of cases)
    expect((await refusal(lab.saveMethod({ name, text, sha256 }))).why, `${name} ${why}`).toBe(why);
  for (const name of [
    ...['con', 'methods/NUL', 'aux.1', 'lpt1/x', 'methods/New', 'METHODS/other', 'Capacity-Check'],
    'Nights',
  ])
    expect((await refusal(lab.saveMethod({ name, text: SHORT, sha256: null }))).why, name).toBe('bad');
  expect(readFileSync(join(folder.path, 'methods/new.yaml'), 'utf8')).toBe(other);
  const wrong = await refusal(
    lab.saveMethod({ name: 'methods/new', text: SHORT.replace('rest:', 'rets:'), sha256: changed.sha256 }),
  );
  expect(wrong.findings[0]).toMatchObject({ line: 8, hint: 'rest' });
  // Two at once: one of them comes first.
  const both = await Promise.allSettled(
    ['default: 7', 'default: 8'].map(to =>
      lab.saveMethod({ name: 'methods/new', text: SHORT.replace('default: 5', to), sha256: changed.sha256 }),
    ),
  );
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
});

it('what comes with the program is never written over', async () => {
  await using checkout = await openLab(ROOT);
  const of = (await checkout.methods()).find(({ name }) => name === 'examples/two-cells/capacity');
  expect(of?.isBuiltIn).toBe(true);
  const text = readFileSync(join(ROOT, 'examples/two-cells/capacity.yaml'), 'utf8');
  const saved = { name: 'examples/two-cells/capacity', text, sha256: of?.sha256 ?? null };
  expect((await refusal(checkout.saveMethod(saved))).why).toBe('bad');
  expect(
    (await refusal(checkout.saveMethod({ ...saved, name: 'examples/two-cells/mine', sha256: null }))).why,
  ).toBe('bad');
  expect(existsSync(join(ROOT, 'examples/two-cells/mine.yaml'))).toBe(false);
});

it('what a person changes beside it is seen', async () => {
  mkdirSync(join(folder.path, 'later'));
  cpSync(join(folder.path, 'methods/short.yaml'), join(folder.path, 'later/short.yaml'));
  // Soon: what was found a moment ago stands.
  await expect
    .poll(async () => (await lab.methods()).some(({ name }) => name === 'later/short'), { timeout: 30_000 })
    .toBe(true);
  writeFileSync(join(folder.path, 'later/short.yaml'), 'notes: only\n');
  expect((await refusal(lab.method('later/short'))).why).toBe('missing');
});

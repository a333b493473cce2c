import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openLab } from '../../control/program/lab/lab.ts';
import { valuesAskedSchema } from '../../dashboards/door/lab/values-asked.ts';
import { type Lab, LabRefusal, type StartAsked } from '../../dashboards/door/lab.ts';
import { realClock } from '../../drivers/contract/clock.ts';
import { lockInstruments } from '../../drivers/instrument-lock.ts';
import { type LabFolder, LONG, labFolder, SHORT, until, withCells } from './support/lab-folder.ts';
import { RUN_TIMEOUT_MS } from './support/program.ts';

/** Runs that are started, led and looked at from a laboratory, each a process of its own. */

const WHO = 'A. Volta';
const ENDPOINT = 'opc.tcp://127.0.0.1:48411';
let folder: LabFolder;
let lab: Lab;
const short: StartAsked = {
  bench: 'cells/bench',
  method: 'methods/short',
  subject: 'nickel',
  set: {},
  mode: 'twin',
  hasLooked: false,
};

beforeAll(async () => {
  folder = await labFolder({ 'methods/short.yaml': SHORT, 'methods/long.yaml': LONG });
  withCells(folder.path);
  const bench = readFileSync(join(folder.path, 'cells/bench.yaml'), 'utf8');
  // Nobody else locks these.
  folder.write('cells/bench.yaml', bench.replaceAll('opc.tcp://192.168.0.40:4840', ENDPOINT));
  lab = folder.lab;
});
afterAll(() => folder.remove());

async function refusal(work: Promise<unknown>): Promise<LabRefusal> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof LabRefusal)) throw new Error(`expected a refusal, found ${String(error)}`);
  return error;
}

async function over(id: string): Promise<void> {
  await until(`${id} over`, async () => (await lab.run(id)).state === 'over');
}

const asked = (roles: readonly string[], most: number, from_s?: number, to_s?: number) =>
  valuesAskedSchema.parse({
    roles,
    most,
    ...(from_s === undefined ? {} : { from_s }),
    ...(to_s === undefined ? {} : { to_s }),
  });

it('a run on a twin is started, held, resumed and stopped, and says what it measures', {
  timeout: RUN_TIMEOUT_MS,
}, async () => {
  const begun = await lab.start({ ...short, method: 'methods/long', pace: 600 }, WHO);
  const { id } = begun;
  await until('going', async () => (await lab.run(id)).state === 'going');
  expect((await lab.run(id)).verdict).toBe('');
  const page = lab.livePage(id);
  expect(page).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#[0-9a-f-]{36}$/);
  const state = async (): Promise<string> => {
    const reply = await fetch(new URL('api/snapshot', page));
    return ((await reply.json()) as { run: { state: string } }).run.state;
  };
  await until('under way', async () => (await state()) === 'Execute');
  const held = await lab.command(id, { command: 'hold' }, WHO, 'API');
  expect(held.accepted).toBe(true);
  await until('held', async () => (await state()) === 'Held');
  expect((await lab.command(id, { command: 'resume' }, WHO)).accepted).toBe(true);
  await until('under way again', async () => (await state()) === 'Execute');
  const refused = await lab.command(id, { command: 'resume' }, WHO);
  expect(refused.accepted).toBe(false);
  await until('some minutes of it', async () => {
    const { values } = (await lab.values(id, asked(['cell.voltage_V'], 50))) as {
      values: { t_s: number[] }[];
    };
    return (values[0]?.t_s.length ?? 0) > 5;
  });
  expect((await refusal(lab.values(id, asked(['no.such_V'], 50)))).why).toBe('bad');
  for (const early of [lab.exportRun(id, 'csv'), lab.result(id), lab.report(id), lab.spectra(id)])
    expect((await refusal(early)).why).toBe('clash');
  expect(JSON.stringify(await lab.events(id))).not.toContain(folder.path);
  expect((await lab.events(id)).some(({ kind }) => kind === 'command')).toBe(true);
  expect((await lab.command(id, { command: 'stop' }, WHO)).accepted).toBe(true);
  await over(id);
  expect((await lab.run(id)).verdict).toContain('stopped');
  expect(lab.livePage(id)).toBeUndefined();
  for (const command of ['hold', 'stop'] as const)
    expect(await refusal(lab.command(id, { command }, WHO, 'API'))).toMatchObject({
      ...{ why: 'clash', message: `${id} is over: ${(await lab.run(id)).verdict}` },
    });
  const commands = (await lab.events(id)).filter(({ kind }) => kind === 'command');
  expect(JSON.stringify(commands[0])).toContain(`${WHO} (API)`);
  expect((await lab.result(id))['operator']).toBe(WHO);
});

it(
  'a run goes on when the door that began it is closed, and the next one finds it',
  async () => {
    const { id } = await (async () => {
      await using first = await openLab(folder.path);
      return await first.start({ ...short, method: 'methods/long', pace: 600 }, WHO);
    })();
    await using next = await openLab(folder.path);
    await until('going', async () => (await next.run(id)).state === 'going');
    expect((await next.runs()).find(one => one.id === id)?.state).toBe('going');
    await until('stopped', async () => (await next.command(id, { command: 'stop' }, WHO)).accepted);
    await until('over', async () => (await next.run(id)).state === 'over');
    expect((await next.run(id)).verdict).toContain('stopped');
  },
  RUN_TIMEOUT_MS,
);

it('two runs are over: result, report, values, comparison, export', { timeout: RUN_TIMEOUT_MS }, async () => {
  const ids: string[] = [];
  for (const charge_min of ['5', '10']) {
    const { id } = await lab.start({ ...short, set: { charge_min } }, WHO);
    ids.push(id);
  }
  expect(new Set(ids).size).toBe(2);
  for (const id of ids) await over(id);
  const [a, b] = await Promise.all(ids.map(id => lab.run(id)));
  expect(a).toMatchObject({ verdict: 'completed', mode: 'rehearsal', campaign: null, method: 'short' });
  expect(b.duration_s ?? 0).toBeGreaterThan(a.duration_s ?? Infinity);
  expect((await lab.runs()).map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
  expect((await lab.result(ids[0]))['verdict']).toBe('completed');
  expect(await lab.report(ids[0])).toMatch(/<html/);
  expect(await lab.verify(ids[0])).toMatchObject({
    is: 'unchanged',
    isClosed: true,
    found: [],
    withFiles: true,
  });
  expect(await lab.alarms(ids[0], { which: 'all', most: 10 })).toMatchObject({
    alarms: [],
    all: 0,
    next: null,
  });
  const { values } = (await lab.values(ids[1], asked(['cell.voltage_V', 'cell.current_A'], 7))) as {
    values: { role: string; t_s: number[]; min: number[]; max: number[] }[];
  };
  expect(values.map(({ role }) => role)).toEqual(['cell.voltage_V', 'cell.current_A']);
  for (const { t_s, min, max } of values) {
    expect(t_s.length).toBeLessThanOrEqual(8);
    expect(max.every((value, i) => value >= min[i])).toBe(true);
  }
  const part = (await lab.values(ids[1], asked(['cell.voltage_V'], 1000, 10, 20))) as {
    values: { t_s: number[] }[];
  };
  expect(part.values[0].t_s.length).toBeGreaterThan(5);
  expect((await refusal(lab.values(ids[1], asked(['no.such_V'], 7)))).why).toBe('bad');
  const { compared } = (await lab.compare(ids)) as {
    compared: { a: string; b: string; figures: { id: string; as: string; difference: number | null }[] }[];
  };
  expect(compared[0]).toMatchObject({ a: ids[0], b: ids[1] });
  const charge = compared[0].figures.find(one => one.id.startsWith('charge'));
  expect(charge?.difference ?? 0).toBeGreaterThan(0.03);
  for (const wrong of [[], [ids[0]], [ids[0], ids[0]], [...ids, ...ids, ids[0]]])
    expect((await refusal(lab.compare(wrong))).why).toBe('bad');
  const [one, again] = await Promise.all([lab.exportRun(ids[0], 'csv'), lab.exportRun(ids[0], 'csv')]);
  expect(one).toEqual(again);
  expect(one.files).toContain('data/cycler.csv');
  const csv = readFileSync(await lab.exportedFile(ids[0], 'csv', 'data/cycler.csv'), 'utf8');
  expect(csv).toContain('t_s');
  // Every row of the record, the last one too.
  const every = (await lab.values(ids[0], asked(['cell.voltage_V'], 100_000))) as {
    values: { t_s: number[] }[];
  };
  const times_s = csv
    .trim()
    .split('\n')
    .slice(1)
    .map(line => Number(line.split(',')[0]));
  expect(every.values[0].t_s).toEqual(times_s);
  for (const file of ['../run.sqlite', '/etc/passwd', 'data', 'data/../../run.sqlite', ''])
    expect((await refusal(lab.exportedFile(ids[0], 'csv', file))).why, file).toBe('missing');
  expect((await refusal(lab.exportRun(ids[0], '../x'))).why).toBe('missing');
});

it('a built-in method is rehearsed beside: progress, findings, what rehearse --json says', {
  timeout: RUN_TIMEOUT_MS,
}, async () => {
  const planned = { bench: 'cells/bench', method: 'capacity-check', subject: 'iron', set: { rate_C: '1' } };
  const { id, state } = await lab.rehearse(planned);
  expect(state).toBe('under way');
  // What is wrong in what is given is found there, too, while the other one goes on.
  const wrong = await lab.rehearse({ ...planned, set: { rate_Cx: '1' } });
  await until('both', async () => {
    const both = await Promise.all([id, wrong.id].map(one => lab.rehearsal(one)));
    return both.every(one => one.state !== 'under way');
  });
  const done = await lab.rehearsal(id);
  expect(done).toMatchObject({ state: 'done', done: 1, reason: '' });
  expect(done.result).toMatchObject({ outcome: 'completed', method: 'capacity-check' });
  expect(done.result?.['figures']).not.toEqual([]);
  const failed = await lab.rehearsal(wrong.id);
  expect(failed).toMatchObject({ state: 'failed', result: null });
  expect(failed.reason).toContain('rate_C');
  expect((await refusal(lab.rehearsal('no-such'))).why).toBe('missing');
});

it('what is refused before it begins leaves nothing behind', { timeout: RUN_TIMEOUT_MS }, async () => {
  const before = (await lab.runs()).length;
  const cases: readonly (readonly [Partial<StartAsked>, 'bad' | 'missing', RegExp])[] = [
    [{ bench: 'no/such' }, 'missing', /no such bench/],
    [{ method: 'no-such' }, 'missing', /no such method/],
    [{ subject: 'gold' }, 'bad', /there is no gold/],
    [{ set: { charge_min: 'much' } }, 'bad', /charge_min/],
    [{ set: { charge_min: '200000' } }, 'bad', /100000/],
    [{ set: { '--out=/tmp/x': '1' } }, 'bad', /parameter/],
    [{ minutes: 3 }, 'bad', /minutes/],
    [{ mode: 'real', pace: 3 }, 'bad', /pace/],
  ];
  for (const [change, why, text] of cases) {
    const { subject: _, ...rest } = short;
    const refused = await refusal(lab.start({ ...rest, subject: 'nickel', ...change }, WHO));
    expect([refused.why, refused.message], JSON.stringify(change)).toEqual([
      why,
      expect.stringMatching(text),
    ]);
    expect(refused.message).not.toContain(folder.path);
  }
  expect((await refusal(lab.start(short, ' \n'))).why).toBe('bad');
  expect((await lab.runs()).length).toBe(before);
});

it('a bench that somebody has is busy, and nothing is started on it', {
  timeout: RUN_TIMEOUT_MS,
}, async () => {
  const utc_ms = realClock().utc_ms();
  {
    using _lock = await lockInstruments({ plc: ENDPOINT }, { bench: 'two-cells', utc_ms });
    const [bench] = await lab.benches();
    expect(bench.busy).toEqual([expect.stringContaining(`process ${process.pid} since`)]);
    const refused = await refusal(lab.start({ ...short, mode: 'real' }, WHO));
    expect([refused.why, refused.message]).toEqual(['clash', expect.stringContaining('is busy')]);
  }
  expect((await lab.benches())[0].busy).toEqual([]);
  // Nobody answers there: the run itself refuses, in its own words.
  const refused = await refusal(
    lab.start({ ...short, mode: 'real' }, WHO).then(async ({ id }) => {
      await over(id);
      throw new LabRefusal('bad', (await lab.run(id)).verdict);
    }),
  );
  expect(refused.why).toBe('bad');
  expect(refused.message).toContain('127.0.0.1:48411');
  expect(refused.message).not.toContain(folder.path);
});

it.each(['twin', 'wire'] as const)(
  'a run that is starting (%s) is ended by stop and by abort, once and for all',
  {
    timeout: RUN_TIMEOUT_MS,
  },
  async mode => {
    const pace = mode === 'twin' ? { pace: 1 } : { minutes: 600 };
    for (const [command, after_s] of [
      ['stop', 0],
      ['abort', 0.4],
      ['stop', 1.2],
    ] as const) {
      const known = new Set((await lab.runs()).map(({ id }) => id));
      const starting = lab.start({ ...short, method: 'methods/long', mode, ...pace }, WHO);
      let id: string | undefined;
      let refused: unknown;
      starting.catch((error: unknown) => {
        refused = error;
      });
      await until('listed', async () => {
        if (refused !== undefined) throw refused;
        id = (await lab.runs()).find(run => !known.has(run.id))?.id;
        return id !== undefined;
      });
      await realClock().sleep(after_s);
      const name = id ?? '';
      const decided = await lab.command(name, { command }, WHO);
      expect([decided.accepted, decided.text], `${command} after ${after_s} s`).toEqual([
        true,
        expect.anything(),
      ]);
      await starting;
      await over(name);
      expect((await lab.run(name)).verdict).toMatch(/stopped|aborted/);
      expect(lab.livePage(name)).toBeUndefined();
    }
  },
);

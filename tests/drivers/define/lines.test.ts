import { afterEach, describe, expect, it } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import { type DriverTable, defineDriver } from '../../../drivers/define/driver.ts';
import { defineEmulator } from '../../../sim/emulators/define.ts';
import { type DeclaredBench, declaredBench, sweepDeclared } from '../../support/declared-driver.ts';

/** A chamber that speaks lines: states in words, a slow reading, texts, a watchdog. */
const table = {
  id: 'acme/chamber',
  device: 'ACME chambers',
  manual: 'ACME chambers, command list of 2024',
  triedOn: 'emulator only',
  line: { terminator: 'crlf', reply_ms: 100, gap_ms: 0, basis: 'default' },
  identity: { ask: '*IDN?', maker: '^ACME$', model: '^C', basis: 'default' },
  errors: { ask: 'ERR?', basis: 'default' },
  accuracy: { reading_pct: 0, rating_pct: 1, basis: 'default' },
  reads: [
    {
      name: 'air_degC',
      ask: 'TEMP?',
      range: [-60, 180],
      accuracy: { reading_pct: 0, rating_pct: 0.1, basis: 'recalled' },
      basis: 'default',
    },
    { name: 'state_count', ask: 'STATE?', words: { 0: 'idle', 3: 'heating', 4: 'alarm' }, basis: 'default' },
    { name: 'hours_count', ask: 'HOURS?', range: [0, 1e6], every_ms: 60_000, basis: 'default' },
    {
      name: 'level_pct',
      ask: 'LEVEL?',
      range: [0, 100],
      value: text => (text.startsWith('L') ? Number(text.slice(1)) : undefined),
      basis: 'default',
    },
  ],
  sets: [
    { name: 'outputSet_on', say: ['RUN OFF', 'RUN ON'], safe: 0, basis: 'default' },
    {
      name: 'airSet_degC',
      say: 'SET {}',
      range: [-40, 120],
      decimals: 1,
      safe: 20,
      needsWatchdog: true,
      basis: 'default',
    },
  ],
  texts: [
    { what: 'serial number', ask: '*IDN?', field: 2, basis: 'default' },
    { what: 'alarm', ask: 'ALARM?', every_ms: 1000, quiet: 'none', basis: 'default' },
  ],
  watchdog: {
    range_s: [1, 60],
    resolution_s: 1,
    steps: [{ say: 'DOG {s}', ask: 'DOG?', answer: '{s}', basis: 'default' }],
    disarm: [{ say: 'DOG 0', ask: 'DOG?', answer: '0', basis: 'default' }],
  },
  onLoss: 'hold',
} satisfies DriverTable;
const chamber = defineDriver(table);

/** What the own code of a driver may do to its reading. */
const SLIPS: readonly (readonly [string, (text: string) => unknown, RegExp])[] = [
  ['throws', text => JSON.parse(text), /level_pct: its "value" failed on "L55": .*JSON/],
  [
    'throws what is no error',
    () => {
      throw 'no';
    },
    /failed on "L55": no/,
  ],
  ['gives a text', text => text.slice(1), /gave a string for "L55", expected a number/],
  ['gives a promise', async () => 55, /gave a object for "L55"/],
  ['gives null', () => null, /gave null for "L55"/],
  ['gives NaN', () => Number.NaN, /level_pct: no value/],
  ['gives undefined', () => undefined, /L55/],
];

describe("a driver's own value", () => {
  it.each(SLIPS)(
    'that %s is a bad reading of its channel, and the others go on',
    async (_, value, reason) => {
      const reads = table.reads.map(read =>
        read.name === 'level_pct' ? { ...read, value: value as never } : read,
      );
      const bench = await declaredBench(defineDriver({ ...table, reads }), emulator);
      try {
        await bench.device.connect();
        for (let n = 0; n < 2; n++) {
          const frame = await bench.device.read();
          expect(frame.quality[3]).toBe(QUALITY.bad);
          expect(frame.values[3]).toBeNaN();
          expect(frame.reason).toMatch(reason);
          expect(frame.values[0]).toBe(23.4);
          expect(frame.quality[0]).toBeLessThan(QUALITY.stale);
        }
      } finally {
        await bench.end();
      }
    },
  );
});

const shown = { state: 'HEATING', alarm: 'none' };
const heard: string[] = [];
const emulator = defineEmulator({
  sample: {},
  lines() {
    const held: Record<string, string> = { RUN: '0', SET: '20.0', DOG: '0' };
    let error = '0,"No error"';
    const answers: Record<string, () => string> = {
      '*IDN?': () => 'ACME,C40,SN-7,1.2',
      'TEMP?': () => '23.4',
      'STATE?': () => shown.state,
      'HOURS?': () => '1200',
      'LEVEL?': () => 'L55',
      'ALARM?': () => shown.alarm,
      'ERR?': () => {
        const said = error;
        error = '0,"No error"';
        return said;
      },
    };
    return {
      answer(line) {
        heard.push(line);
        if (line.endsWith('?')) return answers[line]?.() ?? held[line.slice(0, -1)];
        const [key, value] = line.split(' ');
        if (key in held) held[key] = { ON: '1', OFF: '0' }[value] ?? value;
        else error = '-113,"Undefined header"';
        return undefined;
      },
    };
  },
});

sweepDeclared(chamber, emulator, { model: 'C80' });

describe('a declared driver of lines', () => {
  let bench: DeclaredBench;
  afterEach(async () => {
    Object.assign(shown, { state: 'HEATING', alarm: 'none' });
    heard.length = 0;
    await bench.end();
  });

  it('says states by number, slow readings seldom, odd answers by its own code', async () => {
    bench = await declaredBench(chamber, emulator);
    await bench.device.connect();
    heard.length = 0;
    await bench.device.read();
    shown.state = '4';
    const { values } = await bench.device.read();
    expect([...values]).toEqual([23.4, 4, 1200, 55]);
    expect(bench.device.channels[1].words).toEqual({ 0: 'idle', 3: 'heating', 4: 'alarm' });
    expect(bench.device.channels[0].accuracy).toEqual({ reading_pct: 0, abs: 0.18, basis: 'recalled' });
    expect(heard.filter(line => line === 'HOURS?')).toHaveLength(1);
    shown.state = 'BURNING';
    const unknown = await bench.device.read();
    expect(unknown.values[1]).toBeNaN();
    expect(unknown.quality[1]).toBe(4);
  });

  it('tells its texts: those of the connection once, an alarm when it comes and when it goes', async () => {
    bench = await declaredBench(chamber, emulator);
    await bench.device.connect();
    const news: string[] = [];
    bench.device.onNews?.(text => news.push(text));
    expect(bench.device.notices).toEqual(['serial number: SN-7']);
    await bench.device.read();
    shown.alarm = 'DOOR OPEN';
    const clock = realClock();
    await clock.sleep(1.01);
    await bench.device.read();
    await bench.device.read();
    expect(news).toEqual(['alarm: DOOR OPEN']);
    expect(bench.device.notices).toEqual(['serial number: SN-7', 'alarm: DOOR OPEN']);
  });

  it('switches nothing on after a reconnect before its watchdog is armed again', async () => {
    bench = await declaredBench(chamber, emulator);
    await bench.device.connect();
    expect(await bench.device.armWatchdog(5.7)).toBe(5);
    await bench.instrument.stop();
    await bench.instrument.start();
    const clock = realClock();
    for (let n = 0; n < 400 && bench.device.state !== 'lost'; n++) await clock.sleep(0.005);
    for (let n = 0; n < 400 && bench.device.state !== 'ready'; n++) await clock.sleep(0.005);
    await expect(bench.device.write('airSet_degC', 60)).rejects.toMatchObject({ code: 'refused' });
    await bench.device.read();
    await bench.device.write('airSet_degC', 60);
  });
});

describe('what is wrong with a table is told with its place', () => {
  it.each([
    [{ id: 'Acme' }, /Acme: id: found "Acme", expected maker\/model/],
    [{ id: 'acme/x', line: { ...table.line, terminator: 'nul' } }, /acme\/x: line\.terminator: /],
    [
      { reads: [{ ...table.reads[0], name: 'air' }] },
      /reads\[0\]\.name: .*expected a name that ends in its unit/,
    ],
    [{ reads: [table.reads[0], table.reads[0]] }, /air_degC is there twice/],
    [{ reads: [{ name: 'air_degC', ask: 'T?', basis: 'default' }] }, /reads\[0\]\.range/],
    [{ sets: [{ ...table.sets[1], safe: 300 }] }, /sets\[0\]\.safe: .*within -40\.\.120/],
    [{ sets: [{ ...table.sets[0], safe: undefined }] }, /expected "safe" with a value, or "kept"/],
    [{ sets: [table.sets[1], table.sets[0]] }, /outputSet_on with safe: 0 before all others/],
    [{ onLos: 'hold' }, /unknown key "onLos" \(did you mean "onLoss"\?\)/],
    [
      { texts: [{ what: 'alarm', ask: 'A?', every_ms: 10, basis: 'default' }] },
      /every_ms: .*1000 ms or more/,
    ],
  ])('slip %#', (slip, words) => {
    expect(() => defineDriver({ ...table, ...slip } as never)).toThrow(words);
  });
});

describe('what a declared driver must not say', () => {
  const read = { name: 'housing_degC', ask: 'H?', range: [0, 1], basis: 'default' } as const;
  const set = { name: 'voltageSet_V', say: 'V {}', range: [0, 1], safe: 0, basis: 'default' } as const;
  const SWITCH = { name: 'outputSet_on', say: ['OUTP OFF', 'OUTP ON'], safe: 0, basis: 'default' } as const;

  it.each(['IN_PV_00', 'V?', 'VOLT', 'OUTP?', 'H?;V?', 'OUTP:STAT? ON', 'OUTPUT'])(
    'asks %s beside sets that do not say it',
    ask => {
      const reads = [{ ...read, ask }];
      const one = { ...table, watchdog: undefined, reads, sets: [SWITCH, set] } as unknown as DriverTable;
      expect(() => defineDriver(one)).not.toThrow();
    },
  );

  it.each([
    ['two readings of one name', { reads: [read, { ...read, ask: 'I?' }] }, /reads: .*every name once/],
    ['a period of 0', { reads: [{ ...read, every_ms: 0 }] }, /reads\[0\]\.every_ms/],
    ['a period that is no number', { reads: [{ ...read, every_ms: Number.NaN }] }, /reads\[0\]\.every_ms/],
    [
      'a temperature in A',
      { reads: [{ ...read, name: 'temperature_A' }] },
      /reads\[0\]\.name: .*in degC or K/,
    ],
    ['a rating of another unit', { reads: [{ ...read, rated: 'current' }] }, /reads\[0\]\.rated/],
    ['two ways to read', { reads: [{ ...read, bits: 1, value: () => 1 }] }, /reads\[0\]: .*one of bits/],
    ['a safe value outside', { sets: [{ ...set, safe: 3 }] }, /sets\[0\]\.safe: .*within 0\.\.1/],
    ['no word on the safe state', { sets: [{ ...set, safe: undefined }] }, /"safe" with a value, or "kept"/],
    [
      'two settables on one line',
      { sets: [set, { ...set, name: 'otherSet_V' }] },
      /sets\[1\]\.say: .*another line/,
    ],
    [
      'a question that a set says',
      { reads: [{ ...read, ask: 'outp  1' }], sets: [SWITCH] },
      /reads\[0\]\.ask: .*expected a question, not what "OUTP ON" sets/,
    ],
    [
      'a question that says in full what a set says in short',
      { reads: [{ ...read, ask: ':OUTPut ON' }], sets: [SWITCH] },
      /reads\[0\]\.ask: .*not what "OUTP ON" sets/,
    ],
    [
      'a question that says in short what a set says in full',
      { reads: [{ ...read, ask: 'SOUR1:POW:LEV 5' }], sets: [{ ...set, say: ':SOURce1:POWer:LEVel {}' }] },
      /reads\[0\]\.ask: .*not what ":SOURce1:POWer:LEVel \{\}" sets/,
    ],
    [
      'a question with a set behind it',
      { reads: [{ ...read, ask: 'H?;:V 3.5' }], sets: [set] },
      /reads\[0\]\.ask: .*not what "V \{\}" sets/,
    ],
    [
      'a read-back that sets',
      { sets: [{ ...SWITCH, ask: 'OUTP OFF' }] },
      /sets\[0\]\.ask: .*expected a question/,
    ],
    [
      'a text that arms the watchdog',
      { watchdog: table.watchdog, texts: [{ what: 'dog', ask: 'DOG 5', basis: 'default' }] },
      /texts\[0\]\.ask: .*not what "DOG \{s\}" sets/,
    ],
    [
      'a current in the safe state',
      { sets: [{ ...set, name: 'currentSet_A', range: [0, 10], safe: 5 }] },
      /sets\[0\]\.safe: found 5, expected 0 for a current or a power .* "kept"/,
    ],
    ['an unknown key', { reads: [{ ...read, rang: [0, 1] }] }, /reads\[0\]\.rang: unknown key/],
  ])('%s', (_, part, words) => {
    const one = { ...table, sets: [], watchdog: undefined, ...part } as unknown as DriverTable;
    expect(() => defineDriver(one)).toThrow(words);
  });
});

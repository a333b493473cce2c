import { createConnection, type Socket } from 'node:net';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import { type MethodScriptInstrument, methodScript } from '../../../sim/device/palmsens/methodscript.ts';
import { LoadError, ScriptReader } from '../../../sim/device/palmsens/parse.ts';
import { handRig } from './hand-rig.ts';

/** The instrument by itself: what it answers to whoever speaks its words, without our driver. */

const clock = realClock();
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 300);
let instrument: MethodScriptInstrument;
let socket: Socket;
let lines: string[];

beforeEach(async () => {
  const rig = handRig({ 'cell.voltage_V': 3.7, 'cell.current_A': 0.01 }, [
    'cell.voltageSet_V',
    'cell.currentSet_A',
    'cell.outputSet_on',
    'cell.modeSet_count',
  ]);
  instrument = methodScript(
    { rig, clock },
    {
      plate: 'emstat4-hr',
      serial: 'S1',
      impedance: f => ({ re_Ohm: f.map(() => 10), im_Ohm: f.map(() => -1) }),
      timeFactor: 10,
    },
  );
  await instrument.start();
  lines = [];
  socket = createConnection({ host: '127.0.0.1', port: instrument.port });
  let text = '';
  socket.on('data', chunk => {
    text += chunk.toString('latin1');
    const all = text.split('\n');
    text = all.pop() ?? '';
    lines.push(...all);
  });
  await new Promise<void>(resolve => socket.once('connect', () => resolve()));
});
afterEach(async () => {
  socket.destroy();
  await instrument.end();
});

const say = (...words: string[]): void => void socket.write(`${words.join('\n')}\n`);
async function until(what: () => boolean): Promise<void> {
  const end_s = clock.now_s() + 3;
  while (!what() && clock.now_s() < end_s) await clock.sleep(0.005);
  expect(what(), lines.join('|')).toBe(true);
}
const script = (...body: string[]): string[] => [
  'e',
  'var p',
  'var c',
  ...body,
  'on_finished:',
  'cell_off',
  '',
];
const CA = [
  'set_pgstat_mode 3',
  'set_range ba 10m',
  'set_e 3700m',
  'cell_on',
  'meas_loop_ca p c 3700m 100m 20',
  'pck_start',
  'pck_add p',
  'pck_add c',
  'pck_end',
  'endloop',
];

it('says who it is, and refuses what it cannot do now', async () => {
  say('t', 'i', 'v');
  await until(() => lines.length >= 4);
  expect(lines).toEqual(['tes4_hr1305#Jan 28 2022 11:04:43', 'R*', 'iS1', 'v0108']);
  for (const [word, answer] of [
    ['Z', 'Z!0006'],
    ['Y', 'Y!0006'],
    ['r', 'r!000C'],
    ['q', 'q!0003'],
  ]) {
    say(word);
    await until(() => lines.at(-1) === answer);
    // It wants to be left alone after that.
    await clock.sleep(0.07);
  }
});

it('runs a script, ends it when told to, and does its last commands', async () => {
  say(...script(...CA));
  await until(() => lines.filter(line => line.startsWith('P')).length > 3);
  expect(lines.slice(0, 3)).toEqual(['e', 'M0007', 'Pda8387520u;ba8989680n,10,218']);
  expect(instrument.cellIsOn).toBe(true);
  say('Z');
  await until(() => lines.at(-1) === '');
  expect(lines.filter(line => !line.startsWith('P'))).toEqual(['e', 'M0007', 'Z', '']);
  expect(instrument.cellIsOn).toBe(false);
});

it('leaves the loop that runs when told to', async () => {
  say(...script(...CA));
  await until(() => lines.some(line => line.startsWith('P')));
  say('Y');
  await until(() => lines.at(-1) === '');
  expect(lines.filter(line => !line.startsWith('P'))).toEqual(['e', 'M0007', 'Y', '*', '']);
});

it('after an error in a script that runs the cell stays as it is: its last commands are not done', async () => {
  say(...script(...CA));
  await until(() => lines.some(line => line.startsWith('P')));
  instrument.fail('0032');
  await until(() => lines.at(-1) === '');
  expect(lines.at(-2)).toMatch(/^!0032: Line \d+$/);
  expect(instrument.cellIsOn).toBe(true);
});

it.each([
  ['an unknown command', ['sing'], '4001: Line 3'],
  ['a variable that nobody declared', ['pck_add z'], '4007: Line 3'],
  ['a variable twice', ['var p'], '4026: Line 3'],
  ['a decimal point', ['set_e 1.85'], '4004: Line 3'],
  ['a cell that is off', ['meas_loop_ca p c 1 100m 1', 'endloop'], '4027: Line 3'],
  [
    'a measurement in a measurement',
    ['cell_on', 'meas_loop_ca p c 1 100m 1', 'meas_loop_ca p c 1 100m 1'],
    '400B: Line 5',
  ],
  ['a set potential in a loop', ['loop p < 1', 'set_e 1'], '4032: Line 4'],
  ['a loop without its end', ['loop p < 1', 'on_finished:'], '400C: Line 4'],
  ['a line that is too long', [`set_e ${'0'.repeat(130)}1`], '0008: Line 3'],
])('does not take a script with %s', async (_, body, error) => {
  say(...script(...body));
  await until(() => lines.some(line => line.startsWith('e!')));
  expect(lines.find(line => line.startsWith('e!'))).toBe(`e!${error}, Col 1`);
  expect(instrument.cellIsOn).toBe(false);
});

it.each([
  ['open potential with the cell on', ['cell_on', 'meas_loop_ocp p 100m 1', 'endloop'], '0014'],
  [
    'a spectrum in the wrong mode',
    ['var f', 'set_pgstat_mode 2', 'cell_on', 'meas_loop_eis f p c 10m 1k 1k 1i 0', 'endloop'],
    '0023',
  ],
  ['a potential that it does not have', ['set_pgstat_mode 3', 'set_e 7'], '000F'],
])('ends with an error at %s', async (_, body, code) => {
  say(...script(...body));
  await until(() => lines.at(-1) === '');
  expect(lines.at(-2)).toMatch(new RegExp(`^!${code}: Line \\d+$`));
});

it('random and damaged scripts are taken or refused, by code and line; nothing else happens', () => {
  const whole = script(...CA);
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.constantFrom(...whole),
          fc.string(),
          fc
            .tuple(fc.constantFrom(...whole), fc.nat(), fc.string({ maxLength: 3 }))
            .map(
              ([line, at, text]) =>
                line.slice(0, at % (line.length + 1)) + text + line.slice((at % (line.length + 1)) + 1),
            ),
        ),
        { maxLength: 30 },
      ),
      text => {
        const reader = new ScriptReader();
        try {
          for (const line of text) reader.take(line);
          reader.end();
        } catch (error) {
          expect(error).toBeInstanceOf(LoadError);
          expect((error as LoadError).code).toMatch(/^[0-9A-F]{4}$/);
          expect((error as LoadError).line).toBeLessThanOrEqual(text.length);
        }
      },
    ),
    { numRuns: RUNS },
  );
});

import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import { seededRandom } from '../../../drivers/contract/random.ts';
import { DIALECTS, type DialectName } from '../../../sim/device/scpi/dialects.ts';
import { type ScpiSupply, scpiSupply } from '../../../sim/device/scpi/supply.ts';
import { handRig } from './hand-rig.ts';

const clock = realClock();
const plate = {
  voltageNominal_V: 80,
  currentNominal_A: 100,
  powerNominal_W: 3000,
  model: 'TYPE',
  serial: '7',
};
const rig = () =>
  handRig({ 'cell.voltage_V': 3.5, 'cell.current_A': 2 }, [
    'cell.voltageSet_V',
    'cell.currentSet_A',
    'cell.outputSet_on',
  ]);
let supply: ScpiSupply;
afterEach(() => supply?.end());

/** Sends lines over a plain socket; resolves with what has come when as many answers as wanted are there. */
async function talk(
  dialect: DialectName,
  lines: readonly string[],
  answers: number,
  bench = rig(),
): Promise<string[]> {
  supply = scpiSupply({ rig: bench, clock }, { dialect, plate, subject: 'cell' });
  await supply.start();
  const end = DIALECTS[dialect].terminator;
  const socket = connect(supply.port, '127.0.0.1');
  let received = '';
  socket.on('data', data => {
    received += data.toString('latin1');
  });
  socket.write(lines.map(line => line + end).join(''));
  const until_s = clock.now_s() + 2;
  while (received.split(end).length - 1 < answers && clock.now_s() < until_s) await clock.sleep(0.002);
  socket.destroy();
  return received.split(end).slice(0, -1);
}

describe('a supply that speaks lines', () => {
  it('takes short and long forms in any case, several commands in a line, and answers in its own number form', async () => {
    const lines = ['SOURce:VOLTage:LEVel 12.5;:curr 3', 'VOLT?;:CURRent?', 'meas:scal:volt:dc?', 'VOLT? MAX'];
    expect(await talk('keysight', lines, 3)).toEqual([
      '+1.25000E+01;+3.00000E+00',
      '+3.50000E+00',
      '+8.00000E+01',
    ]);
  });

  it('keeps what it refuses in its queue, oldest first, and says so when the queue is full', async () => {
    const lines = [
      'NONSENSE 1',
      'VOLT 99',
      'VOLT',
      ...Array(9).fill('NONSENSE'),
      ...Array(6).fill('SYST:ERR?'),
    ];
    const said = await talk('ea', ['SYST:LOCK ON', ...lines], 6);
    expect(said).toEqual([
      '-113,"Undefined header"',
      '-222,"Data out of range"',
      '-222,"Data out of range"',
      '-113,"Undefined header"',
      '-350,"Queue overflow"',
      '0,"No error"',
    ]);
  });

  it('trips on its own over-voltage, stays off until it is told to forget, and not while the cause is there', async () => {
    const bench = rig();
    bench.show('cell.voltage_V', 89);
    const lines = ['OUTP ON', 'OUTP?', 'STAT:QUES:COND?', 'OUTP:PROT:CLE', 'OUTP ON', 'OUTP?', 'SYST:ERR?'];
    expect(await talk('keysight', lines, 4, bench)).toEqual(['0', '1', '0', '-221,"Settings conflict"']);
    expect(bench.settingOf('cell.outputSet_on')).toBe(0);
  });

  it('Delta: a set value counts only while its source is Ethernet', async () => {
    const lines = ['SOUR:VOL 5', 'SYST:ERR?', 'SYST:REM:CV Ethernet', 'SOUR:VOL 5', 'SYST:ERR?', 'SOUR:VOL?'];
    expect(await talk('delta', lines, 3)).toEqual(['-221,Settings conflict', '0,None', '5.0000']);
  });

  it('Genesys: deaf until its address is called', async () => {
    const lines = ['IDN?', 'ADR 5', 'IDN?', 'ADR 6', 'IDN?', 'PV 5', 'RMT REM', 'PV 5', 'PV?', 'XYZ'];
    expect(await talk('genesys', lines, 7)).toEqual(['OK', 'LAMBDA,TYPE', 'E01', 'OK', 'OK', '5.000', 'C01']);
  });

  it('a broken sensor is the number that stands for none', async () => {
    const bench = rig();
    bench.show('cell.voltage_V', Number.NaN);
    expect(await talk('keysight', ['MEAS:VOLT?'], 1, bench)).toEqual(['9.91E+37']);
  });

  it.each(Object.keys(DIALECTS) as DialectName[])(
    '%s: any bytes are borne, none switches the output on',
    async dialect => {
      const random = seededRandom(7);
      const noise = Array.from({ length: 200 }, () =>
        Array.from({ length: 1 + Math.floor(30 * random.uniform()) }, () =>
          String.fromCharCode(32 + Math.floor(95 * random.uniform())),
        ).join(''),
      );
      await talk(dialect, [...noise, 'ADR 6', dialect === 'genesys' ? 'IDN?' : '*IDN?'], 1);
      expect(supply.heard.length).toBeGreaterThan(150);
      expect(supply.state.output).toBe(false);
    },
  );
});

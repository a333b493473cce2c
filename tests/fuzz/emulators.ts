import { VirtualClock } from '../../drivers/contract/clock.ts';
import { numberOf } from '../../drivers/iorodeo/commands.ts';
import { sourceMeterInstrument } from '../../sim/device/keithley/instrument.ts';
import { PLATES } from '../../sim/device/keithley/source.ts';
import { dataLogger } from '../../sim/device/keysight/data-logger.ts';
import { rodeostat } from '../../sim/device/rodeostat.ts';
import type { TextInstrument } from '../../sim/device/text-instrument.ts';
import { bareRig } from '../drivers/ea/bare-rig.ts';
import { below, bytes, must, mutatedText, one, seen } from './chance.ts';

/** Whole emulators that speak lines, without a wire: what they take, damaged or not, leaves their set points within their ranges. */

const clock = new VirtualClock({ utcStart_ms: 0 });
const env = { rig: bareRig(), clock };
/** Longer is no answer to one line. */
const LONGEST = 20_000;

function say(instrument: TextInstrument, lines: readonly string[]): string {
  const line = below(6) === 0 ? bytes(40).toString('latin1') : mutatedText(one(lines));
  const answer = instrument.answer(line);
  if (answer === undefined) seen.refused++;
  else seen.accepted++;
  must(
    typeof answer !== 'string' || answer.length < LONGEST,
    () => `a long answer to ${JSON.stringify(line)}`,
  );
  return line;
}

const meters = (['2450', '2400'] as const).map(model =>
  sourceMeterInstrument(env, { plate: { ...PLATES[model], serial: '1' }, subject: 'stack' }),
);
const SMU_LINES = [
  'SOUR:FUNC VOLT',
  'SOUR:VOLT 3.7',
  'SOUR:VOLT:RANG 20',
  'SOUR:CURR 0.5;CURR?',
  'SOUR:VOLT:ILIM 1',
  'SENS:CURR:PROT 1',
  'SENS:CURR:RANG:AUTO ON',
  'OUTP ON',
  'OUTP?',
  'READ?',
  ':READ? "defbuffer1", SOUR, READ, SOURSTAT, STAT',
  'SOUR:VOLT 1E400',
  'SOUR:CURR -INF',
  'SOUR:VOLT NAN',
  'SYST:ERR?',
  'ROUT:TERM REAR',
  '*IDN?',
];
export function sourceMeterLine(): void {
  const meter = one(meters);
  const line = say(meter, SMU_LINES);
  for (const quantity of ['VOLT', 'CURR'] as const) {
    const { level, limit } = meter.source.of[quantity];
    for (const value of [level, limit])
      must(Math.abs(value) <= 1100, () => `${quantity} ${value} after ${JSON.stringify(line)}`);
    must(
      meter.source.rangeFor(quantity, level) !== undefined,
      () => `${quantity} ${level} after ${JSON.stringify(line)}`,
    );
  }
}

const logger = dataLogger(env, { maker: 'M', model: '34970A', serial: '0', wired: new Map() });
const SCAN_LINES = [
  'CONF:TEMP TC,K,(@101,103:105)',
  'CONF:VOLT:DC 10,(@101:120)',
  'ROUT:SCAN (@101:104)',
  'ROUT:SCAN (@101:99999999999)',
  'ROUT:SCAN (@105:101)',
  'ROUT:SCAN?',
  'SENS:TEMP:NPLC 1,(@101)',
  'SENS:TEMP:NPLC 1e999,(@101)',
  'SENS:FUNC? (@101)',
  'TEMP:TRAN:TC:CHEC ON,(@101)',
  'FORM:READ:UNIT ON',
  'UNIT:TEMP C,(@101)',
  'SYST:ERR?',
  '*IDN?',
];
export const scanLine = (): void => void say(logger, SCAN_LINES);

const potentiostat = rodeostat(env, {
  variant: 'nano',
  deviceId: 0,
  subject: 'stack',
  voltageRanges: ['1V', '10V'],
  currentRanges: { '100uA': 100 },
});
const RODEO_LINES = [
  '{"command":"setVolt","v":0.5}',
  '{"command":"setVolt","v":1e999}',
  '{"command":"setVolt","v":"1"}',
  '{"command":"setVoltRange","voltRange":"10V"}',
  '{"command":"setCurrRange","currRange":"__proto__"}',
  '{"command":"setCtrElectConnected","connected":true}',
  '{"command":"getCurr"}',
  '{"command":"constructor"}',
  '{"command":{"toString":1}}',
  '[]',
  '{}',
];
export function rodeostatLine(): void {
  const line = say(potentiostat, RODEO_LINES);
  const set = numberOf(String(potentiostat.answer('{"command":"getVolt"}')), 'v');
  must(Math.abs(set) <= 10, () => `${set} V after ${JSON.stringify(line)}`);
}

import { VirtualClock } from '../../drivers/contract/clock.ts';
import { DeviceError } from '../../drivers/contract/errors.ts';
import { QUALITY } from '../../drivers/contract/frame.ts';
import { numberOf, saidIn } from '../../drivers/iorodeo/commands.ts';
import { DIALECTS } from '../../drivers/keithley/dialect.ts';
import { channelSchema, scanIn } from '../../drivers/keysight/scan.ts';
import { type BtsAsk, btsCodec, numberIn } from '../../drivers/neware/messages.ts';
import { requestOf } from '../../sim/device/neware/request.ts';
import { readStepFile } from '../../sim/device/neware/step-file.ts';
import { bath } from '../../sim/device/thermal/bath.ts';
import { THERMAL_DIALECTS } from '../../sim/device/thermal/dialects.ts';
import { below, bytes, must, mutated, mutatedText, one, seen } from './chance.ts';

/** What single makes say: readings of the drivers, and what their emulators take. */

const noise = (): string => bytes(40).toString('latin1');
const told = (isAccepted: boolean): void => {
  if (isAccepted) seen.accepted++;
  else seen.refused++;
};
/** What stands for no value (SCPI-1999, 7.2.1.4 and 7.2.1.5); a digit less is beyond the range of any channel. */
const NO_VALUE = 9.9e37;

const READINGS = {
  '2450': ['1.234,0.5,32,0', '3.6,1.0,33,8', '9.9E37,0.1,32,0', 'INF,1,32,0', '1,2,0,0'],
  '2400': [
    '+3.6E+00,+1.0E+00,+9.91E+37,+1.0E+01,+1.2E+04',
    '9.9E37,1,0,0,0',
    '1,2,3,4,NAN',
    '+1,+2,+9.91E37,+5,65536',
  ],
} as const;
export function sourceMeterReading(): void {
  const speaks = one(['2450', '2400'] as const);
  const text = below(4) === 0 ? noise() : mutatedText(one(READINGS[speaks]));
  const reading = DIALECTS[speaks].reading(text, {
    drive: one(['voltage', 'current'] as const),
    wires: one([2, 4] as const),
    terminals: 'rear',
    currentRange_A: 1,
    voltageRange_V: 20,
    nplc: 1,
  });
  told(reading !== undefined);
  if (reading === undefined || reading.isOff || reading.quality !== QUALITY.good) return;
  for (const value of [reading.voltage_V, reading.current_A])
    must(Number.isNaN(value) || Math.abs(value) < NO_VALUE, () => `${speaks}: ${value} in "${text}"`);
}

const channel = (name: string, at: number, more: object) =>
  channelSchema.parse({
    name,
    at,
    range: [-1e3, 1e3],
    accuracy: { reading_pct: 0.1, abs: 1, basis: 'default' },
    ...more,
  });
const SCANNED = [
  channel('plate_degC', 101, { thermocouple: 'K' }),
  channel('shunt_mV', 102, { fullScale: 0.1 }),
  channel('resistance_Ohm', 103, { fullScale: 1e3 }),
];
const SCANS = [
  '+2.61E+01 C,101,+1.0E-03 VDC,102,+1.0E+02 OHM,103',
  '9.9E+37 C,101,-9.9E37 VDC,102,+1.0E+02 OHM,103',
  '+2.61E+01 F,101,+1.0E-03 VDC,102,+1.0E+02 OHM,103',
];
export function scan(): void {
  const text = below(4) === 0 ? noise() : mutatedText(one(SCANS));
  const values = scanIn(text, SCANNED);
  told(values !== undefined);
  must(values === undefined || values.length === SCANNED.length, () => text);
  for (const value of values ?? [])
    must(typeof value !== 'number' || Number.isFinite(value), () => `${value} in "${text}"`);
}

const SAID = [
  '{"success":true,"response":{"command":"getVolt","v":0.12}}',
  '{"success":true,"response":{"command":"getCurr","i":1e999}}',
  '{"success":false,"message":"bad"}',
  '[1,2]',
  'null',
  '{"success":true,"response":null}',
  '{"__proto__":{"success":true}}',
];
export function rodeostatAnswer(): void {
  const text = below(4) === 0 ? noise() : mutatedText(one(SAID));
  told(saidIn(text) !== undefined);
  const value = numberOf(text, one(['v', 'i', 'command', '__proto__']));
  must(Number.isNaN(value) || Number.isFinite(value), () => `${value} in "${text}"`);
}

const bts = btsCodec({ ip: '127.0.0.1', devtype: 27, devid: 1, subdevid: 1, chlid: 1 });
const ASKS: readonly BtsAsk[] = [
  { cmd: 'getchlstatus' },
  { cmd: 'inquire' },
  { cmd: 'stop' },
  { cmd: 'inquiredf', test: '7' },
  { cmd: 'download', test: '7', from: 1, count: 10 },
  { cmd: 'start', path: 'C:\\a<b>&"c".xml', label: 'x', backupFolder: 'C:\\b' },
];
const BTS_ANSWERS = [
  '<cmd>getchlstatus_resp</cmd><list count="1"><status ip="127.0.0.1" devtype="27" devid="1" subdevid="1" chlid="1" reservepause="0">working</status></list>',
  '<cmd>inquire_resp</cmd><list count="1"><inquire dev="27-1-1-1-0" voltage="3.6" current="--" /></list>',
  '<cmd>stop_resp</cmd><result>ok</result>',
].map(text =>
  Buffer.from(`<?xml version="1.0" encoding="UTF-8" ?><bts version="1.0">${text}</bts>\n\n#\r\n`),
);
export function btsAnswer(): void {
  const came = below(5) === 0 ? bytes(60) : mutated(one(BTS_ANSWERS));
  const length = bts.lengthOf(came);
  must(length >= 0 && length <= came.length, () => `length ${length} of ${came.length}`);
  try {
    const answer = bts.decode(came.subarray(0, length === 0 ? came.length : length));
    const ask = one(ASKS);
    bts.fits(ask, answer);
    bts.refusal?.(ask, answer);
    for (const element of answer.elements)
      for (const text of [element.text, ...Object.values(element.attributes)]) {
        const value = numberIn(text);
        must(!(text === '--' && !Number.isNaN(value)), () => `${text} is ${value}`);
      }
    seen.accepted++;
  } catch (error) {
    if (!(error instanceof DeviceError)) throw error;
    seen.refused++;
  }
}

export function btsRequest(): void {
  const asked = Buffer.from(bts.encode(one(ASKS)));
  const text = (below(5) === 0 ? bytes(60) : mutated(asked)).toString('latin1');
  told(requestOf(text) !== undefined);
}

const STEP_FILE =
  '<?xml version="1.0"?><root><config type="Step File"><Whole_Prt><Protect><Main><Volt Upper="42000" Lower="25000"/></Main></Protect><Record><Main><Time Value="1000"/></Main></Record></Whole_Prt><Step_Info Num="2"><Step1 Step_ID="1" Step_Type="1"><Limit><Main><Curr Value="1000"/><Stop_Volt Value="42000"/></Main></Limit></Step1><Step2 Step_ID="2" Step_Type="6"></Step2></Step_Info></config></root>';
export function stepFile(): void {
  try {
    readStepFile(below(6) === 0 ? noise() : mutatedText(STEP_FILE));
    seen.accepted++;
  } catch (error) {
    // Declared: a plain Error says what is wrong in it.
    if (!(error instanceof Error) || error.constructor !== Error) throw error;
    seen.refused++;
  }
}

const makes = Object.entries(THERMAL_DIALECTS).map(
  ([name, dialect]) => [name, dialect, bath({ clock: new VirtualClock({ utcStart_ms: 0 }) })] as const,
);
const THERMAL_LINES = [
  'OUT_SP_00 25.0',
  'OUT_MODE_05 1',
  'IN_PV_00',
  'STATUS',
  'VERSION',
  '{M0009C4',
  '{M00****',
  '{M140001',
  '[M01V07C6',
  '[M01G0D******C0',
  '[M01G0DT*****EA',
  '[M01G0D**09C4F4',
  'OUT_SP_00_25.0',
  'IN_PV_00',
  'START',
  'TYPE',
  '11004\xb61\xb62\xb61',
  'OUT_SP_00 1e9',
  'OUT_SP_00 NAN',
];
export function bathLine(): void {
  const [name, dialect, its] = one(makes);
  const line = below(6) === 0 ? noise() : mutatedText(one(THERMAL_LINES));
  its.heard();
  its.service();
  const answer = dialect.answer(its, line, dialect.plate);
  told(answer !== undefined);
  const [low, high] = its.limits;
  must(
    its.setpoint >= low && its.setpoint <= high,
    () => `${name}: set point ${its.setpoint} after "${line}"`,
  );
}

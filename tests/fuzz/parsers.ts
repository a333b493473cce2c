import { VirtualClock } from '../../drivers/contract/clock.ts';
import { supplyRegisters } from '../../sim/device/ea/registers.ts';
import { supplyScpi } from '../../sim/device/ea/scpi.ts';
import { supplyState } from '../../sim/device/ea/state.ts';
import {
  encodeMbap,
  encodeRtu,
  parseRequest,
  takeMbap,
  takeRtuRequest,
} from '../../sim/device/modbus-codec.ts';
import { LoadError, ScriptReader } from '../../sim/device/palmsens/parse.ts';
import { DIALECTS, type DialectName } from '../../sim/device/scpi/dialects.ts';
import { scpiState } from '../../sim/device/scpi/state.ts';
import { bareRig } from '../drivers/ea/bare-rig.ts';
import { below, bytes, must, mutated, mutatedText, one, seen } from './chance.ts';

/** Parsers of the emulators: each takes one request that is right, damaged or nothing at all. */

export function serverFrames(): void {
  const pdu = Uint8Array.from([one([1, 2, 3, 4, 5, 6, 16, 99]), 0, below(256), 0, below(256)]);
  const frames = [encodeMbap({ transaction: below(65536), unit: 1, pdu }), encodeRtu(1, pdu)];
  let rest = below(5) === 0 ? bytes(60) : mutated(Buffer.concat([one(frames), one(frames)]));
  const take = below(2) === 0 ? takeMbap : takeRtuRequest;
  for (let steps = 0; rest.length > 0; steps++) {
    must(steps < 1000, () => `no end: ${rest.toString('hex')}`);
    const taken = take(rest);
    if (taken.kind === 'incomplete') return;
    const length = taken.kind === 'frame' ? taken.length : taken.skip;
    must(length > 0, () => `no way on: ${rest.toString('hex')}`);
    if (taken.kind === 'frame' && taken.adu.pdu.length > 0) {
      parseRequest(taken.adu.pdu);
      seen.accepted++;
      const answer = eaAnswer(taken.adu.unit, taken.adu.pdu);
      must(answer === undefined || answer.length >= 2, () => `answer to ${rest.toString('hex')}`);
    } else seen.refused++;
    rest = rest.subarray(length);
  }
}

const clock = new VirtualClock({ utcStart_ms: 0 });
const rig = bareRig();
const env = { rig, clock };
const plate = { voltageNominal_V: 400, currentNominal_A: 60, powerNominal_W: 15000, model: 'M', serial: '1' };
const interpreters = (Object.keys(DIALECTS) as DialectName[]).map(name => {
  const dialect = DIALECTS[name];
  const state = scpiState(env, rig, {
    plate,
    subject: 'stack',
    errorDepth: dialect.errorDepth,
    setMax: dialect.setMax,
  });
  return { name, state, most: dialect.setMax, interpret: dialect.interpreter(state) };
});
const ea = supplyState(env, rig, {
  voltageNominal_V: 400,
  currentNominal_A: 60,
  powerNominal_W: 15000,
  type: 'PSB 10400-60',
  serial: '1',
});
const eaAnswer = supplyRegisters(ea, { framing: 'rtu' });
const eaInterpret = supplyScpi(ea);
const LINES = [
  'VOLT 12.5',
  'CURR 3;CURR?',
  'OUTP ON',
  'OUTP?',
  '*IDN?',
  'MEAS:VOLT?',
  'SYST:LOCK ON',
  'SYST:ERR?',
  'SOUR1:VOLT 5',
  'ADR 6',
  'PV 10',
  'STT?',
  'SOUR:CURR 1e9',
  'VOLT -1',
  'VOLT NAN',
  'VOLT 1E400',
  'POW 100',
  'SYST:COMM:MON:TIM 5',
  'OUTP:PROT:CLE',
  ':MEAS:ALL? CH1',
];
export function scpiLine(): void {
  const line = below(6) === 0 ? bytes(40).toString('latin1') : mutatedText(one(LINES));
  const { name, state, most, interpret } = one(interpreters);
  const answer = interpret(line);
  must(answer === undefined || typeof answer === 'string', () => `${name}: ${line}`);
  for (const quantity of ['voltage', 'current', 'power'] as const) {
    const set = state.set(quantity);
    must(
      set >= 0 && set <= most * state.nominal(quantity),
      () => `${name} ${quantity} ${set} after ${JSON.stringify(line)}`,
    );
  }
  eaInterpret(line);
  if (answer === undefined) seen.refused++;
  else seen.accepted++;
}

const SCRIPT = [
  'e',
  'var c',
  'set_pgstat_mode 2',
  'cell_on',
  'meas_loop_cv p c -500m 500m 20m 1 1',
  'pck_start',
  'pck_add p',
  'pck_end',
  'endloop',
  'on_finished:',
  'cell_off',
  'loop i < 10i',
  'if c > 3m',
  'endif',
  'meas_loop_eis f r j 10m 200k 100 11i 0',
  'store_var c 7i ja',
];
export function script(): void {
  const reader = new ScriptReader();
  try {
    for (let i = below(12); i >= 0; i--) reader.take(below(3) === 0 ? mutatedText(one(SCRIPT)) : one(SCRIPT));
    seen.accepted++;
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    seen.refused++;
  }
}

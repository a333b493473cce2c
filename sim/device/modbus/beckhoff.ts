import { EXCEPTION } from '../modbus-codec.ts';
import { outputsOf, signed, type Terminals } from './couplers.ts';
import type { Ground, Make } from './instrument.ts';
import { Memory, type Taken } from './memory.ts';

/** Numbers at 0x1122 and 0x1123. */
const TYPE = { write: 0, any: 1, off: 2 } as const;
const REACTION = { zero: 0, freeze: 1, stop: 2 } as const;
/** What 0x1140 shows while the E-bus runs (EtherCAT: operational). */
const OPERATIONAL = 8;

/**
 * Beckhoff BK9000 or EK9000 (Information System): inputs from 0x0000, outputs from 0x0800, discrete inputs and coils from 0, lengths of the
 * image in bits at 0x1010 to 0x1013 (AO, AI, DO, DI), watchdog 0x1120 (ms), 0x1122 (1 any telegram, 0 a write), on from the
 * factory with 1000 ms; it begins with the first write. Once it has acted outputs are not taken until 0x1121 gets 0xBECF, 0xAFFE
 * (recalled). 0x1020 is the time of the watchdog now, ms: here what is left of it, 0 while it does not run (default).
 * BK9000: 0x100B and 0x100C, diagnosis of the terminals and status of the coupler, 0 where nothing is wrong (default), from the
 * senses `terminalDiagnosis`, `couplerStatus`. EK9000: 0x1021 how often it has acted, 0x1022 connections, 0x1040 1 while the E-bus
 * runs, 0x1122 2 is off, 0x1123 0 sets all outputs to 0, 1 leaves them, 2 stops the E-bus, 0x1124 1 is that lock, 0x1140 0 stops the
 * E-bus and more starts it, with the last outputs. Without the E-bus inputs stay as they were. Senses `ai0`.., `di0`..,
 * `eBusFault` (1: a terminal has been pulled); drives `ao0`.., `do0`...
 */
export function beckhoff(ground: Ground, plate: Terminals & { readonly isEk: boolean }): Make {
  const memory = new Memory();
  const outputs = outputsOf(ground, plate);
  const watchdog = { timeout_ms: 1000, type: 1, reaction: 0, reset: 0, lock: 1, acted: 0 };
  let hasActed = false;
  let since_s: number | undefined;
  let connections = 0;
  let isStopped = false;
  const word = (address: number, get: () => number, set?: (value: number) => Taken): void => {
    memory.word('holding', address, get, set);
  };
  /** A setting of the watchdog, up to `most`. */
  const setting = (address: number, key: keyof typeof watchdog, most = 0xffff): void =>
    word(
      address,
      () => watchdog[key],
      value => {
        if (value > most) return EXCEPTION.illegalValue;
        watchdog[key] = value;
        return undefined;
      },
    );
  const isOff = (): boolean => watchdog.timeout_ms === 0 || watchdog.type === TYPE.off;
  const left_ms = (): number =>
    since_s === undefined || hasActed || isOff()
      ? 0
      : Math.max(0, Math.round(watchdog.timeout_ms - 1000 * (ground.clock.now_s() - since_s)));
  const isRunning = (): boolean => !isStopped && !(ground.sense('eBusFault') > 0.5);
  const locked = (take: () => void): Taken => {
    if (hasActed && watchdog.lock === 1) return EXCEPTION.deviceFailure;
    hasActed = false;
    since_s ??= ground.clock.now_s();
    take();
    return undefined;
  };
  /** What an input showed last while the E-bus ran. */
  const shown = new Map<string, number>();
  const input = (name: string): number => {
    const before = shown.get(name);
    if (before !== undefined && !isRunning()) return before;
    const now = ground.sense(name);
    shown.set(name, now);
    return now;
  };
  for (let n = 0; n < plate.ai; n++) memory.word(['input', 'holding'], n, () => Math.round(input(`ai${n}`)));
  for (let n = 0; n < plate.di; n++) memory.bit('discrete', n, () => input(`di${n}`) > 0.5);
  for (let n = 0; n < plate.ao; n++)
    word(
      0x0800 + n,
      () => outputs.ao[n],
      value => locked(() => outputs.setAo(n, value)),
    );
  for (let n = 0; n < plate.do; n++)
    memory.bit(
      'coil',
      n,
      () => outputs.bits[n],
      on => locked(() => outputs.setBit(n, on)),
    );
  for (const [i, bits] of [16 * plate.ao, 16 * plate.ai, plate.do, plate.di].entries())
    word(0x1010 + i, () => bits);
  word(0x1020, left_ms);
  setting(0x1120, 'timeout_ms');
  word(
    0x1121,
    () => 0,
    value => {
      if (watchdog.reset === 0xbecf && value === 0xaffe) hasActed = false;
      watchdog.reset = value;
      return undefined;
    },
  );
  setting(0x1122, 'type', plate.isEk ? TYPE.off : TYPE.any);
  /** Off and on again: the terminals lose their outputs, the coupler keeps what was set. */
  const stop = (): void => {
    for (const name of ['ai', 'di'] as const) for (let n = 0; n < plate[name]; n++) input(`${name}${n}`);
    isStopped = true;
    for (const n of outputs.ao.keys()) ground.drive(`ao${n}`, 0);
    for (const n of outputs.bits.keys()) ground.drive(`do${n}`, 0);
  };
  const go = (): void => {
    isStopped = false;
    for (const [n, value] of outputs.ao.entries()) ground.drive(`ao${n}`, signed(value));
    for (const [n, on] of outputs.bits.entries()) ground.drive(`do${n}`, Number(on));
  };
  if (plate.isEk) {
    word(0x1021, () => watchdog.acted);
    word(0x1022, () => connections);
    word(0x1040, () => Number(isRunning()));
    setting(0x1123, 'reaction', REACTION.stop);
    setting(0x1124, 'lock', 1);
    word(
      0x1140,
      () => (isRunning() ? OPERATIONAL : 0),
      value => {
        if (value === 0) stop();
        else go();
        return undefined;
      },
    );
  } else {
    const told = (name: string): number => ground.sense(name) || 0;
    word(0x100b, () => told('terminalDiagnosis'));
    word(0x100c, () => told('couplerStatus'));
  }
  return {
    memory,
    joined(count) {
      connections = count;
    },
    heard(isWrite) {
      if (since_s !== undefined && (isWrite || watchdog.type === TYPE.any)) since_s = ground.clock.now_s();
    },
    service(now_s) {
      if (since_s === undefined || hasActed || isOff() || 1000 * (now_s - since_s) < watchdog.timeout_ms)
        return;
      hasActed = true;
      watchdog.acted = (watchdog.acted + 1) & 0xffff;
      if (watchdog.reaction === REACTION.stop) stop();
      else if (watchdog.reaction === REACTION.zero) outputs.allOff();
    },
  };
}

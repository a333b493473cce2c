import type { SupplyAlarm, SupplyState } from './state.ts';

/** Control location in the status. */
const LOCATION = { none: 0, local: 1, usb: 3, ethernet: 6, 'timed-out': 0x1c } as const;
const ALARM_BIT: Readonly<Record<SupplyAlarm, number>> = {
  OV: 16,
  OC: 17,
  OP: 18,
  OT: 19,
  PF: 21,
  sinkOC: 17,
  sinkOP: 18,
  SF: 1,
  UVD: 24,
  OVD: 25,
  UCD: 26,
  OCD: 27,
  OPD: 28,
  sinkUCD: 26,
  sinkOCD: 27,
  sinkOPD: 28,
};

/** Status (register 505) as one number of 32 bits. */
function statusOf(state: SupplyState): number {
  let bits: number = state.local ? LOCATION.local : LOCATION[state.holder];
  const set = (on: boolean, bit: number): void => {
    if (on) bits |= 1 << bit;
  };
  set(state.output, 7);
  bits |= state.regulation << 9;
  set(state.remote, 11);
  set(state.sinks, 12);
  set(state.alarms.size > 0, 15);
  for (const alarm of state.alarms) if (alarm !== 'SF') set(true, ALARM_BIT[alarm]);
  set(state.alarmOfSink, 31);
  return bits >>> 0;
}

/** The same as two registers, high word first. */
export const statusWords = (state: SupplyState): readonly [number, number] => {
  const bits = statusOf(state);
  return [bits >>> 16, bits & 0xffff];
};

/** Text, two characters a register, padded with NUL. */
export function words(text: string, count: number): number[] {
  const at = (i: number): number => (i < text.length ? text.charCodeAt(i) & 0xff : 0);
  return Array.from({ length: count }, (_, i) => (at(2 * i) << 8) | at(2 * i + 1));
}

/** A number as two registers, high word first. */
export function float32(value: number): [number, number] {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  return [view.getUint16(0), view.getUint16(2)];
}

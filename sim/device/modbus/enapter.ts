import { EXCEPTION } from '../modbus-codec.ts';
import type { Ground, Make } from './instrument.ts';
import { Memory } from './memory.ts';

/** `EL21` in two registers. */
const EL21 = [17740, 12849] as const;
/** Warning: the heartbeat was lost. */
const LOST_HEARTBEAT = 0x360a;
const START = 1;
const STEADY = 3;
const IDLE = 2;

/**
 * Enapter electrolyser (handbook, EL 2.1 Modbus TCP interface): state at 18 and 1200, production at holding 1000 and 1002, the heartbeat
 * time-out at 4600 taken only between 4000 := 1 and 4001 := 1. With nothing heard for that time it stops and warns. Flow is NaN
 * while it does not produce. Senses `current`, `voltage`, `pressure`, `temperature`; drives `production` (pct).
 */
export function enapter(
  ground: Ground,
  plate: { readonly productCode: number; readonly isEl21: boolean },
): Make {
  const memory = new Memory();
  let rate_pct = 100;
  let isOn = false;
  let heartbeat_s = 0;
  let draft_s = 0;
  let isConfiguring = false;
  const warnings: number[] = [];
  const errors: number[] = [];
  let last_s = ground.clock.now_s();
  const started_s = last_s;
  const drive = (): void => ground.drive('production', isOn ? rate_pct : 0);
  const float = (address: number, name: string): unknown =>
    memory.float('input', address, () => ground.sense(name));
  const flag = (address: number, isSet: () => boolean): unknown =>
    memory.word('input', address, () => Number(isSet()));
  if (plate.isEl21) for (const [i, word] of EL21.entries()) memory.word('input', i, () => word);
  memory
    .word('input', 18, () => (errors.length > 0 ? 2 : 1))
    .long('input', 22, () => Math.floor(ground.clock.now_s() - started_s))
    .long('input', 1000, () => plate.productCode)
    .float('input', 1008, () => (isOn ? 5 * rate_pct : Number.NaN))
    .word('input', 1200, () => (isOn ? STEADY : IDLE));
  for (const [address, list] of [
    [768, warnings],
    [832, errors],
  ] as const) {
    memory.word('input', address, () => list.length);
    for (let n = 0; n < 32; n++) memory.word('input', address + 1 + n, () => list[n] ?? 0);
  }
  for (const address of [7000, 7001, 7004, 7007, 7009, 7010]) flag(address, () => false);
  flag(7002, () => true);
  flag(7003, () => true);
  float(7508, 'current');
  float(7510, 'voltage');
  float(7512, 'pressure');
  float(7514, 'pressure');
  float(7516, 'water');
  float(7518, 'temperature');
  float(7520, 'temperature');
  memory
    .word(
      'holding',
      1000,
      () => Number(isOn),
      value => {
        if (value > 1 || (value === START && errors.length > 0)) return EXCEPTION.illegalValue;
        isOn = value === START;
        drive();
        return undefined;
      },
    )
    .float(
      'holding',
      1002,
      () => rate_pct,
      value => {
        if (!(value >= 60 && value <= 100)) return EXCEPTION.illegalValue;
        rate_pct = value;
        drive();
        return undefined;
      },
    )
    .word(
      'holding',
      4000,
      () => Number(isConfiguring),
      value => {
        isConfiguring = value === START;
        draft_s = heartbeat_s;
        return undefined;
      },
    )
    .word(
      'holding',
      4001,
      () => 0,
      value => {
        if (!isConfiguring || value !== START) return EXCEPTION.deviceFailure;
        isConfiguring = false;
        heartbeat_s = draft_s;
        return undefined;
      },
    )
    .long(
      'holding',
      4600,
      () => heartbeat_s,
      value => {
        if (!isConfiguring) return EXCEPTION.deviceFailure;
        draft_s = value;
        return undefined;
      },
    );
  return {
    memory,
    heard() {
      last_s = ground.clock.now_s();
    },
    service(now_s) {
      if (heartbeat_s === 0 || now_s - last_s < heartbeat_s || !isOn) return;
      isOn = false;
      if (!warnings.includes(LOST_HEARTBEAT)) warnings.push(LOST_HEARTBEAT);
      drive();
    },
  };
}

import { DeviceError } from '../contract/errors.ts';
import { type WatchdogPart, watchdogReading } from '../contract/watchdog.ts';
import type { DeviceTable, Exchange, ReadSpec, WriteSpec } from '../device-table.ts';
import { encodeRegisters, toEng, widthOf } from '../protocol/modbus-registers.ts';
import type { ModbusReply, ModbusRequest } from '../transport/modbus-request.ts';
import type { BenchMap, MapSettable, Register } from './modbus-map-bench.ts';
import type { WatchdogStep } from './modbus-map-file.ts';
import { askFor, rawOf, sizeOf } from './modbus-map-reads.ts';

type Ask = Exchange<ModbusRequest, ModbusReply>;
type Table = DeviceTable<ModbusRequest, ModbusReply>;

/** The write of a raw value: function 5 for a coil, 6 for one register, 16 for more or where the device wants it. */
export function writeFor(unit: number, register: Register, raw: number, multiple: boolean): ModbusRequest {
  const { table, address, type, order } = register;
  if (table === 'coil') return { fn: 5, unit, address, on: raw >= 0.5 };
  const values = encodeRegisters(raw, type, order);
  return widthOf(type) === 1 && !multiple
    ? { fn: 6, unit, address, value: values[0] }
    : { fn: 16, unit, address, values };
}

/** Set values, watchdog and heartbeat of a map. */
export interface MapWrites {
  readonly writes: Readonly<Record<string, WriteSpec<ModbusRequest, ModbusReply>>>;
  /** The heartbeat of each poll; none where the map has none. */
  readonly beat: readonly ReadSpec<ModbusRequest, ModbusReply>[];
  readonly watchdog: Pick<Table, 'armWatchdog' | 'readWatchdog' | 'releaseControl'>;
  /** To be called at each connect: what was armed before may have been forgotten. */
  connected(): void;
}

/** What a map sets. `where`: for messages. */
export function mapWrites(map: BenchMap, where: string): MapWrites {
  const { unit, settables, watchdog } = map;
  /** Armed once: until it is armed again after a reconnect, nothing is switched on. */
  let armed_s: number | undefined;
  let isArmed = true;

  function writeOf(settable: MapSettable): WriteSpec<ModbusRequest, ModbusReply> {
    const { raw, eng, safe, readback, needsWatchdog, multiple, name, settle_ms } = settable;
    return {
      encode(value) {
        if (needsWatchdog && !isArmed && safe !== undefined && value !== safe) {
          throw new DeviceError(
            'refused',
            where,
            `${name}: its watchdog is not armed yet after the reconnect: it stays at ${safe}`,
          );
        }
        const sent = raw[0] + ((value - eng[0]) * (raw[1] - raw[0])) / (eng[1] - eng[0]);
        return writeFor(unit, settable, sent, multiple);
      },
      readback: askFor(unit, readback, sizeOf(readback)),
      decode: reply => toEng(rawOf(reply, 0, readback), settable),
      settle_ms,
    };
  }
  const writes = Object.fromEntries(settables.map(s => [s.name, writeOf(s)]));

  /** Writes and reads back; throws `readback`. */
  async function carryOut(ask: Ask, step: WatchdogStep, time_s: number): Promise<void> {
    const { multiple } = step;
    const raw = rawOfStep(step, time_s);
    if (step.do !== 'check') await ask(writeFor(unit, step, raw, multiple));
    if (step.do === 'write') return;
    const got = rawOf(await ask(askFor(unit, step, sizeOf(step))), 0, step);
    if (got === raw) return;
    throw new DeviceError(
      'readback',
      where,
      `watchdog: ${step.table} ${step.address} holds ${got}, expected ${raw}`,
    );
  }

  const held = heldSteps(watchdog?.steps ?? []);
  const readWatchdog: Table['readWatchdog'] = async ({ exchange }) => {
    const parts: WatchdogPart[] = [];
    for (const step of held) {
      const read = rawOf(await exchange(askFor(unit, step, sizeOf(step))), 0, step);
      const what = `${step.table} ${step.address}`;
      parts.push({ what, armed: rawOfStep(step, armed_s ?? Number.NaN), read });
    }
    return watchdogReading(parts);
  };

  let beats = 0;
  const heartbeat = watchdog?.heartbeat;
  const beat: ReadSpec<ModbusRequest, ModbusReply>[] =
    heartbeat === undefined
      ? []
      : [
          {
            get ask() {
              beats = (beats + 1) % heartbeat.values.length;
              return writeFor(unit, heartbeat, heartbeat.values[beats], false);
            },
            channels: [],
            isDue: () => armed_s !== undefined && isArmed,
            into() {},
          },
        ];

  return {
    writes,
    beat,
    connected() {
      isArmed = armed_s === undefined;
    },
    watchdog:
      watchdog === undefined
        ? {}
        : {
            async armWatchdog(timeout_s, { exchange }) {
              const { range_s, resolution_s, fixed_s, steps } = watchdog;
              const [low, high] = range_s ?? [fixed_s ?? 0, Number.POSITIVE_INFINITY];
              // Rounded down: a watchdog may be stricter than asked for, never laxer.
              const whole_s = fixed_s ?? Math.floor(timeout_s / resolution_s + 1e-9) * resolution_s;
              if (!(timeout_s >= low && whole_s >= low && whole_s <= high)) {
                const takes = fixed_s === undefined ? `takes ${low}..${high} s` : `has ${fixed_s} s`;
                throw new DeviceError('range', where, `watchdog of ${timeout_s} s; the instrument ${takes}`);
              }
              for (const step of steps) await carryOut(exchange, step, whole_s);
              armed_s = whole_s;
              isArmed = true;
              return Number(whole_s.toFixed(3));
            },
            ...(held.length === 0 ? {} : { readWatchdog }),
            async releaseControl({ exchange }) {
              if (armed_s === undefined) return;
              // With anything on, nothing is touched: the watchdog is then what ends it.
              for (const { name, safe, needsWatchdog } of settables) {
                if (safe === undefined || !needsWatchdog) continue;
                const { readback, decode } = writes[name];
                if (Math.abs(decode(await exchange(readback)) - safe) > 1e-6 * Math.max(1, Math.abs(safe)))
                  return;
              }
              for (const step of watchdog.disarm) await carryOut(exchange, step, armed_s);
              armed_s = undefined;
            },
          },
  };
}

/** The raw value of a step, where it is the time in this unit. */
function rawOfStep({ value }: WatchdogStep, time_s: number): number {
  return typeof value === 'number' ? value : Math.round(time_s * { s: 1, ms: 1000, '100ms': 10 }[value]);
}

/** What still stands in the registers when all steps are through: the last one that was read back at each place. */
function heldSteps(steps: readonly WatchdogStep[]): readonly WatchdogStep[] {
  const held = new Map<string, WatchdogStep>();
  for (const step of steps) {
    const place = `${step.table} ${step.address}`;
    held.delete(place);
    if (step.do !== 'write') held.set(place, step);
  }
  return [...held.values()];
}

import type { DeviceError } from '../../../drivers/contract/errors.ts';
import { type Frame, QUALITY } from '../../../drivers/contract/frame.ts';
import type { ImpedanceRequest } from '../../../drivers/contract/measure/impedance.ts';
import type { Quantity } from '../../../drivers/contract/units.ts';
import type { Fault } from './line-faults.ts';
import { type OnAWire, untilGood, wrongIn } from './on-a-wire.ts';

/** What happens to the instrument itself. */

const outcome = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: DeviceError) => error.code ?? String(error),
  );

/** The switch of the output, with what it is safe at. */
const switchOf = ({ device }: OnAWire) => device.safeList.find(([key]) => /^output(\d*)Set_on$/.test(key));

/** Arms the watchdog where there is one and switches the output on; says how it went. */
async function switchedOn(on: OnAWire, key: Quantity, watchdog_s: number): Promise<string> {
  const { device } = on;
  if (device.watchdog) await device.armWatchdog(watchdog_s);
  for (const { name, range } of device.settables) {
    const value = name === 'modeSet_count' ? 1 : /current/i.test(name) ? range[1] * 0.01 : undefined;
    if (value !== undefined) await outcome(device.write(name, value));
  }
  return outcome(device.write(key, 1));
}

/** The first channel that shows what its sensor does; -1: none. */
async function following({ device, roles, steady, bench, clock }: OnAWire): Promise<number> {
  for (const [i, { name, range }] of device.channels.entries()) {
    const usual = steady.get(roles[name]);
    if (usual === undefined) continue;
    const put = (value: number) => bench().carryOut({ do: 'force', signal: roles[name], value });
    const before = await device.read();
    await put(usual === range[1] ? range[0] : (usual + range[1]) / 2);
    await clock.sleep(0.15);
    await device.read();
    const after = await device.read();
    await put(usual);
    const isUsable = (frame: Frame): boolean => frame.quality[i] <= QUALITY.uncertain;
    if (isUsable(before) && isUsable(after) && before.values[i] !== after.values[i]) return i;
  }
  return -1;
}

const overRange: Fault = {
  name: 'NaN, over-range, open thermocouple',
  async run(on, right) {
    const { device, roles, steady } = on;
    let found = await following(on);
    const key = switchOf(on);
    // Some measure nothing behind an open relay.
    if (found < 0 && key !== undefined) {
      await switchedOn(on, key[0], 5);
      found = await following(on);
    }
    if (found < 0) return { none: 'no channel shows a sensor of the plant: it feeds a load of its own' };
    const signal = roles[device.channels[found].name];
    const notes: string[] = [];
    let ok = true;
    for (const value of [Number.NaN, 1e9]) {
      await on.bench().carryOut({ do: 'force', signal, value });
      await on.clock.sleep(0.15);
      let frame = await device.read();
      frame = await device.read();
      const isUsable = frame.quality[found] <= QUALITY.uncertain;
      // An instrument whose registers have no NaN shows 0 for it; that cannot be told on the wire.
      const isZero = Number.isNaN(value) && frame.values[found] === 0;
      ok &&= isZero || (!isUsable && Number.isNaN(frame.values[found]));
      notes.push(
        `${value}: ${isZero ? 'shown as 0: its registers have no NaN' : isUsable ? `USABLE ${frame.values[found]}` : 'bad'} (${frame.reason ?? 'no reason'})`,
      );
    }
    await on.bench().carryOut({ do: 'force', signal, value: steady.get(signal) ?? 0 });
    await device.safe();
    const back = await untilGood(on, 10, right);
    return {
      documented: 'that channel bad and NaN, never a number',
      seen: `${device.channels[found].name} ${notes.join(', ')}`,
      ok: ok && back !== undefined,
    };
  },
};

const local: Fault = {
  name: 'not remote (exception 7)',
  async run(on, right) {
    const upsets = on.bench().upsetsOf('device');
    const [safe] = on.device.safeList;
    if (upsets.local === undefined || safe === undefined)
      return { none: 'the emulated instrument has no local control that its papers tell a refusal of' };
    upsets.local(true);
    const write = await outcome(on.device.write(...safe));
    const frame = await on.device.read();
    upsets.local(false);
    // Whether it is remote is a channel of its own, and rightly another one now.
    const wrong = wrongIn(frame, right, on.device).filter(text => !text.startsWith('remote_on '));
    return {
      documented: 'writes refused as `local`, readings go on',
      seen: `write ${write}, ${wrong.length} wrong`,
      ok: write === 'local' && wrong.length === 0,
    };
  },
};

const latched: Fault = {
  name: 'latched trip that needs a clear',
  async run(on) {
    const upsets = on.bench().upsetsOf('device');
    const key = switchOf(on);
    if (upsets.trip === undefined || key === undefined)
      return { none: 'the emulated instrument has no alarm that latches' };
    const first = await switchedOn(on, key[0], 5);
    upsets.trip(true);
    await on.clock.sleep(0.1);
    const off = await on.device.readBack?.(key[0]);
    upsets.trip(false);
    const again = await outcome(on.device.write(key[0], 1));
    const still = await on.device.readBack?.(key[0]);
    await on.restart();
    return {
      documented: 'output off, and on again only after a person has cleared it: the driver never does',
      seen: `on: ${first}, then ${off}; on again: ${again}, then ${still}`,
      ok: first === 'done' && off === 0 && again !== 'done' && still === 0,
    };
  },
};

const watchdog: Fault = {
  name: 'watchdog trips on silence',
  async run(on) {
    const key = switchOf(on);
    if (on.device.watchdog !== true) return { none: 'as it is configured it has no watchdog' };
    if (key === undefined) return { none: 'it has no output that could be switched' };
    const first = await switchedOn(on, key[0], 5);
    on.device.leaveAlone(7);
    await on.clock.sleep(7.3);
    const then = await outcome(
      on.device.readBack?.(key[0]).then(value => {
        if (value !== 0) throw Object.assign(new Error(), { code: `is ${value}` });
      }) ?? Promise.resolve(),
    );
    return {
      documented: 'the instrument switches its output off by itself',
      seen: `on: ${first}; left alone: ${then === 'done' ? 'off' : then}`,
      ok: first === 'done' && then === 'done',
    };
  },
};

const restart: Fault = {
  name: 'restart with lost state',
  async run(on, right) {
    const key = switchOf(on);
    if (key !== undefined) await switchedOn(on, key[0], 5);
    await on.restart();
    await on.clock.sleep(0.1);
    const back = await untilGood(on, 25, right);
    const value = key === undefined ? undefined : await on.device.readBack?.(key[0]);
    return {
      documented: 'known again by its identity, nothing switched on that was on before',
      seen: `${back === undefined ? 'NOT BACK' : 'good again'}${key === undefined ? '' : `, output ${value}`}`,
      ok: back !== undefined && (key === undefined || value === 0),
    };
  },
};

const staleData: Fault = {
  name: 'stale data of an aborted run',
  async run(on) {
    const { device } = on;
    const ability = device.impedance;
    if (device.measure === undefined || ability === undefined)
      return { none: 'it measures no spectra or curves' };
    const control = ability.amplitudeMax_V > 0 ? 'voltage' : 'current';
    const most = control === 'voltage' ? ability.amplitudeMax_V : ability.amplitudeMax_A;
    if (device.watchdog) await device.armWatchdog(10);
    const spectrum = (from_Hz: number, to_Hz: number): ImpedanceRequest => ({
      control,
      amplitude: Math.min(most, 0.01),
      from_Hz,
      to_Hz,
      pointsPerDecade: 4,
      cycles: 2,
      dc: ability.dc.includes('open') ? 'open' : 'keep',
    });
    const stop = new AbortController();
    let rows = 0;
    const first = outcome(
      device.measure(
        spectrum(90, 9),
        () => {
          rows++;
          stop.abort();
        },
        stop.signal,
      ),
    );
    const ended = await first;
    const foreign: number[] = [];
    let own = 0;
    const second = await outcome(
      device.measure(
        spectrum(7000, 700),
        row => {
          own++;
          if (row.values[0] < 699 || row.values[0] > 7001) foreign.push(row.values[0]);
        },
        new AbortController().signal,
      ),
    );
    return {
      documented: 'rows of the aborted run never appear in the next one',
      seen: `first ${ended} after ${rows} rows, second ${second} with ${own} rows, ${foreign.length} foreign`,
      ok: ended === 'cancelled' && second === 'done' && own === 5 && foreign.length === 0,
    };
  },
};

const drift: Fault = {
  name: 'clock drift',
  async run(on) {
    const known = new Set(['device', 't_s', 'values', 'quality', 'reason']);
    const more = Object.keys(await on.device.read()).filter(key => !known.has(key));
    if (more.length === 0) return { none: 'its frames carry no time of its own: arrival counts' };
    return {
      documented: 'its own time beside that of arrival',
      seen: `not tried: ${more.join(', ')}`,
      ok: false,
    };
  },
};

/** Faults of the instrument itself. */
export const OWN_FAULTS: readonly Fault[] = [overRange, staleData, drift, local, watchdog, restart, latched];

import type { EmulatedDevice } from '../../../sim/wire-client.ts';
import { STALE_S } from '../wires/bench.ts';
import { fillDisk } from '../wires/disk.ts';
import { isOff } from '../wires/moments.ts';
import { utc_s } from '../wires/seen.ts';
import { GUARD_S, WATCHDOG_S } from './bench.ts';
import type { Done, Fault, Moment, Outcome, Stage } from './fault.ts';

/** The faults, each with what the bench declares for it. */

const AT_LOAD: readonly Moment[] = ['ramp', 'load', 'pressure'];
const ANY: readonly Moment[] = ['starting', ...AT_LOAD];

/** From the decision of whoever acts to the output off: connect, and the walk to the supply that answers late, s. */
const WALK_S = 1.5;
/** A supply that nobody speaks to: two looks of its watchdog, the time of a poll. */
const OWN_S = WATCHDOG_S + 1;
/** How long what is wrong with a line or an instrument stays, s. */
const LONG_S = 8;
const SHORT_S = 0.3;
const CLOCK_STEP_S = 3600;

function kill(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(pid, signal);
  } catch {
    // It has gone already.
  }
}

/** Everything that was started for the run: its guard, the processes beside it. */
function killAll({ controller }: Stage): void {
  const all = [controller.pid, ...controller.leftBehind()];
  for (const pid of all) kill(pid, 'SIGKILL');
}

async function killGuard({ controller, guard }: Stage): Promise<Done> {
  if (guard !== undefined) kill(guard, 'SIGKILL');
  else for (const pid of controller.leftBehind()) kill(pid, 'SIGKILL');
  return {};
}

/** The controller at pressure, and its guard while it lets the pressure off. */
async function killBothInTurn(stage: Stage): Promise<Done> {
  const { controller, guard, instruments, clock, chance } = stage;
  const from = instruments.log.length;
  kill(controller.pid, 'SIGKILL');
  const until_s = clock.now_s() + GUARD_S + WALK_S;
  while (!instruments.log.slice(from).some(isOff) && clock.now_s() < until_s) await clock.sleep(0.02);
  await clock.sleep(0.8 * chance());
  kill(guard, 'SIGKILL');
  return {};
}

function toProcess(
  name: string,
  moments: readonly Moment[],
  outcome: Outcome,
  off_s: number,
  act: (stage: Stage) => Promise<Done>,
): Fault {
  return { name, moments, outcome, off_s, act };
}

/** Something is wrong with the line of a device for a while. */
function onLine(
  name: string,
  device: EmulatedDevice,
  for_s: number,
  patch: { readonly corrupt?: boolean; readonly delay_ms?: number; readonly freeze?: boolean } | 'cut',
): Fault {
  const isOwn = device === 'supply';
  const isLong = for_s > 2 && !(patch !== 'cut' && patch.freeze === true);
  return {
    name: `${name}-${device}`,
    moments: AT_LOAD,
    outcome: isLong ? 'ends' : 'either',
    off_s: (isOwn ? OWN_S : STALE_S + WALK_S) + (isLong ? 0 : for_s),
    lost: device,
    ...(device === 'rack' || device === 'plc' ? { bench: 'whole' as const } : {}),
    async act({ instruments, clock }) {
      if (patch === 'cut') await instruments.cut(device);
      else await instruments.fault(device, patch);
      await clock.sleep(for_s);
      if (patch === 'cut') await instruments.restore(device);
      else await instruments.fault(device, { corrupt: false, freeze: false, delay_ms: isOwn ? 40 : 0 });
      return {};
    },
  };
}

/** Replies this late are beyond the driver's patience, ms. */
const TOO_LATE_MS: Readonly<Record<string, number>> = { supply: 2500, rack: 700, gas: 700, plc: 1300 };
const LINES = ['supply', 'gas', 'rack', 'plc'] as const;

export const FAULTS: readonly Fault[] = [
  toProcess('kill-controller', ANY, 'dies', GUARD_S, async ({ controller }) => {
    kill(controller.pid, 'SIGKILL');
    return {};
  }),
  toProcess('stop-controller', AT_LOAD, 'dies', GUARD_S + WALK_S, async ({ controller, clock }) => {
    kill(controller.pid, 'SIGSTOP');
    await clock.sleep(LONG_S);
    if (controller.exit() === undefined) kill(controller.pid, 'SIGCONT');
    return {};
  }),
  toProcess(
    'pause-controller',
    AT_LOAD,
    'goes on',
    GUARD_S + WALK_S,
    async ({ controller, clock, chance }) => {
      kill(controller.pid, 'SIGSTOP');
      await clock.sleep(0.2 + chance());
      kill(controller.pid, 'SIGCONT');
      return {};
    },
  ),
  toProcess('block-loop', AT_LOAD, 'dies', GUARD_S + WALK_S, async ({ controller }) => {
    kill(controller.pid, 'SIGUSR2');
    return {};
  }),
  toProcess('kill-guard', AT_LOAD, 'ends', GUARD_S, killGuard),
  toProcess('stop-guard', AT_LOAD, 'ends', GUARD_S + WALK_S, async ({ guard, clock }) => {
    kill(guard, 'SIGSTOP');
    await clock.sleep(LONG_S);
    kill(guard, 'SIGCONT');
    return {};
  }),
  {
    ...toProcess('kill-both', ANY, 'dies', OWN_S, async stage => {
      kill(stage.controller.pid, 'SIGKILL');
      return killGuard(stage);
    }),
    leavesPressure: true,
  },
  {
    ...toProcess('kill-both-and-begin', ['pressure'], 'dies', OWN_S, async stage => {
      kill(stage.controller.pid, 'SIGKILL');
      return killGuard(stage);
    }),
    leavesPressure: true,
    isGivenUp: true,
  },
  {
    ...toProcess('kill-guard-as-it-vents', ['pressure'], 'dies', OWN_S, killBothInTurn),
    leavesPressure: true,
  },
  {
    ...toProcess('reboot', ANY, 'dies', OWN_S, async stage => {
      killAll(stage);
      return {};
    }),
    leavesPressure: true,
  },
  ...LINES.flatMap(device => [
    onLine('cut', device, LONG_S, 'cut'),
    onLine('corrupt', device, LONG_S, { corrupt: true }),
    onLine('late', device, LONG_S, { delay_ms: TOO_LATE_MS[device] }),
  ]),
  ...LINES.flatMap(device => [
    onLine('cut-once', device, SHORT_S, 'cut'),
    onLine('corrupt-once', device, SHORT_S, { corrupt: true }),
    onLine('frozen', device, 3, { freeze: true }),
  ]),
  {
    ...toProcess(
      'frozen-pressure-killed',
      ['pressure'],
      'dies',
      GUARD_S,
      async ({ instruments, controller, clock }) => {
        await instruments.fault('gas', { freeze: true });
        await clock.sleep(SHORT_S);
        const at_s = utc_s(clock);
        kill(controller.pid, 'SIGKILL');
        await clock.sleep(LONG_S);
        await instruments.fault('gas', { freeze: false });
        return { at_s };
      },
    ),
    lost: 'gas',
  },
  {
    name: 'disk-full',
    moments: AT_LOAD,
    outcome: 'ends',
    off_s: 10,
    diskFull: true,
    act: async ({ out }) => ({ undo: fillDisk(out) }),
  },
  ...(['forward', 'back'] as const).map(way =>
    toProcess(`clock-${way}`, AT_LOAD, 'goes on', GUARD_S, async ({ setClock, clock }) => {
      setClock(way === 'forward' ? CLOCK_STEP_S : -CLOCK_STEP_S);
      await clock.sleep(1.5);
      return {};
    }),
  ),
  ...(['forward', 'back'] as const).map(way =>
    toProcess(`clock-${way}-killed`, AT_LOAD, 'dies', GUARD_S, async ({ setClock, clock, controller }) => {
      setClock(way === 'forward' ? CLOCK_STEP_S : -CLOCK_STEP_S);
      await clock.sleep(1.5);
      const at_s = utc_s(clock);
      kill(controller.pid, 'SIGKILL');
      return { at_s };
    }),
  ),
];

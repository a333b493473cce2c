import { realClock } from '../../../drivers/contract/clock.ts';
import { type ArbinServer, arbinServer } from '../../../sim/device/arbin/server.ts';
import type { CyclerProgram, CyclerStep } from '../../../sim/device/cycler/program.ts';
import { type CyclerDevices, cyclerDevices } from '../cycler-devices.ts';
import { fastClock, type HandClock, handClock } from '../hand-clock.ts';
import { cellRig } from '../palmsens/bench.ts';

/** An Arbin channel on a real socket, on a cell of the twin that lives by a clock of its own, and its device. */
export interface ArbinBench extends Omit<CyclerDevices, 'close'> {
  readonly arbin: ArbinServer;
  readonly hand: HandClock;
  end(): Promise<void>;
}

const step = (number: number, current_A: number, time_s: number, to: number): CyclerStep => ({
  is: 'step',
  number,
  kind: 'any',
  drive: current_A === 0 ? { is: 'rest' } : { is: 'current', current_A },
  ends: [{ of: 'time', is: 'at least', value: time_s, to }],
});
const SHORT: CyclerProgram = {
  steps: [step(1, 1, 600, 1), step(2, 0, 300, 2), step(3, -1, 600, 3), { is: 'end' }],
  record: { time_s: 10 },
  protection: { delay_s: 0 },
};

export async function arbinBench({
  rig = cellRig(),
  program = SHORT,
  live = true,
  times = 24,
} = {}): Promise<ArbinBench> {
  const real = realClock();
  const clock = fastClock(real, times);
  const hand = handClock(real);
  const arbin = arbinServer(
    { rig, clock: hand },
    {
      subject: 'cell',
      serial: '207855',
      user: 'admin',
      password: '',
      channel: 13,
      channels: 16,
      schedules: new Map<string, CyclerProgram | { readonly follows: number }>([
        ['short.sdx', program],
        ['live.sdx', { follows: 52 }],
      ]),
    },
  );
  await arbin.start();
  const { close, ...devices } = cyclerDevices(
    'arbin/cti',
    {
      host: '127.0.0.1',
      port: arbin.port,
      channel: 14,
      serial: '207855',
      currentMax_A: 10,
      voltageMax_V: 5,
      ...(live ? { live: { schedule: 'live.sdx' } } : {}),
    },
    clock,
  );
  return {
    arbin,
    hand,
    ...devices,
    async end() {
      await close();
      await arbin.end();
    },
  };
}

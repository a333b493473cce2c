import { z } from 'zod';
import { arbinServer } from '../device/arbin/server.ts';
import type { CyclerProgram } from '../device/cycler/program.ts';
import { type EmulatorEntry, HOST, onlyOne, withAddress } from './entry.ts';

const options = z.object({
  channel: z.number().int().min(1).max(4096),
  serial: z.string().min(1).max(16).default('EMULATOR-1'),
  user: z.string().default('admin'),
  passwordEnv: z.string().default('ARBIN_PASSWORD'),
  currentMax_A: z.number().positive(),
  voltageMax_V: z.number().positive(),
  live: z.object({ schedule: z.string(), variable: z.number().int().default(1) }).optional(),
});
const CHANNELS = 16;

/** A cycle between 3.0 and 4.1 V at a tenth of the range, as a schedule of the lab's would be. */
function cycle(currentMax_A: number): CyclerProgram {
  const current_A = currentMax_A / 10;
  const to = (number: number, current: number, is: 'at least' | 'at most', value: number, next: number) =>
    ({
      is: 'step',
      number,
      kind: current > 0 ? 'charge' : 'discharge',
      drive: { is: 'current', current_A: current },
      ends: [{ of: 'voltage', is, value, to: next }],
    }) as const;
  return {
    steps: [to(1, current_A, 'at least', 4.1, 1), to(2, -current_A, 'at most', 3, 2), { is: 'end' }],
    record: { time_s: 60 },
    protection: { voltageMax_V: 4.3, voltageMin_V: 2, delay_s: 2 },
  };
}

/** One channel of an Arbin cycler, with a schedule of its own and, where the bench says one, a schedule that reads a meta variable. */
export const arbin: EmulatorEntry<z.output<typeof options>> = {
  options,
  standsOn: 'cell',
  sample: () => ({ channel: 14, serial: 'EMULATOR-1', currentMax_A: 10, voltageMax_V: 5 }),
  open(devices, site) {
    const { channel, serial, user, passwordEnv, currentMax_A, live } = onlyOne(devices).options;
    const follows = live && { follows: live.variable <= 4 ? 51 + live.variable : 100 + live.variable };
    const emulator = arbinServer(site, {
      subject: 'cell',
      serial,
      user,
      password: process.env[passwordEnv] ?? '',
      channel: channel - 1,
      channels: Math.max(CHANNELS, channel),
      schedules: new Map<string, CyclerProgram | { readonly follows: number }>([
        ['cycle.sdx', cycle(currentMax_A)],
        ...(live && follows ? ([[live.schedule, follows]] as const) : []),
      ]),
      port: site.port,
      timeFactor: site.timeFactor,
      onOutputOff: site.onOutputOff,
    });
    return withAddress(emulator, () => ({ host: HOST, port: emulator.port }));
  },
};

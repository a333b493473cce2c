import {
  cut,
  force,
  frozen,
  GOES_ON_S,
  late,
  missing,
  nothing,
  STOP_S,
  second,
  signals,
  silent,
  TOO_HIGH_V,
  TRIP_S,
} from './acts.ts';
import { fillDisk } from './disk.ts';
import type { Kind } from './kind.ts';
import { ALL, AT_LOAD, RUNNING } from './moments.ts';

/** The endings, in the order in which they are tried. */

export const KINDS: readonly Kind[] = [
  signals('sigint', ALL, { codes: [3], within_s: STOP_S, says: /Ctrl-C|SIGINT/i }, ['SIGINT']),
  signals('sigint-twice', ALL, { codes: [3, 4], within_s: STOP_S, says: /Ctrl-C|SIGINT/i }, [
    'SIGINT',
    'SIGINT',
  ]),
  signals(
    'sigint-five',
    ALL,
    { codes: [3, 4], within_s: STOP_S, says: /Ctrl-C|SIGINT/i },
    Array(5).fill('SIGINT'),
  ),
  signals('sigterm', ALL, { codes: [3], within_s: STOP_S, says: /SIGTERM|terminat/i, saysNot: /Ctrl-C/ }, [
    'SIGTERM',
  ]),
  signals('sighup', ALL, { codes: [3], within_s: STOP_S, says: /SIGHUP|hang|terminal/i, saysNot: /Ctrl-C/ }, [
    'SIGHUP',
  ]),
  signals('sigkill', RUNNING, { codes: [], within_s: 5, dies: true }, ['SIGKILL']),
  {
    name: 'stdout-closed',
    moments: [...RUNNING, 'concluding'],
    expect: { codes: [0], within_s: GOES_ON_S },
    async act({ controller }) {
      controller.child.stdout?.destroy();
      return nothing;
    },
  },
  {
    name: 'stdin-closed',
    moments: RUNNING,
    expect: { codes: [0], within_s: GOES_ON_S },
    async act({ controller }) {
      controller.child.stdin?.destroy();
      return nothing;
    },
  },
  frozen('frozen-2s', 2, { codes: [0], within_s: GOES_ON_S }),
  // Its guard does not wait so long.
  frozen('frozen-10s', 10, { codes: [], within_s: 5, dies: true }),
  {
    name: 'disk-full',
    moments: [...AT_LOAD, 'vent'],
    ownDisk: true,
    expect: {
      codes: [4, 5],
      within_s: TRIP_S,
      diskFull: true,
      says: /disk|full|space|record/i,
      saysNot: /rollback/i,
    },
    act: async ({ out }) => ({ undo: fillDisk(out) }),
  },
  ...(['supply', 'rack', 'gas', 'plc'] as const).flatMap(device => [
    cut(device, 1.2),
    cut(device, 4),
    cut(device, Number.POSITIVE_INFINITY),
    silent(device),
  ]),
  late('supply', 0.15),
  late('plc', 0.15),
  late('rack', Number.POSITIVE_INFINITY),
  late('plc', Number.POSITIVE_INFINITY),
  second('second-controller', files => files.bench),
  second('second-on-tcp', files => files.tcpBench),
  { ...signals('port-taken', AT_LOAD, { codes: [3], within_s: STOP_S }, ['SIGINT']), page: 'port-taken' },
  { ...missing('page-missing', /page/i, async () => {}), page: 'missing' },
  missing('no-supply', /supply \(.*: nobody answers there/, instruments => instruments.cut('supply')),
  missing('no-rack', /rack \(.*: no such file/, instruments => instruments.cut('rack')),
  missing('no-plc', /plc \(.*: nobody answers there/, instruments => instruments.cut('plc')),
  missing('silent-at-start', /supply \(.*: no answer within/, instruments =>
    instruments.fault('supply', { silence: true }),
  ),
  {
    name: 'trip',
    moments: [...AT_LOAD, 'vent'],
    expect: { codes: [4], within_s: TRIP_S, says: /stack-voltage-high/ },
    async act(stage) {
      await force(stage, 'stack.voltage_V', TOO_HIGH_V);
      return nothing;
    },
  },
  {
    name: 'trip-while-stopping',
    moments: AT_LOAD,
    expect: { codes: [3, 4], within_s: TRIP_S, says: /stack-voltage-high|Ctrl-C|SIGINT/ },
    async act(stage) {
      process.kill(stage.controller.pid, 'SIGINT');
      await stage.clock.sleep(2.5 * stage.chance());
      await force(stage, 'stack.voltage_V', TOO_HIGH_V);
      return nothing;
    },
  },
];

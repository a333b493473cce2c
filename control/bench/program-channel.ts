import type { DeviceDescription, SettableSpec } from '../../drivers/contract/device.ts';
import { FileError } from '../../drivers/contract/file-error.ts';
import type { ProgramAbility } from '../../drivers/contract/program/program.ts';
import type { Bench } from './bench.ts';
import type { LoadedBench } from './bench-file.ts';

/** A channel of a cycler that runs the method as a program of its own (`runs: program`). */

/** Which device it is, and what it can; undefined: the bench has none. */
export interface ProgramChannel {
  readonly device: string;
  readonly ability: ProgramAbility;
}

/** @throws FileError where the device runs no programs that a method can be turned into */
function programChannelOf({ bench, descriptions, path, lineOf }: LoadedBench): ProgramChannel | undefined {
  const found = Object.entries(bench.devices).filter(([, { runs }]) => runs === 'program');
  if (found.length === 0) return undefined;
  const [[device], another] = found;
  const wrong = (text: string, id = device): FileError =>
    new FileError(path, lineOf(['devices', id, 'runs']), `devices.${id}.runs: ${text}`);
  if (another !== undefined)
    throw wrong(`expected one device that runs programs, ${device} does`, another[0]);
  if (bench.cell === undefined) throw wrong('programs are for cells, expected `cell`');
  const ability = descriptions.get(device)?.programs;
  if (ability === undefined)
    throw wrong(`${bench.devices[device].driver} runs no programs, expected no runs`);
  if (ability.format === 'own' || !ability.takesFiles)
    throw wrong(
      'takes no files, expected a driver and options with which a method can be handed over (stepFolder)',
    );
  if (!ability.givesRows)
    throw wrong(
      'its line gives no rows, by which the steps of a method are told: expected a driver that does',
    );
  return { device, ability };
}

/** A bench as methods see it. */
export interface BenchOfMethods {
  /** As its file has it. */
  readonly own: LoadedBench;
  /** The cycler's channel that runs methods by itself; undefined: the bench drives its output. */
  readonly channel: ProgramChannel | undefined;
  /** With an output that methods can drive. */
  readonly loaded: LoadedBench;
}

/** @throws FileError where the device that is to run methods cannot */
export function benchOfMethods(own: LoadedBench): BenchOfMethods {
  const channel = programChannelOf(own);
  return { own, channel, loaded: channel === undefined ? own : withLiveOutput(own, channel) };
}

/** Modes of the twin's channel. */
const MODES = { rest: 0, cc: 1, cv: 2 } as const;

/**
 * The same bench with an output that methods can drive, within what its cell is rated for: on it a method is checked and
 * rehearsed as it stands, on the twin. What only the instrument knows (numbers of steps, its state) the twin has not.
 */
function withLiveOutput(loaded: LoadedBench, { device, ability: { drives } }: ProgramChannel): LoadedBench {
  const { bench } = loaded;
  const { cell } = bench;
  const own = loaded.descriptions.get(device);
  if (cell === undefined || own === undefined) return loaded;
  const { currentMax_A, voltageMin_V, voltageMax_V } = cell;
  const range = (channel: 'voltage_V' | 'current_A'): readonly [number, number] =>
    drives?.[channel] ?? own.channels.find(({ name }) => name === channel)?.range ?? [-Infinity, Infinity];
  const settables: readonly SettableSpec[] = [
    { name: 'modeSet_count', range: [0, 2], tolerance: 0 },
    { name: 'currentSet_A', range: range('current_A'), tolerance: 1e-6 },
    { name: 'voltageSet_V', range: range('voltage_V'), tolerance: 1e-6 },
    { name: 'voltageMaxSet_V', range: range('voltage_V'), tolerance: 1e-6 },
    { name: 'voltageMinSet_V', range: range('voltage_V'), tolerance: 1e-6 },
  ];
  // The nearer of what the cell may and the channel can.
  const within = (
    channel: 'voltage_V' | 'current_A',
    min: number,
    max: number,
  ): { min: number; max: number } => {
    const [low, high] = range(channel);
    return { min: Math.max(min, low), max: Math.min(max, high) };
  };
  const voltage = within('voltage_V', voltageMin_V, voltageMax_V);
  const targets = new Set(Object.values(bench.roles));
  const description: DeviceDescription = {
    ...own,
    channels: own.channels.filter(({ name }) => targets.has(`${device}.${name}`)),
    settables: [
      ...own.settables,
      ...settables.filter(s => !own.settables.some(({ name }) => name === s.name)),
    ],
  };
  return {
    ...loaded,
    descriptions: new Map([...loaded.descriptions, [device, description]]),
    bench: {
      ...bench,
      output: { modes: MODES },
      roles: {
        ...bench.roles,
        ...Object.fromEntries(settables.map(({ name }) => [`cell.${name}`, `${device}.${name}`])),
      },
      limits: {
        ...bench.limits,
        'cell.modeSet_count': { min: 0, max: 2 },
        'cell.currentSet_A': within('current_A', -currentMax_A, currentMax_A),
        'cell.voltageSet_V': voltage,
        'cell.voltageMaxSet_V': voltage,
        // A little below, so that a discharge ends at its own voltage first.
        'cell.voltageMinSet_V': within('voltage_V', voltageMin_V - 0.05, voltageMax_V),
      } as Bench['limits'],
    },
  };
}

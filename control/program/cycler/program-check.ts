import { FileError } from '../../../drivers/contract/file-error.ts';
import type { OnCycler } from './on-cycler.ts';

/** What stands before the first run of a method on a cycler: what would be loaded, and every limit beside the others. */
export interface ProgramCheck {
  readonly device: string;
  readonly format: string;
  readonly bytes: number;
  readonly steps: number;
  readonly differences: readonly string[];
  readonly limits: readonly LimitRow[];
  readonly findings: readonly { readonly level: 'stop' | 'look'; readonly text: string }[];
}

/** One side of one quantity; null: nobody says it. */
export interface LimitRow {
  readonly limit: string;
  readonly unit: string;
  /** So far go the steps of the method. */
  readonly method: number | null;
  /** There the program ends by itself: limits of the method that go along. */
  readonly program: number | null;
  /** By the sheet of the cell. */
  readonly cell: number | null;
  /** The channel drives no further. */
  readonly channel: number | null;
}

/** @throws Error on a bench without a cell, which runs no programs */
export function checkProgram(of: OnCycler): ProgramCheck {
  const { channel, bench, text, differences, steps, reach, limits } = of;
  const { cell } = bench.bench;
  if (cell === undefined) throw new Error('programs are for cells');
  const { drives } = channel.ability;
  const row = (
    limit: string,
    unit: string,
    rest: Record<'method' | 'program' | 'cell' | 'channel', number | undefined>,
  ): LimitRow => ({
    limit,
    unit,
    method: rest.method ?? null,
    program: rest.program ?? null,
    cell: rest.cell ?? null,
    channel: rest.channel ?? null,
  });
  const rows = [
    row('highest voltage', 'V', {
      method: reach.voltageMax_V,
      program: limits?.voltageMax_V,
      cell: cell.voltageMax_V,
      channel: drives?.voltage_V[1],
    }),
    row('lowest voltage', 'V', {
      method: reach.voltageMin_V,
      program: limits?.voltageMin_V,
      cell: cell.voltageMin_V,
      channel: drives?.voltage_V[0],
    }),
    row('highest current', 'A', {
      method: reach.currentMax_A,
      program: limits?.currentMax_A,
      cell: cell.currentMax_A,
      channel: drives?.current_A[1],
    }),
    row('lowest current', 'A', {
      method: reach.currentMin_A,
      program: limits?.currentMin_A,
      cell: -cell.currentMax_A,
      channel: drives?.current_A[0],
    }),
  ];
  return {
    device: channel.device,
    format: channel.ability.format,
    bytes: Buffer.byteLength(text),
    steps,
    differences: differences.map(({ where, what }) => `${where}: ${what}`),
    limits: rows,
    findings: [
      ...rows.flatMap(one => beyond(one)),
      ...(differences.length === 0
        ? []
        : [
            {
              level: 'look' as const,
              text: `the program says ${differences.length} things otherwise than the method: a run takes them with --accept only`,
            },
          ]),
    ],
  };
}

function beyond({ limit, unit, method, program, cell, channel }: LimitRow): ProgramCheck['findings'] {
  const isHighest = limit.startsWith('highest');
  const isBeyond = (value: number, bound: number): boolean => (isHighest ? value > bound : value < bound);
  const said = `${limit} of the method`;
  if (method !== null && channel !== null && isBeyond(method, channel))
    return [
      {
        level: 'stop',
        text: `${said}: ${method} ${unit}, the channel drives no further than ${channel} ${unit}`,
      },
    ];
  if (program === null)
    return [
      {
        level: 'look',
        text: `${limit}: the method says no limit (limits:), so that only the channel's own protection ends its program when cellbench or the line is gone`,
      },
    ];
  return cell !== null &&
    isBeyond(program, cell * (1 + (isHighest === cell > 0 ? BESIDE_FRAC : -BESIDE_FRAC)))
    ? [
        {
          level: 'look',
          text: `${limit}: the program ends by itself at ${program} ${unit} only, the sheet of the cell says ${cell} ${unit}`,
        },
      ]
    : [];
}

/** A protection stands a little beyond what the cell is rated for, so that a step ends at its own end first. */
const BESIDE_FRAC = 0.05;

/** What the compile refuses, as a finding; what else goes wrong is thrown on. */
export function refusalOf(error: unknown): string {
  if (error instanceof FileError) return error.message;
  throw error;
}

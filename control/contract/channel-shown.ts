import type { Reaction } from '../../profiles/steps/recovery.ts';
import type { RunState } from './run-state.ts';

/** What a cell is having done to it: charged, discharged, left alone, held at a voltage. */
export type CellWork = 'charge' | 'discharge' | 'rest' | 'hold voltage';

/** The round that the outermost loop of a method is in, from 1, and how many there are at most (null: as many as it takes). */
export interface Round {
  readonly at: number;
  readonly of: number | null;
}

/** What is measured of a cell on its channel; null: no reading that may be used, or nothing reads it. */
export interface CellShown {
  readonly work: CellWork | null;
  readonly voltage_V: number | null;
  readonly current_A: number | null;
  readonly temperature_degC: number | null;
  /** State of charge, where the method keeps it (`cell.soc_pct`). */
  readonly charge_pct: number | null;
}

/** One channel of a bench in a few words, for a picture of all of them. */
export interface ChannelShown extends CellShown {
  readonly state: RunState;
  readonly step: string;
  readonly round: Round | null;
  /** The worst alarm that nobody has acknowledged, or that stands; null: there is none. Shelved ones do not count. */
  readonly alarm: {
    readonly id: string;
    readonly reaction: Reaction;
    readonly text: string;
    readonly open: number;
  } | null;
  /** False: readings are over. */
  readonly isLive: boolean;
}

import type { Clock } from '../contract/clock.ts';
import type {
  Program,
  ProgramAbility,
  ProgramNow,
  ProgramRow,
  ProgramTicket,
} from '../contract/program/program.ts';
import type { Exchange } from '../device-table.ts';

/** What the specification of a cycler may use. */
export interface ProgramHelp<Req, Rep> {
  readonly clock: Clock;
  /** A question; a lost answer is asked for again. */
  readonly ask: Exchange<Req, Rep>;
  /** An order that leaves once and never again, whatever becomes of its answer. */
  readonly order: Exchange<Req, Rep>;
}

/** How a cycler is told to run programs: what differs from maker to maker. */
export interface ProgramSpec<Req, Rep> {
  readonly ability: ProgramAbility;
  /** Puts the program where the instrument reads it; rejects where it cannot be proved to be there. */
  load(program: Program, help: ProgramHelp<Req, Rep>): Promise<void>;
  look(help: ProgramHelp<Req, Rep>): Promise<ProgramNow>;
  /** Told of a ticket before it is looked for: where the instrument does not say what a test is called. */
  knows?(ticket: ProgramTicket): void;
  /** Sends the order to start what was loaded, once. */
  start(label: string, help: ProgramHelp<Req, Rep>): Promise<void>;
  /** Rows of a test from a number on, at most as many as the instrument gives at a time; empty: none yet. */
  rows?(test: string, from: number, help: ProgramHelp<Req, Rep>): Promise<readonly ProgramRow[]>;
  /** Rows that the instrument has of a test that is not the newest one; undefined: it has no such test. */
  countOf?(test: string, help: ProgramHelp<Req, Rep>): Promise<number | undefined>;
  /** After an order the channel shows it within, s. */
  readonly shows_s: number;
}

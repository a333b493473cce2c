import type { Clock } from '../contract/clock.ts';
import type { SafeReport } from '../contract/device.ts';
import { DeviceError, messageOf } from '../contract/errors.ts';
import {
  isHeld,
  type ProgramNow,
  type ProgramRow,
  type ProgramRunner,
  type ProgramTicket,
} from '../contract/program/program.ts';
import type { Line } from '../contract/transport.ts';
import type { DeviceTable } from '../device-table.ts';
import { ORDER_WAIT_s } from '../transport/line/orders.ts';
import type { ProgramHelp } from './spec.ts';

/** What running programs needs to know of its device. */
export interface RunnerHelp<Req, Rep> {
  readonly clock: Clock;
  /** The line, while it is ready. */
  line(): Line<Req, Rep> | undefined;
  /** Why it is not. */
  reason(): string;
  /** How often something has overtaken what was asked for: the safe state, a shut gate. */
  overtakes(): number;
  /** The device's own safe list, urgent: ends the program, proved. */
  end(): Promise<SafeReport>;
}

/** The channel is looked at so often until it shows what it was told, s. */
const LOOK_s = 0.1;
/** Rows that are missing between others are asked for so often again, each time so long after, s. */
const GAP_TRIES = 2;
const GAP_s = 0.5;
/** After these an answer is missing, and what was ordered may have been done. */
const UNSURE: readonly string[] = ['closed', 'timeout', 'garbled'];

/** An order that has left. */
interface Ordered {
  /** Resolves when it is answered, or given up. */
  readonly over: Promise<void>;
  readonly isOver: boolean;
  /** What the instrument says against it: nothing was done. */
  readonly refused: unknown;
  /** Why there is no answer: it may have been done. */
  readonly unsure: unknown;
}

function ordered(answer: Promise<void>): Ordered {
  const order: { -readonly [key in keyof Ordered]: Ordered[key] } = {
    over: answer.then(
      () => {
        order.isOver = true;
      },
      (error: unknown) => {
        order.isOver = true;
        const isUnsure = error instanceof DeviceError && UNSURE.includes(error.code);
        order[isUnsure ? 'unsure' : 'refused'] = error;
      },
    ),
    isOver: false,
    refused: undefined,
    unsure: undefined,
  };
  return order;
}

/** `program` of a device whose table says how it runs programs; undefined where it does not. */
export function deviceProgram<Req, Rep>(
  id: string,
  { program: spec }: DeviceTable<Req, Rep>,
  device: RunnerHelp<Req, Rep>,
): ProgramRunner | undefined {
  if (spec === undefined) return undefined;
  const { clock } = device;
  const { ability } = spec;
  let loaded = '';
  let working: Promise<unknown> = Promise.resolve();

  function readyLine(): Line<Req, Rep> {
    const line = device.line();
    if (line === undefined) throw new DeviceError('closed', id, device.reason());
    return line;
  }

  function helpFor(asked: number): ProgramHelp<Req, Rep> {
    return {
      clock,
      ask: async request => readyLine().exchange(request),
      async order(request) {
        if (asked !== device.overtakes())
          throw new DeviceError('cancelled', id, 'overtaken by the safe state; nothing was sent');
        return readyLine().exchange(request, 'normal', 'once');
      },
    };
  }

  /** One after the other, so that a look never stands between an order and its proof. */
  function inTurn<T>(work: (help: ProgramHelp<Req, Rep>) => Promise<T>): Promise<T> {
    const help = helpFor(device.overtakes());
    const result = working.then(() => work(help));
    working = result.catch(() => {});
    return result;
  }

  /**
   * Looks until it shows what is wanted, the order was refused, or it is answered (or given up) and its time is over; the last
   * it said, undefined if nothing was heard.
   */
  async function until(
    help: ProgramHelp<Req, Rep>,
    isWanted: (now: ProgramNow) => boolean,
    order: Ordered,
  ): Promise<ProgramNow | undefined> {
    const over_s = clock.now_s() + (spec?.shows_s ?? 0);
    for (let last: ProgramNow | undefined; ; await clock.sleep(LOOK_s)) {
      const isRefused = order.refused !== undefined;
      last = (await spec?.look(help).catch((): undefined => undefined)) ?? last;
      if (isRefused || (last !== undefined && isWanted(last))) return last;
      if (order.isOver && clock.now_s() >= over_s) return last;
    }
  }

  const refused = (text: string): DeviceError => new DeviceError('refused', id, text);

  async function start(label: string, help: ProgramHelp<Req, Rep>): Promise<ProgramTicket> {
    if (spec === undefined || loaded === '') throw refused('nothing has been loaded; nothing was sent');
    const before = await spec.look(help);
    if (isHeld(before.state))
      throw refused(`the channel is ${before.said} with "${before.label}"; nothing was sent`);
    if (before.label === label)
      throw refused(`the newest test of the channel is called "${label}" already; nothing was sent`);
    const order = ordered(spec.start(label, help));
    // The channel is asked what became of it as soon as the answer is late, not only when it is given up.
    await Promise.race([order.over, clock.sleep(ORDER_WAIT_s)]);
    if (order.refused !== undefined) throw order.refused;
    const isOurs = (now: ProgramNow): boolean => now.label === label && now.test !== before.test;
    const now = await until(help, isOurs, order);
    if (now !== undefined && isOurs(now)) return { label, test: now.test, records: 0 };
    if (order.refused !== undefined) throw order.refused;
    const seen = now === undefined ? 'it does not answer' : `it is ${now.said} with "${now.label}"`;
    const sent = order.unsure === undefined ? 'was taken' : `got no answer (${messageOf(order.unsure)})`;
    throw new DeviceError(
      'timeout',
      id,
      `the order to start ${loaded} ${sent} and the channel does not show it: ${seen}. Whether it begins is not known`,
    );
  }

  /** Rows that the instrument has of this test. @throws DeviceError `refused` where it has none */
  async function countOf(test: string, help: ProgramHelp<Req, Rep>): Promise<number> {
    const now = await spec?.look(help);
    const count = now?.test === test ? now.records : await spec?.countOf?.(test, help);
    if (count === undefined) throw refused(`has no test "${test}"`);
    return count;
  }

  async function download(
    ticket: ProgramTicket,
    hear: (row: ProgramRow) => void,
    lacks: ((from: number, to: number) => void) | undefined,
    help: ProgramHelp<Req, Rep>,
  ): Promise<ProgramTicket> {
    if (spec?.rows === undefined)
      throw new DeviceError('config', id, 'gives no rows over its line; they are in its own files');
    if (ticket.test === '')
      throw new DeviceError('config', id, `which test "${ticket.label}" is, is not known: reconcile first`);
    const count = await countOf(ticket.test, help);
    let { records } = ticket;
    if (count < records)
      throw new DeviceError('garbled', id, `has ${count} rows, ${records} have been read already`);
    let tries = 0;
    while (records < count) {
      const rows = await spec.rows(ticket.test, records + 1, help);
      if (rows.length === 0) break;
      for (const row of rows) {
        if (row.record !== records + 1) {
          const isGap = row.record > records + 1 && row.record <= count;
          if (!isGap || lacks === undefined)
            throw new DeviceError('garbled', id, `row ${row.record} in place of ${records + 1}`);
          if (tries < GAP_TRIES) break;
          lacks(records + 1, row.record - 1);
        }
        tries = 0;
        records = row.record;
        hear(row);
      }
      if (records >= rows[rows.length - 1].record) continue;
      tries++;
      await clock.sleep(GAP_s);
    }
    return { ...ticket, records };
  }

  return {
    ability,
    load: program =>
      inTurn(async help => {
        if ('text' in program && !ability.takesFiles)
          throw new DeviceError('config', id, 'takes no files: put the program there and name it');
        loaded = '';
        await spec.load(program, help);
        loaded = program.name;
      }),
    async start(label) {
      if (!ability.label.test(label))
        throw new DeviceError('range', id, `label "${label}", expected ${ability.label}; nothing was sent`);
      return inTurn(help => start(label, help));
    },
    watch: () => inTurn(help => spec.look(help)),
    download: (ticket, hear, lacks) => inTurn(help => download(ticket, hear, lacks, help)),
    reconcile: ticket =>
      inTurn(async help => {
        spec.knows?.(ticket);
        const now = await spec.look(help);
        const isSame = ticket.test === '' || ticket.test === now.test;
        if (now.label === ticket.label && isSame)
          return { is: 'ours', ticket: { ...ticket, test: now.test }, now };
        const count = ticket.test === '' ? undefined : await spec.countOf?.(ticket.test, help);
        return count === undefined ? { is: 'missing', now } : { is: 'followed', ticket, now };
      }),
    async abort(ticket) {
      const help = helpFor(device.overtakes());
      if (ticket !== undefined) {
        spec.knows?.(ticket);
        const { label, test, said } = await spec.look(help);
        if (label !== ticket.label || (ticket.test !== '' && test !== ticket.test))
          throw refused(`is ${said} with "${label}", expected "${ticket.label}"; nothing was ended`);
      }
      const { failed } = await device.end();
      if (failed.length > 0)
        throw new DeviceError('readback', id, `not ended: ${failed.map(f => f.reason).join('; ')}`);
      const now = await spec.look(help);
      if (isHeld(now.state)) throw new DeviceError('readback', id, `not ended: it is ${now.said}`);
      return now;
    },
  };
}

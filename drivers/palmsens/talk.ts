import type { Cancel, Clock } from '../contract/clock.ts';
import { DeviceError } from '../contract/errors.ts';
import { type TextAddress, textWire } from '../transport/text/wire.ts';

/** No line of the instrument is longer, characters; what goes on without an end is no line of text. */
const LONGEST_LINE = 1024;

/** So many waits in a row in which no byte came: there is nobody on the wire any more. */
const SILENT_MAX = 3;

/** Lines to and from an instrument that also speaks unasked: its scripts send as they run. */
export interface Talk {
  readonly where: string;
  open(): Promise<void>;
  close(): Promise<void>;
  /** Sends lines; each gets its LF. */
  say(lines: readonly string[]): void;
  /** Waits until `look`, asked after each line that comes, has found something; rejects with `timeout` after `limit_s`. */
  until<T>(what: string, limit_s: number, look: () => T | undefined): Promise<T>;
}

/** Who hears of it: each line without its end, empty ones too; and the end of the wire. */
export interface TalkEars {
  line(text: string): void;
  lost(reason: DeviceError): void;
}

interface Waiter {
  look(): boolean;
  fail(reason: DeviceError): void;
}

/** A closed wire to an instrument at the address. */
export function openTalk(address: TextAddress, clock: Clock, ears: TalkEars): Talk {
  const waiters = new Set<Waiter>();
  let received = '';
  let ended: DeviceError | undefined;
  /** Bytes heard so far, and waits in a row that heard none. */
  let [heard, silent] = [0, 0];

  /** A wait is over; one who never spoke is not known to be there, so connecting says so by itself. */
  function waited(since: number): void {
    if (heard > since || heard === 0) return;
    silent++;
    if (silent >= SILENT_MAX)
      finish(new DeviceError('closed', wire.where, `${silent} questions in a row without an answer`));
  }

  function finish(reason: DeviceError): void {
    if (ended !== undefined) return;
    ended = reason;
    for (const waiter of waiters) waiter.fail(reason);
    waiters.clear();
    ears.lost(reason);
  }

  const wire = textWire(address, clock, {
    lost: finish,
    received(text) {
      heard += text.length;
      silent = 0;
      // XON and XOFF of an EmStat Pico are no part of a line.
      received += text.replaceAll('\x11', '').replaceAll('\x13', '').replaceAll('\r', '');
      for (let at = received.indexOf('\n'); at >= 0; at = received.indexOf('\n')) {
        const line = received.slice(0, at);
        received = received.slice(at + 1);
        ears.line(line);
        for (const waiter of [...waiters]) if (waiter.look()) waiters.delete(waiter);
      }
      if (received.length > LONGEST_LINE)
        finish(
          new DeviceError('closed', wire.where, 'sends without an end of line: this is no line of text'),
        );
    },
  });

  return {
    where: wire.where,
    open: () => wire.open(),
    close() {
      finish(new DeviceError('closed', wire.where, 'closed by us'));
      return wire.close();
    },
    say(lines) {
      if (ended === undefined) wire.write(`${lines.join('\n')}\n`);
    },
    until: (what, limit_s, look) =>
      new Promise((resolve, reject) => {
        if (ended !== undefined) return reject(ended);
        let cancel: Cancel = () => {};
        const waiter: Waiter = {
          look() {
            try {
              const found = look();
              if (found === undefined) return false;
              resolve(found);
            } catch (error) {
              reject(error);
            }
            cancel();
            return true;
          },
          fail(reason) {
            cancel();
            reject(reason);
          },
        };
        if (waiter.look()) return;
        const before = heard;
        waiters.add(waiter);
        cancel = clock.schedule(limit_s, () =>
          // The line may lie in the buffer: one turn of grace lets it in.
          clock.nextTurn(() => {
            if (!waiters.delete(waiter)) return;
            reject(new DeviceError('timeout', wire.where, `${what}: nothing within ${limit_s} s`));
            waited(before);
          }),
        );
      }),
  };
}

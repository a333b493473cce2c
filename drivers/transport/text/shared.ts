import type { Clock } from '../../contract/clock.ts';
import { DeviceError } from '../../contract/errors.ts';
import type { Lane, Link } from '../../contract/transport.ts';

/** What all devices of one bench that stand at one address have in common. */
export interface SharedAddress {
  /** So many devices of the bench are there. */
  readonly devices: number;
  /** A link of its own for each of them, all on one wire: `make` makes that wire's when nobody has it open. */
  link<Req, Rep>(
    make: () => Link<Req, Rep>,
    of: {
      readonly clock: Clock;
      readonly reply_ms: number;
      /** They are instruments of their own: one that is silent says nothing of the wire. */
      readonly areUnits?: boolean;
    },
  ): Link<Req, Rep>;
  /**
   * Of a device that is about to give the instrument back: whether its output is off. True for the last one of all, if
   * every output was off: only then is what belongs to the whole instrument given back.
   */
  mayRelease(isOff: boolean): boolean;
}

/** An exchange that waits for the wire. */
interface Waiting {
  readonly lane: Lane | 'probe';
  start(): void;
}

/** The one wire, and who is on it. */
interface Wire {
  readonly link: Link<unknown, unknown>;
  readonly opened: Promise<void>;
  readonly members: Set<Member>;
  /** The last exchange got no answer in its time. */
  isSilent: boolean;
}
interface Member {
  lost(reason: DeviceError): void;
  stray(isRepeat?: boolean): void;
}

/**
 * Several devices at one address (outputs of one supply): one wire, one exchange at a time. An urgent one goes before all
 * that wait. An exchange whose answer does not come lets the next one in after `reply_ms`; what the late answer belongs to
 * is the link's business. Where the wire is lost, all lose it; who closes leaves it to the others, but not a silent one.
 */
export function sharedAddress(devices: number): SharedAddress {
  let wire: Wire | undefined;
  let isBusy = false;
  const waiting: Waiting[] = [];
  let released = 0;
  let areOff = true;

  function pump(): void {
    if (isBusy || waiting.length === 0) return;
    const urgent = waiting.findIndex(one => one.lane === 'urgent');
    const [next] = waiting.splice(Math.max(0, urgent), 1);
    isBusy = true;
    next.start();
  }

  function done(): void {
    isBusy = false;
    pump();
  }

  function onWire<Req, Rep>(make: () => Link<Req, Rep>): Wire {
    if (wire !== undefined) return wire;
    const link = make() as Link<unknown, unknown>;
    const members = new Set<Member>();
    const opened = link.open();
    const made: Wire = { link, opened, members, isSilent: false };
    const forget = (): void => {
      if (wire === made) wire = undefined;
    };
    link.onLost(reason => {
      forget();
      for (const member of members) member.lost(reason);
    });
    link.onStray?.(isRepeat => {
      if (!isBusy || isRepeat) for (const member of members) member.stray(isRepeat);
    });
    opened.catch(forget);
    wire = made;
    return made;
  }

  return {
    devices,
    mayRelease(isOff) {
      released++;
      areOff &&= isOff;
      const isLast = released === devices;
      const may = isLast && areOff;
      if (isLast) {
        released = 0;
        areOff = true;
      }
      return may;
    },
    link<Req, Rep>(
      make: () => Link<Req, Rep>,
      {
        clock,
        reply_ms,
        areUnits = false,
      }: { readonly clock: Clock; readonly reply_ms: number; readonly areUnits?: boolean },
    ): Link<Req, Rep> {
      const { where, namesReplies, isSerial = false } = make();
      let own: Wire | undefined;
      let ended: DeviceError | undefined;
      let lost: (reason: DeviceError) => void = () => {};
      let stray: (isRepeat?: boolean) => void = () => {};
      const member: Member = {
        lost(reason) {
          if (ended !== undefined) return;
          ended = reason;
          lost(reason);
        },
        stray: isRepeat => stray(isRepeat),
      };
      return {
        where,
        namesReplies,
        isSerial,
        async open() {
          own = onWire(make);
          own.members.add(member);
          await own.opened;
          if (ended !== undefined) throw ended;
        },
        send(request, lane = 'normal') {
          return new Promise((resolve, reject) => {
            const start = (): void => {
              if (ended !== undefined || own === undefined) {
                reject(ended ?? new DeviceError('closed', where, 'not open yet'));
                done();
                return;
              }
              let isOver = false;
              const over = (): void => {
                if (isOver) return;
                isOver = true;
                cancel();
                done();
              };
              const on = own;
              const cancel = clock.schedule(reply_ms / 1000, () => {
                on.isSilent = true;
                over();
              });
              on.link.send(request, lane).then(
                reply => {
                  on.isSilent = false;
                  resolve(reply as Rep);
                  over();
                },
                error => {
                  reject(error);
                  over();
                },
              );
            };
            waiting.push({ lane, start });
            pump();
          });
        },
        // What others wait for must not be dropped; late answers are counted by the link itself.
        flush: () => Promise.resolve(),
        onLost(listener) {
          lost = listener;
          if (ended !== undefined) listener(ended);
        },
        onStray(listener) {
          stray = listener;
        },
        async close() {
          ended ??= new DeviceError('closed', where, 'closed by us');
          lost = () => {};
          stray = () => {};
          const left = own;
          own = undefined;
          left?.members.delete(member);
          if (left === undefined || (left.members.size > 0 && (areUnits || !left.isSilent))) return;
          if (wire === left) wire = undefined;
          // Given up by one because nothing comes any more: nobody may come back to this wire.
          const fresh = new DeviceError('closed', where, 'no answer on the wire: connecting afresh');
          for (const other of left.members) other.lost(fresh);
          await left.link.close();
        },
      };
    },
  };
}

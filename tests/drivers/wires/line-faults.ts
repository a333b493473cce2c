import { type Frame, QUALITY } from '../../../drivers/contract/frame.ts';
import type { FaultPatch } from '../../../sim/wire-protocol.ts';
import { type OnAWire, untilGood, wrongIn } from './on-a-wire.ts';
import type { Meddle } from './tap.ts';
import { withWrongId } from './wrong-id.ts';

/** What a fault did, beside what is documented; or why it cannot be had here. */
export type Cell =
  | { readonly documented: string; readonly seen: string; readonly ok: boolean }
  | { readonly none: string };

/** A fault: brought about on a healthy line, its reaction looked at, and taken away. */
export interface Fault {
  readonly name: string;
  run(on: OnAWire, right: Frame): Promise<Cell>;
}

/** What was seen of a line in trouble and after it. */
interface Seen {
  /** Frames all of whose usable values were as always, with nothing missing. */
  readonly good: number;
  /** Frames with a channel less. */
  readonly bad: number;
  readonly wrong: readonly string[];
  readonly withoutReason: number;
  readonly wasLost: boolean;
  /** Whether a write that was to be confirmed was taken for done. */
  readonly write: string;
  readonly backAfter_s: number | undefined;
}

const BACK_WITHIN_s = 25;

/** Polls for `for_s` while something is wrong, with one write where `doesWrite`; then how long until all is well. */
async function watch(
  on: OnAWire,
  right: Frame,
  deed: {
    readonly begin: () => Promise<unknown>;
    readonly end: () => Promise<unknown>;
    readonly for_s: number;
    readonly doesWrite?: boolean;
    readonly pause_s?: number;
  },
): Promise<Seen> {
  const { device, clock } = on;
  const wrong: string[] = [];
  let [good, bad, withoutReason] = [0, 0, 0];
  let wasLost = false;
  const unsubscribe = device.onState(state => {
    wasLost ||= state === 'lost';
  });
  const look = (frame: Frame): void => {
    wrong.push(...wrongIn(frame, right, device));
    const isWhole = frame.quality.every((q, i) => q <= Math.max(QUALITY.uncertain, right.quality[i]));
    if (isWhole) good++;
    else bad++;
    if (!isWhole && frame.reason === undefined) withoutReason++;
  };
  await deed.begin();
  const end_s = clock.now_s() + deed.for_s;
  let write = '';
  const [safe] = device.safeList;
  if (deed.doesWrite && safe !== undefined) {
    write = await device.write(...safe).then(
      () => 'confirmed',
      error => String(error.code ?? error),
    );
  }
  while (clock.now_s() < end_s) {
    look(await device.read());
    await clock.sleep(deed.pause_s ?? 0.02);
  }
  await deed.end();
  const back_s = clock.now_s();
  const back = await untilGood(on, BACK_WITHIN_s, right);
  if (back !== undefined) wrong.push(...wrongIn(back, right, device));
  unsubscribe();
  const backAfter_s = back === undefined ? undefined : clock.now_s() - back_s;
  return { good, bad, wrong, withoutReason, wasLost, write, backAfter_s };
}

function cellOf(seen: Seen, documented: string, holds: (seen: Seen) => boolean): Cell {
  const { good, bad, wrong, withoutReason, wasLost, write, backAfter_s } = seen;
  const text = [
    `${good} frames as always, ${bad} bad`,
    ...(wrong.length === 0 ? [] : [`WRONG: ${wrong.slice(0, 3).join('; ')}`]),
    ...(withoutReason === 0 ? [] : [`${withoutReason} without a reason`]),
    ...(wasLost ? ['line lost'] : []),
    ...(write === '' ? [] : [`write ${write}`]),
    backAfter_s === undefined
      ? `NOT BACK within ${BACK_WITHIN_s} s`
      : `back after ${backAfter_s.toFixed(2)} s`,
  ].join(', ');
  const ok = wrong.length === 0 && withoutReason === 0 && backAfter_s !== undefined && holds(seen);
  return { documented, seen: text, ok };
}

const allBad = ({ good, write }: Seen): boolean => good === 0 && write !== 'confirmed';
const BAD = 'frames bad with a reason, no write confirmed, good again by itself';
const NEVER_WRONG = 'no wrong value usable, good again by itself';

/** A switch of the emulator. */
const switched = (
  name: string,
  patch: FaultPatch,
  {
    for_s,
    documented,
    holds,
    doesWrite,
  }: {
    readonly for_s: number;
    readonly documented: string;
    readonly holds: (seen: Seen) => boolean;
    readonly doesWrite?: boolean;
  },
): Fault => ({
  name,
  async run(on, right) {
    const healthy = { silence: false, delay_ms: 0, corrupt: false, freeze: false };
    const put = (fault: FaultPatch) => on.bench().carryOut({ do: 'fault', device: 'device', fault });
    const begin = () => put(patch);
    const seen = await watch(on, right, {
      begin,
      end: () => put(healthy),
      for_s,
      ...(doesWrite ? { doesWrite } : {}),
    });
    return cellOf(seen, documented, holds);
  },
});

/** Something that the tap does to the answers. */
const meddled = (
  name: string,
  make: () => Meddle,
  {
    for_s,
    documented,
    holds,
  }: { readonly for_s: number; readonly documented: string; readonly holds: (seen: Seen) => boolean },
): Fault => ({
  name,
  async run(on, right) {
    const set = (meddle: Meddle | undefined) => () => {
      on.tap.meddle = meddle;
      return Promise.resolve();
    };
    return cellOf(
      await watch(on, right, { begin: set(make()), end: set(undefined), for_s }),
      documented,
      holds,
    );
  },
});

/** Byte by byte. */
const split: Meddle = (bytes, pass) => {
  for (const byte of bytes) pass(Buffer.from([byte]));
};

/** Collected for a while, and passed on in one piece. */
function merging(): Meddle {
  let held: Buffer[] = [];
  return (bytes, pass) => {
    held.push(bytes);
    if (held.length > 1) return;
    setTimeout(() => {
      pass(Buffer.concat(held));
      held = [];
    }, 15);
  };
}

const wrongId: Fault = {
  name: 'wrong ids in answers',
  async run(on, right) {
    let [named, others] = [0, 0];
    const meddle: Meddle = (bytes, pass) => {
      const wrong = withWrongId(bytes);
      if (wrong === undefined) others++;
      else named++;
      pass(wrong ?? bytes);
    };
    const seen = await watch(on, right, {
      begin: async () => {
        on.tap.meddle = meddle;
      },
      end: async () => {
        on.tap.meddle = undefined;
      },
      for_s: 1.2,
    });
    if (named === 0 && others > 0)
      return { none: 'its answers carry no id (lines of text): they are counted' };
    return cellOf(seen, NEVER_WRONG, ({ bad }) => bad > 0);
  },
};

const idleClose: Fault = {
  name: 'socket idle close',
  async run(on, right) {
    if (on.subject.line === 'pty') return { none: 'a serial line has no socket' };
    const set = (idle_ms: number) => async () => {
      on.tap.idle_ms = idle_ms;
      if (idle_ms > 0) await on.device.read();
    };
    const seen = await watch(on, right, { begin: set(150), end: set(0), for_s: 1.5, pause_s: 0.5 });
    return cellOf(seen, 'connects afresh by itself, no wrong value', () => true);
  },
};

const unplugged: Fault = {
  name: 'unplugged (port or pty gone)',
  async run(on, right) {
    const begin = () => on.bench().carryOut({ do: 'stop', device: 'device' });
    const end = async () => {
      await on.bench().carryOut({ do: 'start', device: 'device' });
      await on.tap.turnTo(on.bench().endpoints['device']);
    };
    const seen = await watch(on, right, { begin, end, for_s: 1.5, doesWrite: true });
    return cellOf(seen, BAD, allBad);
  },
};

/** Faults of the line, in an order that leaves the worst to the end. */
export const LINE_FAULTS: readonly Fault[] = [
  meddled('split bytes', () => split, {
    for_s: 0.3,
    documented: 'read as if whole',
    holds: ({ good }) => good > 0,
  }),
  meddled('merged bytes', merging, {
    for_s: 0.4,
    documented: 'read as if apart',
    holds: ({ good }) => good > 0,
  }),
  meddled('each answer twice', () => (bytes, pass) => pass(Buffer.concat([bytes, bytes])), {
    for_s: 1,
    documented: NEVER_WRONG,
    holds: () => true,
  }),
  switched(
    'wrong checksum or damaged',
    { corrupt: true },
    {
      for_s: 1,
      documented: BAD,
      holds: allBad,
      doesWrite: true,
    },
  ),
  wrongId,
  switched(
    'slow answers',
    { delay_ms: 60 },
    {
      for_s: 1,
      documented: 'waited for: read as always',
      holds: ({ good }) => good > 0,
    },
  ),
  switched(
    'late answers (after the time-out)',
    { delay_ms: 1300 },
    {
      for_s: 4,
      documented: NEVER_WRONG,
      holds: () => true,
    },
  ),
  switched('silence', { silence: true }, { for_s: 2, documented: BAD, holds: allBad, doesWrite: true }),
  switched(
    'frozen (slower than it is polled)',
    { freeze: true },
    {
      for_s: 0.3,
      documented: 'nothing on the wire tells it: as always, or stale where the instrument says its time',
      holds: () => true,
    },
  ),
  idleClose,
  unplugged,
];

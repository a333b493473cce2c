import type { DeviceError } from '../contract/errors.ts';
import type { Lane } from '../contract/transport.ts';
import { BUSY_MAX, type LineOptions } from './line-options.ts';

/** So many may wait in the normal lane. */
const QUEUE_MAX = 32;

/** One exchange that is to be made, and who waits for it. */
export interface Job<Req, Rep> {
  readonly request: Req;
  readonly lane: Lane | 'probe';
  readonly isWrite: boolean;
  /** An order that leaves once and never again. */
  readonly isOnce: boolean;
  /** How often it may be asked again. */
  retries: number;
  /** How often it may be asked again of an instrument that says it is busy. */
  patience: number;
  /** What the last try ended with, while the next one waits. */
  failed?: DeviceError;
  readonly resolve: (reply: Rep) => void;
  readonly reject: (error: DeviceError) => void;
}

/** What somebody asks of a line. */
export type Asked<Req, Rep> = Pick<Job<Req, Rep>, 'request' | 'resolve' | 'reject'> & {
  readonly lane: Lane;
  readonly kind: 'read' | 'write' | 'once';
};

/** What waits on a line, in its order: urgent, front, normal. */
export interface Lanes<Req, Rep> {
  readonly urgent: Job<Req, Rep>[];
  readonly front: Job<Req, Rep>[];
  readonly normal: Job<Req, Rep>[];
  /** Puts it behind the others of its lane; why not, if it cannot be. */
  put(asked: Asked<Req, Rep>): string | undefined;
  /** Next one of front and normal. */
  takeInStep(): Job<Req, Rep> | undefined;
  /** Something urgent waits while this one is out. */
  isOvertaken(job: Job<Req, Rep>): boolean;
  /** Puts it back at the head of its lane with one try less; false if it has none left. */
  putBack(job: Job<Req, Rep>, error: DeviceError, left: 'retries' | 'patience'): boolean;
  /** Rejects those that have failed before and wait to be asked again, with what they failed with. */
  rejectFailed(): void;
  /** Takes those of the normal lane out that `which` names, and rejects them. */
  giveUp(which: (job: Job<Req, Rep>) => boolean, error: DeviceError): void;
  /** Empties all lanes; returns what was in them. */
  clear(): Job<Req, Rep>[];
}

/** Three empty lanes; how often something is asked again is as the line says. */
export function makeLanes<Req, Rep>({
  queueMax = QUEUE_MAX,
  retriesMax = 0,
  busyMax = BUSY_MAX,
}: Pick<LineOptions, 'queueMax' | 'retriesMax' | 'busyMax'>): Lanes<Req, Rep> {
  const urgent: Job<Req, Rep>[] = [];
  const front: Job<Req, Rep>[] = [];
  const normal: Job<Req, Rep>[] = [];
  return {
    urgent,
    front,
    normal,
    put({ kind, ...asked }) {
      const queue = asked.lane === 'urgent' ? urgent : asked.lane === 'front' ? front : normal;
      // The urgent lane is not bounded: only safe writes enter it, and none of them may be refused.
      if (queue === normal && normal.length >= queueMax) return `${queueMax} requests are waiting already`;
      const isAgain = asked.lane !== 'urgent' && kind !== 'once';
      const [retries, patience] = isAgain ? [retriesMax, busyMax] : [0, 0];
      queue.push({ ...asked, isWrite: kind !== 'read', isOnce: kind === 'once', retries, patience });
      return undefined;
    },
    isOvertaken: ({ lane }) => urgent.length > 0 && lane !== 'urgent',
    takeInStep: () => front.shift() ?? normal.shift(),
    putBack(job, error, left) {
      if (job[left] === 0) return false;
      job[left]--;
      job.failed = error;
      (job.lane === 'front' ? front : normal).unshift(job);
      return true;
    },
    rejectFailed() {
      for (const lane of [front, normal]) {
        for (let first = lane[0]; first?.failed !== undefined; first = lane[0]) {
          lane.shift();
          first.reject(first.failed);
        }
      }
    },
    giveUp(which, error) {
      const given = normal.filter(which);
      normal.splice(0, normal.length, ...normal.filter(job => !which(job)));
      for (const job of given) job.reject(error);
    },
    clear: () => [urgent, front, normal].flatMap(lane => lane.splice(0)),
  };
}

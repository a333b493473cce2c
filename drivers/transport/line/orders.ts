import type { Cancel, Clock } from '../../contract/clock.ts';
import type { DeviceError } from '../../contract/errors.ts';
import type { Link } from '../../contract/transport.ts';
import type { Job } from '../line-lanes.ts';

/**
 * An order that leaves once and is not answered holds its line up no longer than this, s (default), where its answer, late,
 * cannot be mistaken for that of another question: polls go on, and whoever ordered asks what became of it.
 */
export const ORDER_WAIT_s = 0.5;

/** What is out and what was set aside, whose answers may still come. */
export interface Orders<Req, Rep> {
  /** It has left. An order is set aside after `ORDER_WAIT_s`, anything by `setAside`, where the link bears it. */
  left(job: Job<Req, Rep>): void;
  /**
   * Another command of it leaves, whose answer has a time of its own. False: it was given up, or set aside, and then only what
   * is urgent goes on, and what `mustEnd`.
   */
  goesOn(job: Job<Req, Rep>, mustEnd: boolean): boolean;
  /** Something urgent has come: sets aside what is out, and the line is free. */
  setAside(): void;
  /** An answer came, or why none does; false if it is none of those set aside. */
  settle(job: Job<Req, Rep>, reply: Rep | undefined, error: DeviceError | undefined): boolean;
  /** The line has ended. */
  finish(reason: DeviceError): void;
}

/**
 * `free`: lets the line go on if this job still holds it, and says whether it did. What is set aside gets `unanswered` when its
 * answer has not come within `reply_s` of when it left.
 */
export function openOrders<Req, Rep>(
  clock: Clock,
  link: Pick<Link<Req, Rep>, 'takesUrgent' | 'tellsApart' | 'queuesRequests'>,
  reply_s: number,
  unanswered: () => DeviceError,
  free: (job: Job<Req, Rep>) => boolean,
): Orders<Req, Rep> {
  const aside = new Map<Job<Req, Rep>, Cancel>();
  let out: Job<Req, Rep> | undefined;
  let out_s = 0;

  /** Whether something urgent need not wait until this has been answered. */
  const isOvertaken = ({ lane }: Job<Req, Rep>): boolean =>
    link.takesUrgent === 'in order' || (link.takesUrgent === 'any order' && lane !== 'urgent');

  function setAside(job = out): void {
    if (job === undefined || job !== out) return;
    out = undefined;
    const left_s = out_s + reply_s - clock.now_s();
    if (left_s > 0 && free(job)) wait(job, left_s);
  }

  function wait(job: Job<Req, Rep>, left_s: number): void {
    const over = (): void => {
      if (aside.delete(job)) job.reject(unanswered());
    };
    // One turn of grace, for what lies in a buffer.
    aside.set(
      job,
      clock.schedule(left_s, () => clock.nextTurn(over)),
    );
  }

  return {
    left(job) {
      const isOrder = job.isOnce && (link.tellsApart?.(job.request) ?? link.queuesRequests) === true;
      out = isOrder || isOvertaken(job) ? job : undefined;
      if (out !== undefined) out_s = clock.now_s();
      if (!isOrder) return;
      // What has been answered is not out any more, and nothing is freed. One turn of grace, for what lies in a buffer.
      clock.schedule(Math.min(ORDER_WAIT_s, reply_s), () => clock.nextTurn(() => setAside(job)));
    },
    goesOn(job, mustEnd) {
      if (job === out) out_s = clock.now_s();
      const cancel = aside.get(job);
      if (cancel === undefined || !(mustEnd || job.lane === 'urgent')) return false;
      cancel();
      wait(job, reply_s);
      return true;
    },
    setAside: () => setAside(),
    settle(job, reply, error) {
      const cancel = aside.get(job);
      if (cancel === undefined) return false;
      cancel();
      aside.delete(job);
      if (error === undefined) job.resolve(reply as Rep);
      else job.reject(error);
      return true;
    },
    finish(reason) {
      for (const [job, cancel] of aside) {
        cancel();
        job.reject(reason);
      }
      aside.clear();
    },
  };
}

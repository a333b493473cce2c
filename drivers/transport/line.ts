import { DeviceError } from '../contract/errors.ts';
import type { Line, Link, Probe } from '../contract/transport.ts';
import { openOrders } from './line/orders.ts';
import { type Job, makeLanes } from './line-lanes.ts';
import { BUSY_WAIT_s, FOUND_PAUSE_s, LEFT_ALONE, type LineOptions, NO_MORE_SENT } from './line-options.ts';
import { asDeviceError, flushed, makeAlarm, makeDeadline, makeSoon, makeTurn } from './line-parts.ts';
import { settling } from './line-settling.ts';
import { DoubledAnswers, Doubling } from './text/doubled.ts';

/**
 * Puts a line over an open link.
 *
 * After a timeout or a garbled answer the line falls out of step: no normal traffic until it has been quiet for the worst
 * reply time (not where the link `findsNext` answer by itself), the received bytes are dropped and the probe is answered. An
 * instrument answers in order, so the answer to the probe comes after the late reply, if any. Which probe it answers, of
 * several, it does not say, and a gateway may break the order. Where replies are nameless, every reply is therefore held back
 * for `lateMax_s` until as many probes sent behind it are answered as answers are owed, and one more: had one of those been
 * taken for it, its own would by then have arrived in place of a probe's, and both are thrown away. Answers that are overtaken
 * are not seen in this way: nothing but the probe is asked while one may still come (`settling`).
 */
export function openLine<Req, Rep>(link: Link<Req, Rep>, options: LineOptions): Line<Req, Rep> {
  const { clock, silentMax = 3, lateMax_s = 10 } = options;
  const reply_s = options.reply_ms / 1000;
  const gap_s = options.gap_ms / 1000;
  const pause_s = link.findsNext ? Math.min(reply_s, FOUND_PAUSE_s) : reply_s;
  const outOfStepMax_s = Math.max(1, 6 * reply_s); // Not back in step by then: it never will be, start afresh.
  const lanes = makeLanes<Req, Rep>(options);
  const { urgent, front, normal } = lanes;
  const lostListeners: ((reason: DeviceError) => void)[] = [];
  let inFlight: Job<Req, Rep> | undefined;
  let held: { job: Job<Req, Rep>; deliver: () => void; proofs: number } | undefined;
  let probe: Probe<Req, Rep> | undefined;
  let ended: DeviceError | undefined;
  let [inStep, isParked, flushing, lastWasUrgent] = [true, false, false, false];
  let [outOfStepSince_s, quietUntil_s, silent, resyncs] = [0, 0, 0, 0];
  const settles = settling(clock, reply_s, !link.namesReplies);
  const doubles = new Doubling(options.isDoubtful ?? false);
  let [lastEnd_s, busyUntil_s, guardUntil_s] = Array<number>(3).fill(Number.NEGATIVE_INFINITY);

  const isAlone = (): boolean => (options.aloneFor_s?.() ?? 0) > 0;
  const failure = (code: 'timeout' | 'garbled' | 'closed' | 'cancelled', text: string) =>
    new DeviceError(code, link.where, text);

  const isBusy = (): boolean => inFlight !== undefined || flushing;
  const alarm = makeAlarm(clock, pump);
  const turn = makeTurn(link.turns, pump, isBusy);
  const pumpNext = makeSoon(clock, pump);
  const deadline = makeDeadline(clock, reply_s, () => inFlight && timedOut(inFlight));

  const unanswered = () => failure('timeout', `no answer within ${options.reply_ms} ms`);
  const orders = openOrders<Req, Rep>(clock, link, reply_s, unanswered, job => {
    if (inFlight !== job) return false;
    end(job);
    pumpSoon();
    return true;
  });

  /** Whoever waits for the reply just delivered acts first: a trip must not find a fresh poll in its way. */
  function pumpSoon(): void {
    if (urgent.length > 0) pump();
    else if (!inStep || held !== undefined || front.length > 0 || normal.length > 0) pumpNext();
  }

  function pump(): void {
    if (ended !== undefined || isBusy()) return;
    const now_s = clock.now_s();
    const gapEnd_s = lastEnd_s + gap_s;
    if (urgent.length > 0) {
      if (lastWasUrgent && now_s < gapEnd_s) alarm.at(gapEnd_s);
      else if (turn.isOurs('urgent')) start(urgent.shift()!);
    } else if (!inStep) {
      if (isAlone() && front.length === 0) isParked = true;
      else if (now_s < quietUntil_s) alarm.at(quietUntil_s);
      else if (turn.isOurs('front')) bringIntoStep(now_s);
    } else if (held !== undefined || front.length > 0 || normal.length > 0) {
      const from_s = Math.max(gapEnd_s, busyUntil_s, held === undefined ? settles.until_s : gapEnd_s);
      if (now_s < from_s) alarm.at(from_s);
      else if (turn.isOurs(held !== undefined || front.length > 0 ? 'front' : 'normal')) {
        start(held === undefined ? lanes.takeInStep()! : probeJob(probe!));
      }
    }
  }

  function bringIntoStep(now_s: number): void {
    if (isParked) outOfStepSince_s = now_s;
    isParked = false;
    if (now_s - outOfStepSince_s > outOfStepMax_s * (link.turns?.sharers ?? 1)) {
      lose(failure('closed', 'line does not come into step'));
      return;
    }
    flushing = true;
    flushed(link, clock, reply_s, () => {
      flushing = false;
      if (ended !== undefined) return;
      if (probe === undefined) {
        inStep = true;
        resyncs++;
      } else if (urgent.length === 0) {
        start(probeJob(probe));
        return;
      }
      pump();
      if (!isBusy()) turn.give();
    });
  }

  function probeJob(ask: Probe<Req, Rep>): Job<Req, Rep> {
    const failed = (error?: DeviceError): void => {
      // Nor did this one get its answer: who waits to be asked again has waited long enough.
      if (!inStep) lanes.rejectFailed();
      fallOutOfStep(error?.code === 'timeout' ? reply_s : pause_s);
    };
    return {
      request: ask.ask,
      lane: 'probe',
      isWrite: false,
      isOnce: false,
      retries: 0,
      patience: 0,
      resolve: reply => {
        if (!ask.isAnswer(reply)) return failed();
        if (doubles.mustListen()) busyUntil_s = clock.now_s() + pause_s;
        if (!inStep) {
          inStep = true;
          resyncs++;
          if (!link.namesReplies) guardUntil_s = clock.now_s() + lateMax_s;
        }
        if (held === undefined || --held.proofs > 0) return;
        const { deliver } = held;
        held = undefined;
        deliver();
      },
      reject: failed,
    };
  }

  function start(job: Job<Req, Rep>): void {
    inFlight = job;
    deadline.start();
    orders.left(job);
    const goOn = (mustEnd = false): void => {
      const isOut = inFlight === job && (mustEnd || !lanes.isOvertaken(job));
      if (!orders.goesOn(job, mustEnd) && !isOut) throw failure('cancelled', NO_MORE_SENT);
      if (isOut) deadline.start();
    };
    link.send(job.request, job.lane, goOn).then(
      reply => settle(job, reply, undefined),
      error => settle(job, undefined, error),
    );
  }

  function end(job: Job<Req, Rep>): void {
    inFlight = undefined;
    deadline.stop();
    lastEnd_s = clock.now_s();
    lastWasUrgent = job.lane === 'urgent';
    turn.give();
  }

  function timedOut(job: Job<Req, Rep>): void {
    settles.givenUp(deadline.started_s, job.lane === 'normal');
    end(job);
    silent++;
    const error = unanswered();
    if (silent >= silentMax) {
      job.reject(error);
      lose(failure('closed', `${silent} exchanges in a row without an answer`));
      return;
    }
    if (link.queuesRequests !== true || !tryAgain(job, error)) failed(job, error);
    pumpSoon();
  }

  /** Puts it back into its lane if it may be asked again. */
  function tryAgain(
    job: Job<Req, Rep>,
    error: DeviceError,
    left: 'retries' | 'patience' = 'retries',
  ): boolean {
    if ((job.lane === 'normal' && isAlone()) || !lanes.putBack(job, error, left)) return false;
    options.onRetry?.();
    return true;
  }

  /** The instrument is busy: asked again a while later, if it may. */
  function askLater(job: Job<Req, Rep>, error: DeviceError): boolean {
    busyUntil_s = lastEnd_s + Math.min(BUSY_WAIT_s, reply_s);
    return tryAgain(job, error, 'patience');
  }

  /** No answer, or none that can be believed: out of step (a probe sees to that itself), and again after that if it may. */
  function failed(job: Job<Req, Rep>, error: DeviceError): void {
    if (job.lane !== 'probe') fallOutOfStep(error.code === 'garbled' && link.findsNext ? 0 : reply_s);
    if (!tryAgain(job, error)) job.reject(error);
  }

  function settle(job: Job<Req, Rep>, reply: Rep | undefined, thrown: unknown): void {
    const error = thrown === undefined ? undefined : asDeviceError(thrown, link.where);
    // Else not in flight any more: its deadline has passed and its waiter has been told.
    if (orders.settle(job, reply, error) || inFlight !== job) return;
    end(job);
    if (error?.code === 'closed') {
      job.reject(error);
      lose(error);
      return;
    }
    silent = 0;
    settles.answered(deadline.started_s);
    doubles.answered();
    const deliver = (): void => (error === undefined ? job.resolve(reply as Rep) : job.reject(error));
    if (error?.code === 'garbled') failed(job, error);
    else if (error?.code === 'busy' && askLater(job, error)) alarm.at(busyUntil_s);
    else if (job.lane === 'urgent') {
      if (!inStep) quietUntil_s = Math.max(quietUntil_s, lastEnd_s + pause_s);
      deliver();
    } else if (job.lane !== 'probe' && lastEnd_s < guardUntil_s)
      held = { job, deliver, proofs: settles.probesOwed + 1 };
    else deliver();
    pumpSoon();
  }

  function fallOutOfStep(quiet_s = reply_s): void {
    if (ended !== undefined) return;
    if (inStep) outOfStepSince_s = clock.now_s();
    inStep = false;
    quietUntil_s = clock.now_s() + quiet_s;
    const doubtful = held;
    held = undefined;
    if (doubtful !== undefined) {
      const error = failure('garbled', 'the answer may belong to an earlier request: thrown away');
      if (!tryAgain(doubtful.job, error)) doubtful.job.reject(error);
    }
    alarm.at(quietUntil_s);
  }

  function finish(reason: DeviceError): void {
    ended = reason;
    deadline.cancel();
    alarm.cancel();
    turn.drop();
    orders.finish(reason);
    const waiting = [inFlight, held?.job, ...lanes.clear()];
    [inFlight, held] = [undefined, undefined];
    for (const job of waiting) job?.reject(reason);
  }

  function lose(reason: DeviceError): void {
    if (ended !== undefined) return;
    finish(reason);
    for (const listener of lostListeners) listener(reason);
  }
  if (link.isSerial) settles.before(options.before_s ?? Number.NEGATIVE_INFINITY);
  link.onLost(lose);
  link.onStray?.(isRepeat => {
    const isOwed = settles.until_s > Number.NEGATIVE_INFINITY;
    if (!isOwed && doubles.came(isRepeat ?? false)) lose(new DoubledAnswers(link.where));
    if (inFlight !== undefined) return;
    settles.stray();
    fallOutOfStep(pause_s);
  });

  return {
    where: link.where,
    get resyncs() {
      return resyncs;
    },
    exchange(request, lane = 'normal', kind = 'read') {
      return new Promise((resolve, reject) => {
        if (ended !== undefined) return reject(ended);
        if (lane === 'normal' && isAlone()) return reject(failure('cancelled', LEFT_ALONE));
        const full = lanes.put({ request, lane, kind, resolve, reject });
        if (full !== undefined) return reject(failure('cancelled', full));
        if (lane === 'urgent') orders.setAside();
        pump();
      });
    },
    setProbe(next) {
      probe = next;
    },
    lose,
    cancelWrites(reason) {
      lanes.giveUp(job => job.isWrite, failure('cancelled', reason));
      for (const job of [inFlight, held?.job]) if (job?.isWrite) job.retries = job.patience = 0; // Sent once.
    },
    cancelWaiting(reason) {
      lanes.giveUp(() => true, failure('cancelled', reason));
      if (held?.job.lane !== 'normal') return;
      held.job.reject(failure('cancelled', reason));
      held = undefined;
    },
    onLost(listener) {
      if (ended === undefined) lostListeners.push(listener);
      else listener(ended);
    },
    close(reason) {
      if (ended === undefined) finish(failure('cancelled', reason));
      return link.close();
    },
  };
}

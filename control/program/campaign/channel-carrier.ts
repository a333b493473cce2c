import { fork } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { siblingUrl } from '../../../drivers/contract/sibling.ts';
import { identityOf, isRunning, type ProcessIdentity } from '../../../drivers/process-identity.ts';
import type { Ended, Handle, Order, RunCarrier, StopWord } from '../../campaign/carrier.ts';
import { type HostOf, ORDER, type OrderFile, STOP } from '../channels/orders.ts';
import { writeWhole } from '../result/write-whole.ts';
import { endAsker } from '../steer/end-asker.ts';
import { argsOf, type CarrierPlace, leftBy } from './carried-run.ts';
import { endOf, howItEnded } from './how-it-ended.ts';

/**
 * Carries runs on the channels of a bench: all of them in one process, which has the instruments and ends when nothing is
 * ordered any more. Order, word to end and end are files: the supervisor may be gone and come again.
 */

const handleSchema = z.strictObject({ pid: z.number().int(), processStart: z.string() });
/** So often it is looked whether a run is over, s. */
const LOOK_S = 0.3;
/** A process that ends just then takes no order any more: another one is begun, so often at most. */
const TRIES = 3;
/** So many looks is waited for a process that was killed to be taken away. */
const TAKEN_AWAY_LOOKS = 20;

interface Host {
  readonly dir: string;
  readonly identity: ProcessIdentity;
}

/** Carries the runs of benches by channel. */
export class ChannelCarrier implements Pick<RunCarrier, 'carry' | 'takeUp'> {
  readonly #place: CarrierPlace;

  constructor(place: CarrierPlace) {
    this.#place = place;
  }

  async carry(order: Order, known: (handle: Handle) => void, stop: StopWord): Promise<Ended> {
    const left = leftBy(this.#place, order);
    const log = resolve(left.log);
    for (let tries = 0; tries < TRIES; tries++) {
      const { dir, identity } = this.#host(order);
      // Of an attempt that had begun nothing.
      for (const path of [left.end, this.#path(order, STOP)]) rmSync(path, { force: true });
      known({ ...identity });
      if (stop.isAsked) return { is: 'not begun', reason: 'it was to end before it began' };
      const file: OrderFile = {
        subject: order.run.subject ?? '',
        args: argsOf(this.#place, order),
        end: resolve(left.end),
        log,
      };
      writeWhole(join(dir, `${order.item.id}${ORDER}`), JSON.stringify(file));
      if (!(await this.#followed(order, identity, stop))) continue;
      const ended = howItEnded(left);
      // What ended the others before its turn came is no matter of this one.
      if (ended.is === 'ended' || isRunning(identity) || stop.isAsked) return ended;
    }
    return {
      is: 'not begun',
      reason: `the process of its bench takes no order: see ${this.#dirOf(order)}/log`,
    };
  }

  async takeUp(order: Order, handle: Handle, stop: StopWord): Promise<Ended> {
    const identity = handleSchema.safeParse(handle).data;
    if (identity === undefined) return { is: 'not begun', reason: 'it had not been let go' };
    const left = leftBy(this.#place, order);
    if (!existsSync(this.#path(order, ORDER)) && !existsSync(left.end))
      return { is: 'not begun', reason: 'it had not been let go' };
    if (await this.#followed(order, identity, stop)) return howItEnded(left);
    return { is: 'not begun', reason: 'the process of its bench had ended before' };
  }

  /** Waits for its end; false: the process was gone before it had taken the order, which is taken back. */
  async #followed(order: Order, identity: ProcessIdentity, stop: StopWord): Promise<boolean> {
    const left = leftBy(this.#place, order);
    let asked = 0;
    stop.heard(endAsker(left.dir, () => writeWhole(this.#path(order, STOP), String(++asked))));
    const isOver = (): boolean => endOf(left.end)?.code != null;
    while (!isOver() && isRunning(identity)) await this.#place.clock.sleep(LOOK_S);
    // A process that was killed counts as the writer of its records until the system has taken it away.
    for (let n = 0; !isOver() && isThere(identity) && n < TAKEN_AWAY_LOOKS; n++)
      await this.#place.clock.sleep(LOOK_S);
    const path = this.#path(order, ORDER);
    if (!existsSync(path)) return true;
    rmSync(path);
    // Told that it was let go, and its order not taken away yet: it was killed in between.
    return existsSync(left.end);
  }

  /** The process that carries the bench; begun where none does. */
  #host(order: Order): Host {
    const dir = this.#dirOf(order);
    const own = join(dir, 'process.json');
    mkdirSync(dir, { recursive: true });
    const known = existsSync(own)
      ? handleSchema.safeParse(JSON.parse(readFileSync(own, 'utf8'))).data
      : undefined;
    if (known !== undefined && isRunning(known)) return { dir, identity: known };
    const log = openSync(join(dir, 'log'), 'a');
    try {
      const child = fork(fileURLToPath(siblingUrl(import.meta.url, '../channels/host-process')), {
        execArgv: ['--disable-warning=ExperimentalWarning'],
        // Ctrl-C in the terminal is for the supervisor, which asks each run.
        detached: true,
        stdio: ['ignore', log, log, 'ipc'],
      });
      child.on('error', () => {});
      const { pid } = child;
      if (pid === undefined) throw new Error('the system takes no more processes');
      const identity = identityOf(pid);
      writeWhole(own, JSON.stringify(identity));
      child.send({ host: this.#hostOf(order), dir: resolve(dir) }, () => {});
      return { dir, identity };
    } finally {
      closeSync(log);
    }
  }

  #hostOf({ bench, run }: Order): HostOf {
    const { settings, loaded } = this.#place;
    const { campaign, nights } = loaded();
    const own = campaign.runs.filter(one => (one.bench ?? campaign.bench) === bench);
    const planned_s = own.map(one => nights.get(one.run)?.method.procedure.planned_s ?? 0);
    const { minutes, mode, seed } = settings;
    const path = nights.get(run.run)?.loaded.path;
    if (path === undefined) throw new RangeError(`no files of ${run.run}`);
    return {
      path,
      mode: mode === 'wire' ? 'wire' : 'bench',
      seed,
      // One plant for all: it goes as fast as the longest of them asks for.
      timeFactor:
        mode === 'wire' ? Math.max(1, Math.max(...planned_s) / ((minutes ?? WIRE_MINUTES) * 60)) : 1,
    };
  }

  #dirOf({ bench }: Order): string {
    return join(
      this.#place.dir,
      `.bench-${bench.replaceAll(/[^A-Za-z0-9]+/g, '-').replaceAll(/^-|-$/g, '')}`,
    );
  }

  #path(order: Order, kind: string): string {
    return join(this.#dirOf(order), `${order.item.id}${kind}`);
  }
}

function isThere({ pid }: ProcessIdentity): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Length of a run over emulated wires that nobody gave, min. */
const WIRE_MINUTES = 5;

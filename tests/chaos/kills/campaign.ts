import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CampaignEvent, CampaignState } from '../../../control/campaign/state.ts';
import { seededRandom } from '../../../drivers/contract/random.ts';
import type { Controller } from '../wires/controller.ts';
import { utc_s } from '../wires/seen.ts';
import { campaignText, GUARD_S, WATCHDOG_S } from './bench.ts';
import type { Plan } from './chain.ts';
import { type Fault, type Found, nothingFound } from './fault.ts';
import { judgeNextStart, judgeOff, judgeVent } from './off.ts';
import { endProcess, type Place, Stand } from './stand.ts';
import { lastWords } from './under-way.ts';

/** A campaign on a bench of its own: supervisor, controller of the run and guard, killed in turns; then it has to go on by its rule. */

export const CAMPAIGN_KINDS = ['campaign-supervisor', 'campaign-controller', 'campaign-reboot'] as const;
type CampaignKind = (typeof CAMPAIGN_KINDS)[number];

/** They are done by this file: what stands here is what is declared. */
export const CAMPAIGN_FAULTS: readonly Fault[] = CAMPAIGN_KINDS.map(name => ({
  name,
  moments: ['load', 'pressure'],
  outcome: name === 'campaign-supervisor' ? 'goes on' : 'dies',
  off_s: name === 'campaign-reboot' ? WATCHDOG_S + 1 : GUARD_S,
  ...(name === 'campaign-reboot' ? { leavesPressure: true } : {}),
  act: async () => undefined,
}));

const UNDER_WAY_S = 120;
const OVER_S = 180;
/** Nothing may begin on a bench that waits for a person: it is looked at for so long. */
const HELD_S = 4;

/** One bench with its instruments, and a new campaign for each kill. */
export class CampaignBench {
  readonly #stand: Stand;

  constructor(place: Place) {
    this.#stand = new Stand(place);
  }

  async carryOut({ fault, moment, seed }: Plan): Promise<Found> {
    const found = nothingFound();
    const { instruments, files } = await this.#stand.up();
    const { clock } = this.#stand.place;
    const dir = this.#stand.newFolder('campaign');
    const started: Controller[] = [];
    const start = (): Controller => {
      const looked = started.length === 0 ? this.#stand.word : [];
      const args = ['campaign', 'start', files.campaign, '--out', dir, '--real', ...looked];
      const supervisor = this.#stand.start(args);
      started.push(supervisor);
      return supervisor;
    };
    const random = seededRandom(seed);
    const afterCut = random.uniform() < 0.5 ? 'resume' : 'anew';
    writeFileSync(files.campaign, campaignText(afterCut));
    const from = instruments.log.length;
    const one = start();
    try {
      const isThere = (): boolean => {
        const last = instruments.log.findLast(seen => seen.what === 'stack');
        return (
          last?.what === 'stack' && last.current_A > 1400 && (moment === 'load' || last.cathode_barg > 1)
        );
      };
      if (!(await this.#until(isThere, UNDER_WAY_S, () => one.exit() !== undefined))) {
        found.other.push(`no run under way: exit ${one.exit()?.code}: ${lastWords(one)}`);
        return found;
      }
      await clock.sleep(0.8 * random.uniform());
      await this.#kill(found, fault, dir, one, { start, from, afterCut });
    } finally {
      for (const one of started) {
        for (const pid of [...one.leftBehind(), one.pid]) endProcess(pid);
      }
      await clock.sleep(WATCHDOG_S + 1.5);
      await this.#stand.heal();
    }
    return found;
  }

  async #kill(
    found: Found,
    fault: Fault,
    dir: string,
    one: Controller,
    {
      start,
      from,
      afterCut,
    }: {
      readonly start: () => Controller;
      readonly from: number;
      readonly afterCut: 'resume' | 'anew';
    },
  ): Promise<void> {
    const { clock } = this.#stand.place;
    const instruments = this.#stand.instruments;
    const kind = fault.name as CampaignKind;
    const run = processOf(stateIn(dir));
    const at_s = utc_s(clock);
    if (kind === 'campaign-reboot') for (const pid of one.leftBehind()) endProcess(pid);
    if (kind === 'campaign-controller') endProcess(run);
    else endProcess(one.pid);
    let supervisor = one;
    if (kind === 'campaign-supervisor') {
      await one.gone(5);
      supervisor = start();
      judgeOff(found, { fault, log: [], at_s, silent_s: at_s, isGoingOn: true });
    } else {
      const isOff = (): boolean => {
        const last = instruments.log.findLast(seen => seen.what === 'stack');
        return last?.what === 'stack' && last.output_on === 0;
      };
      await this.#until(isOff, fault.off_s + 2, () => false);
      const log = instruments.log.slice(from);
      judgeOff(found, { fault, log, at_s, silent_s: at_s, isGoingOn: false });
      if (fault.leavesPressure !== true) {
        await clock.sleep(4);
        judgeVent(found, instruments.log.slice(from), 'by the guard');
      }
      const next = instruments.log.length;
      if (kind === 'campaign-reboot') supervisor = start();
      await this.#isHeld(found, dir, supervisor, { next, afterCut });
      await this.#acknowledge(found, dir);
      await this.#until(
        () => existsSync(join(dir, 'state.json')) && stateIn(dir).is !== 'under way',
        OVER_S,
        () => supervisor.exit() !== undefined,
      );
      judgeNextStart(found, instruments.log.slice(next));
    }
    const exit = await supervisor.gone(OVER_S);
    const state = stateIn(dir);
    if (exit === undefined || state.is !== 'over')
      found.other.push(`the campaign is not over: exit ${exit?.code}, ${state.is}: ${lastWords(supervisor)}`);
    for (const run of ['first', 'second']) {
      const items = state.queue.items.filter(item => item.run === run);
      const done = items.filter(item => item.state === 'completed').length;
      if (done !== 1) found.other.push(`${run} was completed ${done} times, expected once`);
    }
    const isCut = kind !== 'campaign-supervisor';
    const events = eventsIn(dir);
    for (const [what, expected] of [
      ['begun', isCut && afterCut === 'anew' ? 3 : 2],
      ['resumed', isCut && afterCut === 'resume' ? 1 : 0],
    ] as const) {
      const n = events.filter(event => event.kind === what).length;
      if (n !== expected) found.other.push(`${n} runs were ${what}, expected ${expected}`);
    }
  }

  /** Nothing begins before somebody has looked. */
  async #isHeld(
    found: Found,
    dir: string,
    supervisor: Controller,
    { next, afterCut }: { readonly next: number; readonly afterCut: 'resume' | 'anew' },
  ): Promise<void> {
    const { clock } = this.#stand.place;
    const known = afterCut === 'resume' ? 'waiting' : 'failed';
    const waits = (): boolean =>
      stateIn(dir).queue.items.some(({ state, cut_ms }) => state === known && cut_ms !== null);
    if (!(await this.#until(waits, 60, () => supervisor.exit() !== undefined)))
      found.other.push(`the killed run is not known as ${known}: ${lastWords(supervisor)}`);
    await clock.sleep(HELD_S);
    const instruments = this.#stand.instruments;
    if (
      instruments.log
        .slice(next)
        .some(seen => seen.what === 'stack' && seen.output_on === 1 && seen.current_A > 100)
    )
      found.unsafe.push('the campaign went on before anybody had looked at the bench');
  }

  async #acknowledge(found: Found, dir: string): Promise<void> {
    const { campaign } = this.#stand.files;
    const words = [
      'campaign',
      'edit',
      campaign,
      'acknowledge',
      '--by',
      'chaos',
      '--because',
      'looked',
      '--out',
      dir,
    ];
    const edit = this.#stand.start(words);
    const exit = await edit.gone(60);
    if (exit?.code !== 0) found.other.push(`acknowledge: exit ${exit?.code}: ${lastWords(edit)}`);
  }

  async #until(is: () => boolean, within_s: number, isOver: () => boolean): Promise<boolean> {
    const { clock } = this.#stand.place;
    const until_s = clock.now_s() + within_s;
    while (!is()) {
      if (isOver() || clock.now_s() > until_s) return is();
      await clock.sleep(0.1);
    }
    return true;
  }

  async close(): Promise<Found> {
    await this.#stand.down([]);
    this.#stand.close();
    return nothingFound();
  }
}

function stateIn(dir: string): CampaignState {
  return JSON.parse(readFileSync(join(dir, 'state.json'), 'utf8')) as CampaignState;
}

function eventsIn(dir: string): CampaignEvent[] {
  const lines = readFileSync(join(dir, 'events.jsonl'), 'utf8').trimEnd().split('\n');
  return lines.map(line => JSON.parse(line) as CampaignEvent);
}

/** The process of the run under way. */
function processOf(state: CampaignState): number {
  const id = state.queue.items.find(item => item.state === 'running')?.id ?? '';
  return (state.carried[id]?.handle as { pid: number } | null | undefined)?.pid ?? 0;
}

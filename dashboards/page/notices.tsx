import { useEffect } from 'preact/hooks';
import type { LiveAlarm, LiveSnapshot } from '../../control/view.ts';
import { timeText } from '../format.ts';
import { words } from './words/language.ts';

const SEVERITY = ['warn', 'hold', 'suspend', 'stop', 'trip'] as const;

/** The alarms in one look: how many nobody has acknowledged, and the worst of them; of all if none is left. */
export interface AlarmSum {
  readonly open: number;
  readonly all: number;
  readonly worst: LiveAlarm['reaction'] | undefined;
}

/** Counts alarms; what is shelved is not told. */
export function alarmSum(list: readonly LiveAlarm[]): AlarmSum {
  const alarms = list.filter(alarm => alarm.shelved === null);
  const open = alarms.filter(alarm => !alarm.acknowledged);
  const counted = open.length > 0 ? open : alarms;
  const worst = SEVERITY.findLast(reaction => counted.some(alarm => alarm.reaction === reaction));
  return { open: open.length, all: alarms.length, worst };
}

/** Stands in the fixed header, in the colour of the worst; a press leads to the list. */
export function AlarmChip({ sum }: { readonly sum: AlarmSum }) {
  if (sum.worst === undefined) return null;
  const count = sum.open > 0 ? sum.open : sum.all;
  const say = words().notices;
  return (
    <a class={`alarm-chip ${sum.open > 0 ? sum.worst : 'seen'}`} href="#alarms">
      <b>{words().reactions[sum.worst]}</b> {sum.open > 0 ? say.alarms(count) : say.alarmsSeen(count)}
    </a>
  );
}

/** The tab says what the header says: a tab in the background is seen, too. `ended`: the run is over, in a word. */
export function useTitle(snapshot: LiveSnapshot | undefined, connected: boolean, ended?: string): void {
  const title = snapshot === undefined ? 'cellbench' : titleOf(snapshot, connected, ended);
  useEffect(() => {
    document.title = title;
  }, [title]);
}

function titleOf({ run, alarms }: LiveSnapshot, connected: boolean, ended: string | undefined): string {
  const { open, worst } = alarmSum(alarms);
  const where = connected ? words().run.states[run.state] : (ended ?? words().notices.connectionLost);
  return `${open > 0 ? `(${open}) ${worst === undefined ? '' : words().reactions[worst].toUpperCase()} · ` : ''}${where} · ${run.bench}`;
}

/** What the safe state could not prove: big, for as long as it is so. */
export function Unproven({ items }: { readonly items: readonly string[] }) {
  if (items.length === 0) return null;
  return (
    <section class="unproven" role="alert" aria-label={words().notices.unproven}>
      <h2>{words().notices.unproven}</h2>
      <ul>
        {items.map(item => (
          <li key={item}>{item}</li>
        ))}
      </ul>
    </section>
  );
}

/** Figures of the run that its method does not accept, or of which nobody can say; the bench is safe all the same. */
export function Unmet({ items }: { readonly items: readonly string[] }) {
  if (items.length === 0) return null;
  return (
    <section class="unmet" role="status" aria-label={words().notices.unmetLabel}>
      <h2>{words().notices.unmet}</h2>
      <ul>
        {items.map(item => (
          <li key={item}>{item}</li>
        ))}
      </ul>
    </section>
  );
}

/** Why what is shown is not live; nothing while it is. */
export function NotLive({ snapshot, connected }: { snapshot: LiveSnapshot; connected: boolean }) {
  const at = timeText(snapshot.run.time_s);
  if (!connected) {
    return (
      <div class="banner lost" role="alert">
        {words().notices.lost(at)}
        {snapshot.run.mode === 'bench' && ` ${words().notices.lostStop}`}
      </div>
    );
  }
  if (snapshot.isLive) return null;
  return (
    <div class="banner ended" role="status">
      {words().notices.ended(at)}
    </div>
  );
}

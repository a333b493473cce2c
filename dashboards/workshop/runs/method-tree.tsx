import { useEffect, useMemo, useState } from 'preact/hooks';
import { durationText, timeText } from '../../format.ts';
import { pathOf } from '../door/ask.ts';
import { useAsked } from '../door/use-asked.ts';
import { Mark } from '../parts/mark.tsx';
import { useWords } from '../words/words.ts';

/** An event of the record, as far as the tree is made of it. */
interface Told {
  readonly t_s: number;
  readonly kind: string;
  readonly data?: {
    readonly name?: string;
    readonly id?: string;
    readonly op?: string;
    readonly start_s?: number;
    readonly ended?: string;
    readonly ended_by?: string;
    readonly reason?: string;
  };
}

interface Step {
  readonly id: string;
  readonly op: string;
  readonly start_s: number;
  readonly end_s: number;
  readonly ended: string;
  readonly reason: string;
}

interface Phase {
  readonly name: string;
  readonly start_s: number;
  /** Undefined: it goes on. */
  readonly end_s: number | undefined;
  readonly endedBy: string;
  readonly steps: Step[];
}

/** Steps end seldom, and a long run has thousands of events. */
const EVENTS_MS = 5000;
/** So many steps of a phase are listed; a cycling run has thousands. */
const MOST_STEPS = 100;
/** Ends of steps in which nothing had to be waited out. */
const AS_MEANT: readonly string[] = ['applied', 'reached', 'time', 'condition'];

/** Phases in their order, each with the steps that ended in it, out of the events. */
export function phasesOf(events: readonly Told[]): readonly Phase[] {
  const phases: Phase[] = [];
  for (const { t_s, kind, data } of events) {
    if (data === undefined) continue;
    const last = phases.at(-1);
    if (kind === 'phase')
      phases.push({ name: data.name ?? '', start_s: t_s, end_s: undefined, endedBy: '', steps: [] });
    else if (kind === 'phaseEnd' && last !== undefined)
      phases[phases.length - 1] = { ...last, end_s: t_s, endedBy: data.ended_by ?? '' };
    else if (kind === 'step') {
      if (last === undefined)
        phases.push({ name: '', start_s: data.start_s ?? t_s, end_s: undefined, endedBy: '', steps: [] });
      phases.at(-1)?.steps.push({
        id: data.id ?? '',
        op: data.op ?? '',
        start_s: data.start_s ?? t_s,
        end_s: t_s,
        ended: data.ended ?? '',
        reason: data.reason ?? '',
      });
    }
  }
  return phases;
}

/** A number that grows as time goes by; undefined: it stays. */
function useBeat(each_ms: number | undefined): number {
  const [beat, setBeat] = useState(0);
  useEffect(() => {
    if (each_ms === undefined) return;
    const timer = setInterval(() => setBeat(n => n + 1), each_ms);
    return () => clearInterval(timer);
  }, [each_ms]);
  return beat;
}

interface MethodTreeProps {
  readonly id: string;
  readonly isOver: boolean;
  /** Whether the method was gone through to its end. */
  readonly isCompleted: boolean;
}

/** The method as it was carried out: phases, in each its steps with how they ended. */
export function MethodTree({ id, isOver, isCompleted }: MethodTreeProps) {
  const { t, n } = useWords();
  const beat = useBeat(isOver ? undefined : EVENTS_MS);
  const { value } = useAsked<readonly Told[]>(pathOf('runs', id, 'events'), `${isOver} ${beat}`);
  const phases = useMemo(() => phasesOf(value ?? []), [value]);
  if (phases.length === 0) return null;
  return (
    <section class="panel" aria-labelledby="run-tree">
      <h2 id="run-tree">{t.methodTree}</h2>
      <ol class="tree">
        {phases.map((phase, i) => {
          const isLast = i === phases.length - 1;
          const isGoing = phase.end_s === undefined && !isOver && isLast;
          const isCut = isOver && (phase.end_s === undefined || (isLast && !isCompleted));
          return (
            <li key={i}>
              <details open={isGoing}>
                <summary>
                  <Mark of={isGoing ? 'going' : isCut ? 'stopped' : 'done'} /> <b>{phase.name}</b>{' '}
                  {timeText(phase.start_s)}
                  {phase.end_s !== undefined && `, ${n(durationText(phase.end_s - phase.start_s))}`}
                  {phase.endedBy !== '' && <small> {phase.endedBy}</small>}
                </summary>
                <ul class="steps">
                  {phase.steps.slice(0, MOST_STEPS).map((step, k) => (
                    <li key={k}>
                      {timeText(step.start_s)} <b>{step.id || step.op}</b>{' '}
                      {n(durationText(step.end_s - step.start_s))}
                      {', '}
                      <span class={AS_MEANT.includes(step.ended) ? '' : 'is-warn'}>
                        {AS_MEANT.includes(step.ended) ? '' : '▲ '}
                        {step.ended}
                      </span>{' '}
                      <small>{step.reason}</small>
                    </li>
                  ))}
                  {phase.steps.length > MOST_STEPS && <li>{t.shown(MOST_STEPS, phase.steps.length)}</li>}
                </ul>
              </details>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

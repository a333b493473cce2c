import { useEffect, useRef, useState } from 'preact/hooks';
import type { LabRehearsal, Planned } from '../../door/lab.ts';
import { ask, pathOf, type Refusal, refusalOf } from '../door/ask.ts';

/** How often it is asked how far a rehearsal is: it takes seconds. */
const ASK_MS = 400;

export interface Rehearsing {
  readonly rehearsal: LabRehearsal | undefined;
  readonly refusal: Refusal | undefined;
  readonly isUnderWay: boolean;
  begin(planned: Planned): void;
  /** It is not wanted any more. */
  giveUp(): void;
}

/** A rehearsal beside the door, asked for here and followed to its end. A newer one takes its place. */
export function useRehearsal(): Rehearsing {
  const [rehearsal, setRehearsal] = useState<LabRehearsal>();
  const [refusal, setRefusal] = useState<Refusal>();
  const [isUnderWay, setUnderWay] = useState(false);
  const newest = useRef(0);
  useEffect(
    () => () => {
      newest.current = -1;
    },
    [],
  );
  const follow = async (planned: Planned, own: number): Promise<void> => {
    try {
      let now = await ask<LabRehearsal>('POST', pathOf('rehearsals'), planned);
      while (newest.current === own) {
        setRehearsal(now);
        if (now.state !== 'under way') break;
        await new Promise(resolve => setTimeout(resolve, ASK_MS));
        now = await ask<LabRehearsal>('GET', pathOf('rehearsals', now.id));
      }
    } catch (error) {
      if (newest.current === own) setRefusal(refusalOf(error));
    }
    if (newest.current === own) setUnderWay(false);
  };
  return {
    rehearsal,
    refusal,
    isUnderWay,
    giveUp() {
      if (rehearsal === undefined) return;
      // What comes of it is seen by who follows it.
      ask('DELETE', pathOf('rehearsals', rehearsal.id)).catch(error => setRefusal(refusalOf(error)));
    },
    begin(planned) {
      newest.current += 1;
      setRehearsal(undefined);
      setRefusal(undefined);
      setUnderWay(true);
      void follow(planned, newest.current);
    },
  };
}

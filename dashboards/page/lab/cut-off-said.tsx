import type { CutOff } from '../../door/lab/cut-off.ts';
import { mustLook } from '../../door/lab/must-look.ts';
import { utcText } from '../../format.ts';
import { CUT_OFF } from '../words/lab/cut-off.ts';
import { language, words } from '../words/language.ts';

interface CutOffSaidProps {
  readonly cutOff: CutOff;
  /** Where there is little room, and no value of the run is shown. */
  readonly isShort?: boolean;
}

/** How a run that ended without a word left its bench: what its guard has proved, which means is next, and that somebody must look. */
export function CutOffSaid({ cutOff, isShort = false }: CutOffSaidProps) {
  const say = CUT_OFF[language()];
  const { guard, timeout_s, unproven } = cutOff;
  if (guard === 'simulated') return <p>{say.simulated}</p>;
  const means = [...new Set(unproven.map(({ otherwise }) => otherwise))];
  const isToBeSeen = mustLook(cutOff);
  return (
    <>
      <p>{say.title(utcText(cutOff.sinceUtc))}</p>
      <ul>
        <li>{[isToBeSeen && say.nobodyKnows, !isShort && say.isOld].filter(Boolean).join(' ')}</li>
        <li>{guard === 'waits' ? say.waits(String(timeout_s ?? '')) : say.guard[guard]}</li>
        {means.length > 0 && <li>{say.next(means.join('; '))}</li>}
        {isToBeSeen && <li>{say.look}</li>}
      </ul>
      {isToBeSeen && !isShort && <Details cutOff={cutOff} />}
    </>
  );
}

/** What is not proved, or what the guard wrote last; and which instruments look after themselves. */
function Details({ cutOff: { guardSaid, unproven, watchdogs } }: CutOffSaidProps) {
  const say = CUT_OFF[language()];
  const all = [
    ...unproven.map(({ what }) => say.notProved(what)),
    ...(guardSaid !== null && unproven.length === 0
      ? [say.guardSaid(utcText(guardSaid.utc), guardSaid.text)]
      : []),
    ...watchdogs.map(({ device, armed_s }) => words().lab.guards.watchdog(device, String(armed_s))),
  ];
  if (all.length === 0) return null;
  return (
    <details>
      <summary>{say.details}</summary>
      <ul>
        {all.map(text => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </details>
  );
}

import type { CutOff } from '../../door/lab/cut-off.ts';
import { mustLook } from '../../door/lab/must-look.ts';
import { CUT_OFF } from '../words/lab/cut-off.ts';
import { language, words } from '../words/language.ts';

/** How a run that ended without a word left its bench: what its guard has proved, which means is next, and that somebody must look. */
export function CutOffSaid({ cutOff }: { readonly cutOff: CutOff }) {
  const say = CUT_OFF[language()];
  const { guard, timeout_s, guardSaid, unproven, watchdogs } = cutOff;
  if (guard === 'simulated') return <p>{say.simulated}</p>;
  const means = [...new Set(unproven.map(({ otherwise }) => otherwise))];
  const isToBeSeen = mustLook(cutOff);
  return (
    <>
      <p>
        {say.title(utcOf(cutOff.sinceUtc))} {isToBeSeen ? say.nobodyKnows : say.isSafe}
      </p>
      <ul>
        <li>{guard === 'waits' ? say.waits(String(timeout_s ?? '')) : say.guard[guard]}</li>
        {means.length > 0 && <li>{say.next(means.join('; '))}</li>}
        {isToBeSeen && <li>{say.look}</li>}
        {unproven.map(({ what }) => (
          <li key={what} class="in-detail">
            {say.notProved(what)}
          </li>
        ))}
        {isToBeSeen && guardSaid !== null && unproven.length === 0 && (
          <li class="in-detail">{say.guardSaid(utcOf(guardSaid.utc), guardSaid.text)}</li>
        )}
        {isToBeSeen &&
          watchdogs.map(({ device, armed_s }) => (
            <li key={device} class="in-detail">
              {words().lab.guards.watchdog(device, String(armed_s))}
            </li>
          ))}
      </ul>
    </>
  );
}

const utcOf = (utc: string): string => `${utc.slice(0, 19).replace('T', ' ')} UTC`;

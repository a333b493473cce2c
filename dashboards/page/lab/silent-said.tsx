import { utcText } from '../../format.ts';
import { words } from '../words/language.ts';
import type { Silent } from './behind-door.ts';

interface SilentSaidProps {
  readonly silent: Silent;
  /** Of the run; undefined: not known. */
  readonly mode: string | undefined;
}

/** That the process of a run does not answer: since when, and what still guards the bench. */
export function SilentSaid({ silent, mode }: SilentSaidProps) {
  return (
    <>
      <p>{words().lab.silent(utcText(silent.sinceUtc))}</p>
      <ul>
        {mode !== undefined && mode !== 'bench' && <li>{words().lab.guards.simulated}</li>}
        {guardsOf(silent).map(text => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </>
  );
}

/** In words: what still guards the bench. */
function guardsOf({ guard, watchdogs }: Silent): readonly string[] {
  const say = words().lab.guards;
  const by =
    guard === null
      ? say.unknown
      : guard.what === 'watches'
        ? say.watches(String(guard.timeout_s ?? ''))
        : guard.what === 'acted'
          ? say.acted
          : guard.what === 'lost'
            ? say.lost
            : say.none;
  return [
    by,
    ...watchdogs.map(({ device, armed_s }) => say.watchdog(device, String(armed_s))),
    say.emergency,
  ];
}

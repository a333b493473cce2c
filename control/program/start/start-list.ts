import { startListLines } from '../../../dashboards/terminal/start-list.ts';
import type { Clock } from '../../../drivers/contract/clock.ts';
import type { Procedure } from '../../../profiles/procedure.ts';
import type { Recording } from '../../record/recording.ts';
import type { StartFacts } from '../../run/pre-start/facts.ts';
import { startList } from '../../run/pre-start/list.ts';
import { factsOf } from '../../run/pre-start/of-session.ts';
import type { SessionParts } from '../../run/session-parts.ts';
import { Clocks, diskFacts } from './machine.ts';

/** What the list before a start is put together from. */
export interface StartParts {
  readonly recording: Recording;
  readonly clock: Clock;
  /** The method that begins next. */
  readonly procedure: () => Procedure;
  /** Folder of the run that begins next. */
  readonly dir: () => string;
  /** The first run was cut off, and goes on. */
  readonly goesOn: boolean;
  readonly say: (text: string) => void;
}

/**
 * The list before a start of a session that is not open yet: what is armed, and who watches, is heard from its record. It is
 * printed whenever it is gone through.
 */
export function startListOf(parts: StartParts): NonNullable<SessionParts['preStart']> {
  const { recording, say } = parts;
  const clocks = new Clocks(parts.clock);
  const armed = new Map<string, number>();
  let { goesOn } = parts;
  let guard: StartFacts['guard'] = { unknown: 'nobody has said who watches' };
  recording.add({
    frame: () => {},
    setpoint: () => {},
    checkpoint: () => {},
    event: event => {
      if (event.kind === 'watchdog' && event.data.armed_s !== null)
        armed.set(event.data.device, event.data.armed_s);
      if (event.kind !== 'guard') return;
      if (event.data.what === 'watches') guard = { watches: event.text };
      if (event.data.what === 'none') guard = { none: event.text };
    },
  });
  return session => {
    const { bench, devices } = session.parts;
    const dir = parts.dir();
    const procedure = parts.procedure();
    const channels = new Map(
      [...devices.values()]
        .filter(({ id }) => Object.hasOwn(bench.devices, id))
        .map(device => [device.id, device.channels.length]),
    );
    const isThinned = bench.recording !== undefined || procedure.record !== undefined;
    const rows = startList({
      ...factsOf(session),
      watchdogs: armed,
      guard,
      disk: diskFacts({ dir, bench, channels, planned_s: procedure.planned_s, isThinned }),
      clock: clocks.facts(dir, goesOn),
    });
    goesOn = false;
    for (const line of startListLines(rows)) say(line);
    return rows;
  };
}

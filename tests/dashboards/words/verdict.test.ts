import { describe, expect, it } from 'vitest';
import type { Cause, CauseBy } from '../../../control/contract/cause.ts';
import { OF_DAMAGED } from '../../../control/program/result/cut-off.ts';
import { verdictOf } from '../../../control/program/result/outcome.ts';
import { isProved, verdictIn } from '../../../dashboards/page/words/verdict/verdict.ts';

/** How a run ended is said in every language, whoever ended it and however. */

/** By whom, with the names that may stand there. */
const IDS: Readonly<Record<CauseBy, readonly string[]>> = {
  procedure: ['complete'],
  person: ['page'],
  signal: ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'],
  interlock: ['h2-trip'],
  step: ['ramp'],
  'set-point': ['stack.current_A'],
  watchdog: ['supply of hall 2'],
  start: ['alarm'],
  record: ['journal'],
  guard: ['lost', 'silence'],
  rehearsal: ['never-ends'],
  self: ['tick'],
};
const CAUSES = Object.entries(IDS).flatMap(([by, ids]) => ids.map(id => ({ by, id }) as Cause));
const UNPROVEN = [{ what: 'vent', otherwise: 'by hand' }];
const ENDED = ['Complete', 'Stopped', 'Aborted'] as const;
const VERDICTS = [
  ...CAUSES.flatMap(cause =>
    ENDED.flatMap(state =>
      [[], UNPROVEN].map(unproven => verdictOf({ state, cause, reason: 'because', unproven })),
    ),
  ),
  ...['cut off', `cut off${OF_DAMAGED}`, 'imported', 'cut off: no result', 'under way, or cut off'],
  ...['the record cannot be read', 'result.json of another version', 'stopped by A. Miller before it began'],
  `aborted by a trip${OF_DAMAGED}`,
  'completed (by result.json: the record cannot be read)',
];
/** Words of a verdict in English that stand in no other language. */
const ENGLISH = /\b(by|because|stopped|aborted|completed|cut off|safe|person|trip|limit|lost|of)\b/;
/** Names stay as they are. */
const withoutNames = (text: string): string =>
  text.replaceAll(/supply of hall 2|A\. Miller|result\.json/g, '');

describe.each(['de', 'ja'] as const)('%s', language => {
  it('says every verdict there is', () => {
    const left = VERDICTS.filter(
      verdict =>
        verdictIn(language, verdict) === verdict || ENGLISH.test(withoutNames(verdictIn(language, verdict))),
    );
    expect(left).toEqual([]);
  });
});

it.each([
  ['de', 'aborted by a person', 'von einer Person abgebrochen'],
  ['ja', 'aborted by a person', '操作者による即時停止'],
  [
    'de',
    'aborted by a trip, safe state NOT fully proved',
    'durch eine Abschaltung abgebrochen, sicherer Zustand NICHT ganz nachgewiesen',
  ],
  // Names, and what goes on behind it, stay as they were said.
  ['ja', 'aborted because the watchdog of supply is lost', 'supply のウォッチドッグ喪失による即時停止'],
  [
    'de',
    'aborted by a trip: stack.voltage_V 12 > 11 V: again',
    'durch eine Abschaltung abgebrochen: stack.voltage_V 12 > 11 V: again',
  ],
  ['de', 'refused: no such role', 'abgelehnt: no such role'],
  ['de', 'cut off: no result', 'abgerissen: kein Ergebnis'],
  [
    'de',
    'aborted by a person (A. Miller (page)): a leak: H2',
    'von einer Person abgebrochen (A. Miller (page)): a leak: H2',
  ],
  // What is no verdict is not touched.
  ['de', 'run: a limit', 'run: a limit'],
  ['en', 'aborted by a person', 'aborted by a person'],
] as const)('%s: %s', (language, verdict, said) => {
  expect(verdictIn(language, verdict)).toBe(said);
});

it('what is not proved safe is known', () => {
  expect(isProved('completed')).toBe(true);
  expect(isProved('completed, safe state NOT fully proved')).toBe(false);
});

import type { Words } from '../words.ts';

/** Words of sessions, and of what the door of a laboratory refuses, in German. */
export const DOOR_DE: Words['door'] = {
  again:
    'Die Sitzung ist zu Ende. Bitte neu anmelden: Der Text unten bleibt, wie er ist, und kann dann gespeichert werden.',
  sameLines: n => `${n} gleiche Zeilen`,
  procedure: 'Prozedur',
  procedureText: 'aufgerufen von einer Methode, die dafür entsteht',
};

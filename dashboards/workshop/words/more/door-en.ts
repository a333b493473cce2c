/** Words of sessions, and of what the door of a laboratory refuses, in English. */
export const DOOR_EN = {
  again: 'Your session is over. Sign in again: the text below stays as it is, and can be saved then.',
  sameLines: (n: number) => `${n} lines the same`,
  procedure: 'procedure',
  procedureText: 'called by a method that is made for it',
};

import type { Words } from '../words.ts';

/** Words of a campaign that is held or changed, in German. */
export const CAMPAIGN_DE: Words['campaign'] = {
  heldAll: (by, since, why) =>
    `Angehalten von ${by} seit ${since} UTC (${why}): Was läuft, läuft weiter; bis zum Fortsetzen beginnt nichts mehr.`,
  heldBack: (what, by, since, why) => `${what} zurückgehalten von ${by} seit ${since} UTC (${why})`,
  standsStill: 'von einer Person angehalten: steht still, wo er ist',
  notGiven: 'ohne Angabe von Gründen',
  skippedToo: ids => `Was danach kommt, entfällt dann auch: ${ids}.`,
  onlyThis: 'Die anderen Male finden statt.',
  nobodyCarries: 'Niemand führt sie aus: Neu gestartet geht sie weiter.',
};

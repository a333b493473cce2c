/** Words of a campaign that is held or changed, in English. */
export const CAMPAIGN_EN = {
  heldAll: (by: string, since: string, why: string) =>
    `Held by ${by} since ${since} UTC (${why}): what is under way goes on, nothing more begins until it is resumed.`,
  heldBack: (what: string, by: string, since: string, why: string) =>
    `${what} is held back by ${by} since ${since} UTC (${why})`,
  standsStill: 'a person holds it: it stands still where it is',
  notGiven: 'no reason given',
  skippedToo: (ids: string) => `What comes after it is not done then either: ${ids}.`,
  onlyThis: 'Its other times are done.',
  nobodyCarries: 'Nobody carries it out: started again it goes on.',
};

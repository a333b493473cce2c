import type { Words } from '../words.ts';

/** Words of a campaign that is held or changed, in Japanese. */
export const CAMPAIGN_JA: Words['campaign'] = {
  heldAll: (by, since, why) =>
    `${by} が ${since} UTC から保留しています (${why})。実行中のものは続き、再開するまで新たに始まりません。`,
  heldBack: (what, by, since, why) => `${what}: ${by} が ${since} UTC から保留 (${why})`,
  standsStill: '人が一時停止中: その場で止まっています',
  notGiven: '理由なし',
  skippedToo: ids => `後に続くものも実行されません: ${ids}。`,
  onlyThis: 'ほかの回は実行されます。',
  nobodyCarries: '実行している人がいません。もう一度始めると続きます。',
};

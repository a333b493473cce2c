import type { Words } from '../words.ts';

/** Words of sessions, and of what the door of a laboratory refuses, in Japanese. */
export const DOOR_JA: Words['door'] = {
  again:
    'セッションが終了しました。もう一度サインインしてください。下のテキストはそのまま残り、その後保存できます。',
  sameLines: n => `同じ ${n} 行`,
};

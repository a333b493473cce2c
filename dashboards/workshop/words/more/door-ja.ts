import type { Words } from '../words.ts';

/** Words of sessions, and of what the door of a laboratory refuses, in Japanese. */
export const DOOR_JA: Words['door'] = {
  again:
    'セッションが終了しました。もう一度サインインしてください。下のテキストはそのまま残り、その後保存できます。',
  sameLines: n => `同じ ${n} 行`,
  procedure: '手順',
  procedureText: '専用に作られる試験方法から呼び出されます',
};

import type { Words } from '../words.ts';

/** Words of what stands wrong in the form of a start, in Japanese. */
export const FORM_JA: Words['form'] = {
  pace: '模擬の速さ',
  length: '長さ',
  writeAs: as => `${as} と書いてください`,
  otherUnit: (found, unit) => `${found} はこの量の単位ではありません。${unit} で入力してください`,
  noNumber: '数値を入力してください',
  noNumbers: '数値をコンマ区切りで入力してください',
  belowMin: min => `下限 ${min} を下回っています`,
  aboveMax: max => `上限 ${max} を超えています`,
  between: (least, most) => `${least} から ${most} までの数値を入力してください`,
};

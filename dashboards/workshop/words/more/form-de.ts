import type { Words } from '../words.ts';

/** Words of what stands wrong in the form of a start, in German. */
export const FORM_DE: Words['form'] = {
  pace: 'Tempo',
  length: 'Länge',
  writeAs: as => `so geschrieben: ${as}`,
  otherUnit: (found, unit) => `${found} ist keine Einheit dafür, erwartet: ${unit}`,
  noNumber: 'erwartet: eine Zahl',
  noNumbers: 'erwartet: Zahlen mit Kommas dazwischen',
  belowMin: min => `liegt unter ${min}`,
  aboveMax: max => `liegt über ${max}`,
  between: (least, most) => `erwartet: eine Zahl von ${least} bis ${most}`,
};

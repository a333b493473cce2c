/** Words of what stands wrong in the form of a start, in English. */
export const FORM_EN = {
  pace: 'pace',
  length: 'length',
  writeAs: (as: string) => `write ${as}`,
  otherUnit: (found: string, unit: string) => `${found} is no unit of it, expected ${unit}`,
  noNumber: 'expected a number',
  noNumbers: 'expected numbers with commas between',
  belowMin: (min: string) => `is below ${min}`,
  aboveMax: (max: string) => `is above ${max}`,
  between: (least: string, most: string) => `expected a number from ${least} to ${most}`,
};

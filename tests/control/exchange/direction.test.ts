import { expect, it } from 'vitest';
import { wayOf } from '../../../control/exchange/import/direction.ts';

it.each([
  [
    'discharge',
    [
      'D',
      'd',
      'DCh',
      'Discharge',
      'CC DChg',
      'CC_DChg',
      'CCCV DChg',
      'CP DChg',
      'CR_DChg',
      '恒流放电',
      'CC Discharge',
    ],
  ],
  [
    'charge',
    [
      'C',
      'Chg',
      'Charge',
      'CC Chg',
      'CC_Chg',
      'CCCV Chg',
      'CV Chg',
      'CP Chg',
      'CCCV',
      '恒流恒压充电',
      '恒流充电',
    ],
  ],
  ['rest', ['R', 'Rest', 'P', 'Pause', 'S', 'OCV', '静置', 'End', 'Idle']],
  ['unknown', ['?', '', 'X', 'ACR', '7', 'Cycle', 'Drive', 'Pulse', 'SIM']],
])('%s is known by its words', (way, words) => {
  expect(words.map(wayOf)).toEqual(words.map(() => way));
});

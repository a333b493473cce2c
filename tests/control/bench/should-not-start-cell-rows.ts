import type { Row } from './should-not-start-row.ts';

/** The same for the example of cells. */
export const CELL_ROWS: readonly Row[] = [
  {
    what: 'a cell without a trip at its highest voltage',
    changes: [
      [
        "trips: '>', limit: 4.25, rearm: 4.2, delay_s: 0, reaction: trip",
        "trips: '>', limit: 4.25, rearm: 4.2, delay_s: 0, reaction: hold",
      ],
    ],
    at: '  voltageMax_V:',
    says: /no interlock trips on more, expected .*trips: '>', reaction: trip/,
    accept: ['  voltageMax_V:', '  accepted: the reason of this lab\n  voltageMax_V:'],
  },
  {
    what: 'a current of one sign is proved',
    changes: [
      [
        "    - { role: cell.output_on, is: '<', limit: 0.5, within_s: 1, otherwise: pull the cell's fuse or open the channel's contactor }\n",
        '',
      ],
      [
        "    - { role: cell.current_A, is: '>', limit: -0.05, within_s: 1, otherwise: pull the cell's fuse or open the channel's contactor }\n",
        '',
      ],
    ],
    at: '  cycler:\n',
    says: /a current can flow the other way/,
  },
  {
    what: 'gate above the highest current',
    changes: [['cell.currentSet_A: { min: -10, max: 5 }', 'cell.currentSet_A: { min: -15, max: 5 }']],
    at: '  cell.currentSet_A: { min',
    says: /-15 A is beyond what is under test \(cell\.currentMax_A 10\), expected -10\.\.10/,
  },
  {
    what: 'trip above the highest voltage',
    changes: [['limit: 4.25, rearm: 4.2', 'limit: 4.5, rearm: 4.2']],
    at: 'id: cell-voltage-high',
    says: /4\.5 V is beyond what is under test/,
  },
  {
    what: 'half a mode',
    changes: [['cell.modeSet_count: { min: 0, max: 4 }', 'cell.modeSet_count: { min: 0.5, max: 4 }']],
    at: '  cell.modeSet_count: { min',
    says: /counts, 0\.5 is no whole number/,
  },
];

import type { Basis } from '../contract/device.ts';

/** Which way current may flow: `both` has set values for each. */
export type Flow = 'source' | 'sink' | 'both';

/** What tells the maker's series apart, as far as one table drives them all. */
export interface EaSeries {
  readonly name: string;
  /** What register 1 (device type) begins with. */
  readonly type: RegExp;
  /** Register 0 (device class), where the maker's list says it; the second one: built from 01/2022. */
  readonly classes?: readonly number[];
  readonly flow: Flow;
  /** Where its registers stand. */
  readonly manual: string;
  readonly basis: Basis;
}

const LISTS = 'register list KE 3.02+ and 3.10+';
const GUIDE_9000 = 'PGMBEN Rev 24; what is not in it as in the 10000 series (recalled)';

/**
 * Series that share the registers of this driver: 10000 by the maker's lists; 9000 by the programming guide. PSB 9000 is
 * not among them: the guide for it and the lists of the 10000 series do not agree on which bit says that it sinks.
 */
export const SERIES = {
  'psb-10000': {
    name: 'PSB 10000',
    type: /^PSB 1\d{4}-/,
    classes: [66, 83],
    flow: 'both',
    manual: LISTS,
    basis: 'sourced',
  },
  'psbe-10000': {
    name: 'PSBE 10000',
    type: /^PSBE 1\d{4}-/,
    classes: [69, 84],
    flow: 'both',
    manual: LISTS,
    basis: 'sourced',
  },
  'psi-10000': {
    name: 'PSI 10000',
    type: /^PSI 1\d{4}-/,
    classes: [68, 82],
    flow: 'source',
    manual: LISTS,
    basis: 'sourced',
  },
  'ps-10000': {
    name: 'PS 10000',
    type: /^PS 1\d{4}-/,
    classes: [85],
    flow: 'source',
    manual: LISTS,
    basis: 'sourced',
  },
  'elr-10000': {
    name: 'ELR 10000',
    type: /^ELR 1\d{4}-/,
    classes: [67, 81],
    flow: 'sink',
    manual: LISTS,
    // That registers 500..502 are those of the load is read out of the lists, not said there.
    basis: 'recalled',
  },
  'psi-9000': {
    name: 'PSI 9000',
    type: /^PSI 9\d{3}-/,
    flow: 'source',
    manual: GUIDE_9000,
    basis: 'recalled',
  },
  'ps-9000': { name: 'PS 9000', type: /^PS 9\d{3}-/, flow: 'source', manual: GUIDE_9000, basis: 'recalled' },
  'elr-9000': {
    name: 'ELR 9000',
    type: /^ELR 9\d{3}-/,
    flow: 'sink',
    manual: GUIDE_9000,
    basis: 'recalled',
  },
} as const satisfies Readonly<Record<string, EaSeries>>;

export type SeriesId = keyof typeof SERIES;
/** For the options of a bench file. */
export const SERIES_IDS = Object.keys(SERIES) as [SeriesId, ...SeriesId[]];

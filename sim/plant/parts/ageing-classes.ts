import { declare } from './declared.ts';
import type { DeclaredParameter } from './model.ts';

/** How fast one kind of stack ages, and by what. */
export interface AgeingClass {
  readonly irreversible_uV_per_h: number;
  /** Standard uncertainty of the rate: how far single stacks of the class differ, as part of it. */
  readonly u_frac: number;
  readonly ohmicShare_frac: number;
  readonly transportShare_frac: number;
  readonly basis: 'sourced' | 'recalled' | 'default';
  readonly source: string;
}

/** Published rates by kind of product; the shares are defaults but for bare titanium. */
export const AGEING_CLASSES = {
  laboratoryPem: {
    irreversible_uV_per_h: 15,
    u_frac: 0.6,
    ohmicShare_frac: 0.3,
    transportShare_frac: 0.15,
    basis: 'sourced',
    source: 'median of 30 published tests of 1000 h and more (quartiles 9 and 34), database of Ding et al.',
  },
  productPem: {
    irreversible_uV_per_h: 4,
    u_frac: 0.4,
    ohmicShare_frac: 0.3,
    transportShare_frac: 0.15,
    basis: 'recalled',
    source:
      'PEM product stacks 2..5 uV/h (DOE status 2.3..4.8), plants of several MW 3..8; laboratory tests 15',
  },
  bareTitaniumPem: {
    irreversible_uV_per_h: 194,
    u_frac: 0.3,
    ohmicShare_frac: 0.78,
    transportShare_frac: 0,
    basis: 'sourced',
    source: 'transport layer of uncoated titanium, Rakousky et al., J. Power Sources 326 (2016) 120',
  },
  alkaline: {
    irreversible_uV_per_h: 2,
    u_frac: 0.5,
    ohmicShare_frac: 0.3,
    transportShare_frac: 0.1,
    basis: 'recalled',
    source: 'alkaline product stacks 1..3.2 uV/h (DOE status 3.2)',
  },
  aem: {
    irreversible_uV_per_h: 10,
    u_frac: 0.5,
    ohmicShare_frac: 0.4,
    transportShare_frac: 0.1,
    basis: 'recalled',
    source: 'AEM product stacks 5..20 uV/h; laboratory cells 50..1000 uV/h',
  },
  protonCeramic: {
    irreversible_uV_per_h: 60,
    u_frac: 0.6,
    ohmicShare_frac: 0.6,
    transportShare_frac: 0,
    basis: 'recalled',
    source: 'proton-ceramic cells 20..200 uV/h; published cells differ more than ten-fold',
  },
} as const satisfies Record<string, AgeingClass>;

/** What is said of a class by whoever declares one of its shares. */
export const SHARE_SOURCE =
  'part of the irreversible rise at nominal current; the rest is lost active area; order of published tests (bare ' +
  'titanium 0.78 ohmic, Rakousky et al. 2016), chosen here';

/** Rate and shares of a class as declared figures. */
export function ageingDeclared(kind: AgeingClass): readonly DeclaredParameter[] {
  const { irreversible_uV_per_h, u_frac, ohmicShare_frac, transportShare_frac, basis, source } = kind;
  const share = (name: string, value: number): DeclaredParameter =>
    declare(name, value, [0, 1], 0.3 * value, 'default', SHARE_SOURCE);
  return [
    declare(
      'ageing_uV_per_h',
      irreversible_uV_per_h,
      [0, 2000],
      u_frac * irreversible_uV_per_h,
      basis,
      `at nominal load; ${source}`,
    ),
    share('ageingOhmicShare_frac', ohmicShare_frac),
    share('ageingTransportShare_frac', transportShare_frac),
  ];
}

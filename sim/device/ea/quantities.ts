export const QUANTITIES = ['voltage', 'current', 'power'] as const;
export type SupplyQuantity = (typeof QUANTITIES)[number];
/** What is set: U, I and P as a source; I and P of the sink side stand by themselves. */
export type SetQuantity = SupplyQuantity | 'sinkCurrent' | 'sinkPower';

/** 100 % of a rating ("Translating set values" of the guide). */
export const FULL_SCALE = 0xcccc;
/** Set values may be written up to 102 %, protection thresholds up to 110 %. */
export const SET_MAX = 0xd0e5;
export const PROTECTION_MAX = 0xe147;
/** The converters resolve 26214 steps over 100 %. */
export const STEPS = 26214;

/** What a set value is of. */
export const SIDE: Readonly<Record<SetQuantity, SupplyQuantity>> = {
  voltage: 'voltage',
  current: 'current',
  power: 'power',
  sinkCurrent: 'current',
  sinkPower: 'power',
};

/** A measured value as a register: even steps, without a sign. */
export function percentRaw(value: number, nominal: number): number {
  const raw = 2 * Math.round((value / nominal) * STEPS);
  return Number.isNaN(raw) ? 0 : clamp(raw, 0, 0xfffe);
}

/** One for each. */
export function mapQuantities(of: (quantity: SupplyQuantity) => number): Record<SupplyQuantity, number> {
  return { voltage: of('voltage'), current: of('current'), power: of('power') };
}

/** The nearest within bounds. */
export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/** By the type on its plate: an electronic load has no source, and its I and P are those that it draws. */
export function isLoad(type: string): boolean {
  return type.startsWith('ELR ');
}

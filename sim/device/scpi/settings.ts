import { nr3 } from './common.ts';
import { numberOf, switchOf, type Word } from './words.ts';

/** Settings of an instrument as words of its language: asked and said alike. */

/** A state: ON, OFF, 1, 0. */
export const flag = (get: () => boolean, set: (on: boolean) => void): Word => ({
  ask: () => (get() ? '1' : '0'),
  say(argument) {
    const on = switchOf(argument);
    if (on === undefined) return -224;
    set(on);
    return undefined;
  },
});
/** One of several words, whole or short, in quotes or not. */
export const named = <T extends string>(known: readonly T[], get: () => T, set: (to: T) => void): Word => ({
  ask: () => get(),
  say(argument) {
    const bare = argument.replaceAll(/["']/g, '').toUpperCase();
    const found = known.find(name => bare.startsWith(name));
    if (found === undefined) return -224;
    set(found);
    return undefined;
  },
});
/** A number that may be refused. */
export const number = (get: () => number, set: (value: number) => boolean): Word => ({
  ask: () => nr3(get()),
  say: argument => (argument === '' ? -109 : set(numberOf(argument)) ? undefined : -222),
});

/** Seven figures, as the instrument writes a reading. */
export function number7(value: number): string {
  const text = value
    .toExponential(6)
    .toUpperCase()
    .replace(/E([+-])(\d)$/, 'E$10$2');
  return value < 0 ? text : `+${text}`;
}

/**
 * Which way a current went where a cycler writes amounts: by the word of its state. Words as the programs write them,
 * recalled: Maccor's C, D, R, P, S; Neware's "CC Chg", "CCCV DChg", "Rest" and their Chinese forms; Arbin has none.
 */

/** `unknown`: the word says no way that is known here. */
export type Way = 'charge' | 'discharge' | 'rest' | 'unknown';

const DISCHARGE =
  /^(d|dch|dchg|dis|disch|discharge|discharging|cc[ _-]?d(is)?ch?g?|cc[ _-]?dch|cc[ _-]?disch(arge)?|cp[ _-]?d(is)?ch?g|cr[ _-]?d(is)?ch?g|cccv[ _-]?d(is)?ch?g|cv[ _-]?d(is)?ch?g)\b|放电/i;
const CHARGE =
  /^(c|ch|chg|chrg|cha|charge|charging|cc[ _-]?ch(ar)?g?e?|cv[ _-]?ch(ar)?g?e?|cccv[ _-]?ch(ar)?g?e?|cp[ _-]?ch(ar)?g?e?|cccv|cv)\b|充电/i;
const REST =
  /^(r|rst|rest|resting|p|pau|pause|s|sus|suspend(ed)?|o|off|ocv|open[ _-]?circuit|idle|standby|wait(ing)?|end|finish(ed)?|stop(ped)?)\b|静置|搁置/i;

/** Reads the word of a state. */
export function wayOf(state: string): Way {
  const word = state.trim();
  if (DISCHARGE.test(word)) return 'discharge';
  if (CHARGE.test(word)) return 'charge';
  return REST.test(word) ? 'rest' : 'unknown';
}

import type { Said, SaidWords } from '../../../../control/view.ts';
import { type Language, language } from '../language.ts';
import { SAID_DE } from './de.ts';
import { SAID_JA } from './ja.ts';

/** Each language but English, in which a bench speaks by itself. */
export const SAID: Readonly<Record<Exclude<Language, 'en'>, SaidWords>> = { de: SAID_DE, ja: SAID_JA };

/** What a bench says, in a language; where it is known in words only, or by a code of another version, as the bench words it. */
export function saidIn(shown: Language, text: string, said: Said | undefined): string {
  if (said === undefined || shown === 'en' || !Object.hasOwn(SAID[shown], said.code)) return text;
  return (SAID[shown][said.code] as (found: unknown) => string)(said.with);
}

/** The same in the language that is shown. */
export function saidText(text: string, said: Said | undefined): string {
  return saidIn(language(), text, said);
}

import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { de } from './de.ts';
import { en } from './en.ts';
import { ja } from './ja.ts';

/** The languages of the page: one table each, all with the same words. */

/** What each table has: the keys of the English one, with any texts. */
export type Words = Widened<typeof en>;
type Widened<T> = {
  readonly [K in keyof T]: T[K] extends string
    ? string
    : T[K] extends (...args: infer A) => string
      ? (...args: A) => string
      : Widened<T[K]>;
};

export const LANGUAGES = { en: 'English', de: 'Deutsch', ja: '日本語' } as const;
export type Language = keyof typeof LANGUAGES;

const TABLES: Readonly<Record<Language, Words>> = { en, de, ja };
const KEPT = 'cellbench.language';

export interface Spoken {
  readonly language: Language;
  readonly t: Words;
  /** A number as it is written there: from the point of files and programs. */
  n(digits: string): string;
}

export function spoken(language: Language): Spoken {
  return {
    language,
    t: TABLES[language],
    n: digits => (language === 'de' ? digits.replace('.', ',') : digits),
  };
}

export const SpokenContext = createContext<Spoken>(spoken('en'));

export function useWords(): Spoken {
  return useContext(SpokenContext);
}

/** `?lang=`, else what was chosen in this browser before, else the browser's own, else English. */
export function firstLanguage(): Language {
  const asked = new URLSearchParams(location.search).get('lang');
  const all = [asked, kept(), navigator.language.slice(0, 2)];
  return all.find((one): one is Language => one !== null && Object.hasOwn(LANGUAGES, one)) ?? 'en';
}

function kept(): string | null {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    // A browser that keeps nothing asks anew.
    return null;
  }
}

export function keepLanguage(language: Language): void {
  try {
    localStorage.setItem(KEPT, language);
  } catch {
    // Likewise.
  }
}

/** A word of a small table for what a program says; what it does not know stands as it is. */
export function wordOf(table: Readonly<Record<string, string>>, said: string): string {
  return table[said] ?? said;
}

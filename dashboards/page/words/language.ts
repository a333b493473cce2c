import { de } from './de.ts';
import { en, type Words } from './en.ts';
import { ja } from './ja.ts';

/** Languages of the page by their codes (BCP 47), each by its own name. */
export const LANGUAGES = { en: 'English', ja: '日本語', de: 'Deutsch' } as const;
export type Language = keyof typeof LANGUAGES;

const TABLES: Readonly<Record<Language, Words>> = { en, ja, de };
const KEPT_AS = 'cellbench.language';

let shown: Language = 'en';

/** The fixed words of the page in the language that is shown. Texts that come from the bench stay as they are. */
export function words(): Words {
  return TABLES[shown];
}

/** The language that is shown. */
export function language(): Language {
  return shown;
}

/** From now on the page speaks it. */
export function speak(next: Language): void {
  shown = next;
}

/** `?lang=` of the address, else what this browser chose last, else what it asks for; English where we do not speak it. */
export function languageOfBrowser(): Language {
  const asked = new URLSearchParams(location.search).get('lang');
  return [asked, kept(), navigator.language.slice(0, 2)].find(isLanguage) ?? 'en';
}

/** Keeps the choice in this browser and shows the page in it. */
export function chooseLanguage(next: Language): void {
  try {
    localStorage.setItem(KEPT_AS, next);
  } catch {
    // A browser that keeps nothing: the address says it.
  }
  const address = new URL(location.href);
  address.searchParams.set('lang', next);
  location.assign(address);
}

/** `?lang=` is kept like a choice: links from here on speak the same. */
export function startLanguage(): void {
  speak(languageOfBrowser());
  document.documentElement.lang = shown;
  try {
    if (new URLSearchParams(location.search).has('lang')) localStorage.setItem(KEPT_AS, shown);
  } catch {
    // As above.
  }
}

function kept(): string | null {
  try {
    return localStorage.getItem(KEPT_AS);
  } catch {
    return null;
  }
}

function isLanguage(code: string | null): code is Language {
  return code !== null && Object.hasOwn(LANGUAGES, code);
}

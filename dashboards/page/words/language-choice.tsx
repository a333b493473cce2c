import { chooseLanguage, LANGUAGES, type Language, language, words } from './language.ts';

/** In which language the page is shown; each is called by its own name. */
export function LanguageChoice() {
  return (
    <select
      class="language"
      aria-label={words().language}
      value={language()}
      onChange={event => chooseLanguage(event.currentTarget.value as Language)}
    >
      {Object.entries(LANGUAGES).map(([code, name]) => (
        <option key={code} value={code} lang={code}>
          {name}
        </option>
      ))}
    </select>
  );
}

import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { speak } from '../page/words/language.ts';
import { BenchesPage } from './benches/benches-page.tsx';
import { CampaignPage } from './campaigns/campaign-page.tsx';
import { CampaignsPage } from './campaigns/campaigns-page.tsx';
import { LabProvider, useLab } from './door/lab-state.tsx';
import { type PageName, type Route, to, useRoute } from './door/route.ts';
import { LaterEditor } from './methods/later-editor.tsx';
import { MethodsPage } from './methods/methods-page.tsx';
import { Refused } from './parts/said.tsx';
import { ControlBar } from './people/control-bar.tsx';
import { PeoplePage } from './people/people-page.tsx';
import { SignIn } from './people/sign-in.tsx';
import { ComparePage } from './runs/compare-page.tsx';
import { ReportPage } from './runs/report-page.tsx';
import { RunPage } from './runs/run-page.tsx';
import { RunsPage } from './runs/runs-page.tsx';
import { StartPage } from './start/start-page.tsx';
import {
  firstLanguage,
  keepLanguage,
  LANGUAGES,
  type Language,
  SpokenContext,
  spoken,
  useWords,
} from './words/words.ts';

/** The page of a laboratory. */
export function App() {
  const [language, setLanguage] = useState<Language>(firstLanguage);
  const words = useMemo(() => {
    // Parts of the run's own page speak it, too.
    speak(language);
    return spoken(language);
  }, [language]);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  return (
    <SpokenContext.Provider value={words}>
      <LabProvider>
        <Frame
          onLanguage={next => {
            keepLanguage(next);
            setLanguage(next);
          }}
        />
      </LabProvider>
    </SpokenContext.Provider>
  );
}

const TABS: readonly (readonly [PageName, 'benches' | 'methods' | 'start' | 'runs' | 'campaigns'])[] = [
  ['benches', 'benches'],
  ['methods', 'methods'],
  ['start', 'start'],
  ['runs', 'runs'],
  ['campaigns', 'campaigns'],
];
/** Places that stand below a tab. */
const TAB_OF: Partial<Record<PageName, PageName>> = { compare: 'runs', report: 'runs', edit: 'methods' };

function Frame({ onLanguage }: { readonly onLanguage: (language: Language) => void }) {
  const { t, language } = useWords();
  const lab = useLab();
  const route = useRoute();
  const isIn = lab.me !== undefined && lab.me.role !== null;
  const wasConnected = useOnce(lab.connected);
  const wasIn = useOnce(isIn);
  // A text that is being written outlives the session: whoever signs in again goes on with it.
  const isKept = wasIn && route.page === 'edit';
  const tab = TAB_OF[route.page] ?? route.page;
  return (
    <>
      <header class="lab-top">
        <strong>cellbench</strong>
        {isIn && (
          <nav aria-label={t.parts}>
            {TABS.map(([page, word]) => (
              <a key={page} href={to(page)} aria-current={tab === page ? 'page' : undefined}>
                {t[word]}
              </a>
            ))}
          </nav>
        )}
        <ControlBar />
        <label class="tongue">
          <span class="spoken">{t.language}</span>
          <select value={language} onChange={event => onLanguage(event.currentTarget.value as Language)}>
            {Object.entries(LANGUAGES).map(([code, name]) => (
              <option key={code} value={code} lang={code} selected={code === language}>
                {name}
              </option>
            ))}
          </select>
        </label>
      </header>
      {isIn && wasConnected && !lab.connected && (
        <div class="banner lost" role="status">
          {t.lost}
        </div>
      )}
      {lab.me === undefined ? (
        <main class="lab">
          {lab.refusal === undefined ? <p class="waiting">{t.loading}</p> : <Refused refusal={lab.refusal} />}
        </main>
      ) : (
        <>
          {!isIn && <SignIn isAgain={isKept} />}
          {(isIn || isKept) && (
            <main class="lab" key={`${route.page}/${route.name}`}>
              <Place route={route} />
            </main>
          )}
        </>
      )}
    </>
  );
}

/** Whether it was so at any time. */
function useOnce(is: boolean): boolean {
  const was = useRef(false);
  was.current ||= is;
  return was.current;
}

function Place({ route: { page, name, query } }: { readonly route: Route }) {
  switch (page) {
    case 'benches':
      return <BenchesPage />;
    case 'methods':
      return <MethodsPage />;
    case 'start':
      return (
        <StartPage
          bench={query.get('bench') ?? ''}
          method={query.get('method') ?? ''}
          subject={query.get('subject') ?? ''}
        />
      );
    case 'runs':
      return name === '' ? <RunsPage /> : <RunPage id={name} />;
    case 'report':
      return <ReportPage id={name} />;
    case 'compare':
      return <ComparePage ids={query.getAll('run')} />;
    case 'campaigns':
      return name === '' ? <CampaignsPage file={query.get('file') ?? ''} /> : <CampaignPage id={name} />;
    case 'people':
      return <PeoplePage />;
    case 'edit':
      return <LaterEditor name={name} from={query.get('from') ?? ''} />;
  }
}

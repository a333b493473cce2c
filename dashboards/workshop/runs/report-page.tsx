import { pathOf } from '../door/ask.ts';
import { to } from '../door/route.ts';
import { PageHead } from '../parts/page-head.tsx';
import { useWords } from '../words/words.ts';

/** The report of a run within the page, with the way back. No script of it runs. */
export function ReportPage({ id }: { readonly id: string }) {
  const { t } = useWords();
  const address = pathOf('runs', id, 'report');
  return (
    <>
      <PageHead title={t.reportOf(id)}>
        <a href={to('runs', id)}>{t.backTo(id)}</a>
        <a href={address} target="_blank" rel="noopener">
          {t.ownTab}
        </a>
      </PageHead>
      <iframe class="report" title={t.reportOf(id)} src={address} sandbox="allow-same-origin allow-popups" />
    </>
  );
}

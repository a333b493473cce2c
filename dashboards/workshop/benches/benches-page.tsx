import type { LabBench } from '../../door/lab.ts';
import { pathOf } from '../door/ask.ts';
import { useLab } from '../door/lab-state.tsx';
import { to } from '../door/route.ts';
import { useAsked } from '../door/use-asked.ts';
import { Findings } from '../parts/findings.tsx';
import { Mark } from '../parts/mark.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { Refused } from '../parts/said.tsx';
import { useWords } from '../words/words.ts';
import { LeftOnBench } from './left-on-bench.tsx';
import { wrongIn } from './wrong-in.ts';

/** Which benches there are, and which of them is free. */
export function BenchesPage() {
  const { t } = useWords();
  const { standing, runs } = useLab();
  const { value, refusal } = useAsked<readonly LabBench[]>(pathOf('benches'), standing);
  // With its name where a run is meant; a bench may be busy with something else.
  const isRun = (id: string): boolean => runs?.some(run => run.id === id) ?? false;
  return (
    <>
      <PageHead title={t.benches} />
      <Refused refusal={refusal} />
      {value?.length === 0 && <p class="is-quiet">{t.noBenches}</p>}
      {value === undefined && refusal === undefined && <p class="waiting">{t.loading}</p>}
      <div class="cards">
        {value?.map(bench => (
          <section key={bench.name} class="panel bench" aria-labelledby={`bench-${bench.name}`}>
            <h2 id={`bench-${bench.name}`}>{bench.title || bench.name}</h2>
            <p>
              <small>{bench.name}</small>
            </p>
            <Findings findings={firstOf(bench)} />
            {bench.busy.length === 0 ? (
              bench.findings.length === 0 &&
              bench.left.length === 0 && (
                <p>
                  <Mark of="free" words={{ free: t.free }} />
                </p>
              )
            ) : (
              <ul>
                {bench.busy.map(id => (
                  <li key={id}>
                    <Mark of="going" words={{ going: t.busyWith }} />{' '}
                    {isRun(id) ? <a href={to('runs', id)}>{id}</a> : id}
                  </li>
                ))}
              </ul>
            )}
            <LeftOnBench left={bench.left} />
            {bench.subjects.length > 0 && (
              <p>
                {t.subject}: {bench.subjects.join(', ')}
              </p>
            )}
            {wrongIn(bench) === undefined ? (
              <>
                <details>
                  <summary>
                    {t.devices}: {Object.keys(bench.devices).length},{' '}
                    {bench.canEmulate ? t.canEmulate : t.noEmulators}
                  </summary>
                  <ul>
                    {Object.entries(bench.devices).map(([device, driver]) => (
                      <li key={device}>
                        {device} <small>{driver}</small>
                      </li>
                    ))}
                  </ul>
                </details>
                <a
                  class="as-button"
                  href={to('start', '', { bench: bench.name })}
                  aria-label={`${t.startHere}: ${bench.name}`}
                >
                  {t.startHere}
                </a>
              </>
            ) : (
              <p class="is-quiet">{t.noStartHere}</p>
            )}
          </section>
        ))}
      </div>
    </>
  );
}

/** Of what is wrong in its file that which comes first: the file itself has to be mended elsewhere. */
function firstOf(bench: LabBench): LabBench['findings'] {
  return [wrongIn(bench) ?? bench.findings[0]].filter(finding => finding !== undefined);
}

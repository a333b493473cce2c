import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ShownSpectrum, ShownVoltammogram } from '../../control/view.ts';
import { spectraPictures } from '../report/spectra.ts';
import { voltammogramPictures } from '../report/voltammograms.ts';
import { getJson } from './trends.ts';
import { words } from './words/language.ts';

/** Pixels of a picture's own scale: two stand beside each other where the charts do. */
const WIDTH = 520;

interface SpectraProps {
  /** Which run's. */
  readonly run: string;
  /** Grows with each point; 0: there is no spectrum. */
  readonly news: number;
  readonly connected: boolean;
}

/** What the instruments measure by themselves. */
interface Measured {
  readonly spectra: readonly ShownSpectrum[];
  readonly voltammograms: readonly ShownVoltammogram[];
}

const NOTHING: Measured = { spectra: [], voltammograms: [] };

/** Impedance spectra and voltammograms while they are measured, point by point, in the pictures of the report. */
export function Spectra(props: SpectraProps) {
  const { spectra, voltammograms } = useMeasured(props);
  const pictures = useMemo(() => spectraPictures(spectra, WIDTH), [spectra]);
  const curves = useMemo(() => voltammogramPictures(voltammograms, WIDTH), [voltammograms]);
  return (
    <>
      {spectra.length > 0 && (
        <section class="panel spectra" aria-label={words().spectra.impedance}>
          <h2>{words().spectra.impedance}</h2>
          <ul>
            {spectra.map(spectrum => (
              <li key={spectrum.name} class={spectrum.state.replace(' ', '-')}>
                <b>{spectrum.name}</b> {pointsText(spectrum, spectrum.frequency_Hz.length)}{' '}
                <Tested spectrum={spectrum} />
              </li>
            ))}
          </ul>
          <Pictures pictures={pictures} />
        </section>
      )}
      {voltammograms.length > 0 && (
        <section class="panel spectra" aria-label={words().spectra.voltammetry}>
          <h2>{words().spectra.voltammetry}</h2>
          <ul>
            {voltammograms.map(curve => (
              <li key={curve.name} class={curve.state.replace(' ', '-')}>
                <b>{curve.name}</b> {pointsText(curve, curve.points)}
              </li>
            ))}
          </ul>
          <Pictures pictures={curves} />
        </section>
      )}
    </>
  );
}

function Pictures({ pictures }: { readonly pictures: readonly string[] }) {
  return (
    <div class="pictures">
      {pictures.map((svg, i) => (
        // Made by ourselves, texts escaped.
        <div key={i} dangerouslySetInnerHTML={{ __html: svg }} />
      ))}
    </div>
  );
}

function pointsText({ state, asked }: Pick<ShownSpectrum, 'state' | 'asked'>, points: number): string {
  const say = words().spectra;
  return state === 'whole' ? say.points(points) : say.pointsOf(points, asked, say.states[state]);
}

/** What the Kramers-Kronig test says, once it can. */
function Tested({ spectrum: { state, kramersKronig } }: { readonly spectrum: ShownSpectrum }) {
  if (state === 'under way') return null;
  const say = words().spectra;
  if (kramersKronig === null) return <small>{say.tooFew}</small>;
  return kramersKronig.passes ? (
    <em class="kk is-good">{say.passed}</em>
  ) : (
    <em class="kk is-bad">{say.failed}</em>
  );
}

/** Fetched anew whenever there is news, one request at a time. */
function useMeasured({ run, news, connected }: SpectraProps): Measured {
  const [measured, setMeasured] = useState<Measured>(NOTHING);
  const wanted = useRef('');
  const isLoading = useRef(false);
  useEffect(() => {
    wanted.current = news === 0 ? '' : `${run} ${news} ${connected}`;
    const load = async (): Promise<void> => {
      const asked = wanted.current;
      setMeasured(asked === '' ? NOTHING : await getJson<Measured>('api/spectra'));
      if (wanted.current !== asked) await load();
    };
    if (isLoading.current) return;
    isLoading.current = true;
    load()
      .catch(() => {
        // The line is down; what comes next asks again.
      })
      .finally(() => {
        isLoading.current = false;
      });
  }, [run, news, connected]);
  return measured;
}

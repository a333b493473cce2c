import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ShownSpectrum } from '../../control/view.ts';
import { spectraPictures } from '../report/spectra.ts';
import { getJson } from './trends.ts';

/** Pixels of a picture's own scale: two stand beside each other where the charts do. */
const WIDTH = 520;

interface SpectraProps {
  /** Which run's. */
  readonly run: string;
  /** Grows with each point; 0: there is no spectrum. */
  readonly news: number;
  readonly connected: boolean;
}

/** Impedance spectra while they are measured, point by point, in the pictures of the report. */
export function Spectra(props: SpectraProps) {
  const spectra = useSpectra(props);
  const pictures = useMemo(() => spectraPictures(spectra, WIDTH), [spectra]);
  if (spectra.length === 0) return null;
  return (
    <section class="panel spectra" aria-label="Impedance">
      <h2>Impedance</h2>
      <ul>
        {spectra.map(spectrum => (
          <li key={spectrum.name} class={spectrum.state.replace(' ', '-')}>
            <b>{spectrum.name}</b> {pointsText(spectrum)} <Tested spectrum={spectrum} />
          </li>
        ))}
      </ul>
      <div class="pictures">
        {pictures.map((svg, i) => (
          // Made by ourselves, texts escaped.
          <div key={i} dangerouslySetInnerHTML={{ __html: svg }} />
        ))}
      </div>
    </section>
  );
}

function pointsText({ state, asked, frequency_Hz }: ShownSpectrum): string {
  const points = frequency_Hz.length;
  return state === 'whole' ? `${points} points` : `${points} of ${asked} points, ${state}`;
}

/** What the Kramers-Kronig test says, once it can. */
function Tested({ spectrum: { state, kramersKronig } }: { readonly spectrum: ShownSpectrum }) {
  if (state === 'under way') return null;
  if (kramersKronig === null) return <small>too few points for the Kramers-Kronig test</small>;
  return kramersKronig.passes ? (
    <em class="kk is-good">Kramers-Kronig test passed</em>
  ) : (
    <em class="kk is-bad">
      Kramers-Kronig test not passed: it drifted or was driven out of its linear range
    </em>
  );
}

/** Fetched anew whenever there is news, one request at a time. */
function useSpectra({ run, news, connected }: SpectraProps): readonly ShownSpectrum[] {
  const [spectra, setSpectra] = useState<readonly ShownSpectrum[]>([]);
  const wanted = useRef('');
  const isLoading = useRef(false);
  useEffect(() => {
    wanted.current = news === 0 ? '' : `${run} ${news} ${connected}`;
    const load = async (): Promise<void> => {
      const asked = wanted.current;
      const answer = asked === '' ? [] : (await getJson<{ spectra: ShownSpectrum[] }>('api/spectra')).spectra;
      setSpectra(answer);
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
  return spectra;
}

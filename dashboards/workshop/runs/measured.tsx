import { useMemo } from 'preact/hooks';
import type { ShownSpectrum, ShownVoltammogram } from '../../../control/view.ts';
import { spectraPictures } from '../../report/spectra.ts';
import { voltammogramPictures } from '../../report/voltammograms.ts';
import { pathOf } from '../door/ask.ts';
import { useAsked } from '../door/use-asked.ts';
import { useWords } from '../words/words.ts';

/** Pixels of a picture's own scale: two stand beside each other. */
const WIDTH = 520;

interface Found {
  readonly spectra: readonly ShownSpectrum[];
  readonly voltammograms: readonly ShownVoltammogram[];
}

/** Impedance spectra and voltammograms of a run, in the pictures of its report. Nothing where it has none. */
export function Measured({ id }: { readonly id: string }) {
  const { t } = useWords();
  const { value } = useAsked<Found>(pathOf('runs', id, 'spectra'));
  const spectra = useMemo(() => spectraPictures(value?.spectra ?? [], WIDTH), [value]);
  const curves = useMemo(() => voltammogramPictures(value?.voltammograms ?? [], WIDTH), [value]);
  return (
    <>
      <Pictures title={t.impedance} pictures={spectra} />
      <Pictures title={t.voltammetry} pictures={curves} />
    </>
  );
}

function Pictures({ title, pictures }: { readonly title: string; readonly pictures: readonly string[] }) {
  if (pictures.length === 0) return null;
  return (
    <section class="panel spectra" aria-label={title}>
      <h2>{title}</h2>
      <div class="pictures">
        {pictures.map((svg, i) => (
          // Made by ourselves, texts escaped.
          <div key={i} dangerouslySetInnerHTML={{ __html: svg }} />
        ))}
      </div>
    </section>
  );
}

import { useEffect, useState } from 'preact/hooks';
import type { Series } from '../../../control/view.ts';
import { getJson } from '../trends.ts';

/** The course of one channel's voltage over its whole run, without any scale: how it goes, not how high. */

const WIDTH = 120;
const HEIGHT = 24;
const RELOAD_MS = 60_000;
/** Noise stays flat below this, V. */
const LEAST_SPAN_V = 0.02;

/** `page`: where the live page of its run is; `now_V`: what is read now, at its end. */
export function Sparkline({ page, now_V }: { readonly page: string; readonly now_V: number | null }) {
  const [series, setSeries] = useState<Series>();
  useEffect(() => {
    const load = (): void =>
      void getJson<Series>(`${page}api/history?role=cell.voltage_V`).then(setSeries, () => {
        // Its page is just coming or going: the next time.
      });
    load();
    const timer = setInterval(load, RELOAD_MS);
    return () => clearInterval(timer);
  }, [page]);
  const path = series === undefined ? '' : pathOf([...series.value, now_V]);
  return (
    <svg class="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}

/** An SVG path: a value each, from left to right; where there is none the pen is lifted. */
export function pathOf(all: readonly (number | null)[]): string {
  const every = Math.max(1, Math.ceil(all.length / WIDTH));
  const values = all.filter((_, i) => i % every === 0 || i === all.length - 1);
  const known = values.filter(value => value !== null);
  if (known.length < 2) return '';
  const low = Math.min(...known);
  const span = Math.max(LEAST_SPAN_V, Math.max(...known) - low);
  let isDown = false;
  return values
    .map((value, i) => {
      if (value === null) {
        isDown = false;
        return '';
      }
      const x = (i / (values.length - 1)) * WIDTH;
      const y = 1 + (1 - (value - low) / span) * (HEIGHT - 2);
      const pen = isDown ? 'L' : 'M';
      isDown = true;
      return `${pen}${x.toFixed(1)} ${y.toFixed(1)}`;
    })
    .join('');
}

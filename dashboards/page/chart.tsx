import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import type { RoleValue, TrendLimit } from '../../control/view.ts';
import { timeText } from '../format.ts';
import { shortText, shownUnit, titleWords } from './chart-groups.ts';
import { type ChartAsks, chartData, chartOptions, columnPlaces } from './chart-plot.ts';
import type { Trend } from './trends.ts';
import { headOf, pictureOf, save, stretchName, type Whose } from './window/files.ts';
import { words } from './words/language.ts';
import { localUnit, localValue } from './words/number.ts';

interface ChartProps extends ChartAsks {
  readonly title: string;
  /** Whose data they are, for a picture that is taken away. */
  readonly whose: Whose;
  readonly trends: readonly Trend[];
  readonly limits: readonly TrendLimit[];
  /** Grows when the trends have new data; the arrays themselves are extended in place. */
  readonly revision: number;
  /** Changes when the colours of the page change. */
  readonly scheme: string;
}

/** One group of trends over run time, with its live values as the legend. */
export function Chart(props: ChartProps) {
  const { title, trends, limits, live, revision, scheme, stretch, marks, suppressed } = props;
  const box = useRef<HTMLDivElement>(null);
  /** What the hooks of the plot need newest, which outlives many drawings. */
  const newest = useRef(props);
  newest.current = props;
  const plot = useRef<uPlot>(null);
  const [cursor, setCursor] = useState<number | null>(null);
  const data = useMemo(() => chartData(trends), [trends, revision]);
  const units = [...new Set(trends.map(trend => shownUnit(trend).unit))];
  /** What the plot is made of; the values come and go. */
  const shape = trends.map(({ role, unit, min }) => `${role} ${unit} ${min !== undefined}`).join();

  useEffect(() => {
    const host = box.current;
    if (host === null) return;
    const made = new uPlot(
      {
        ...chartOptions(title, trends, limits, units, setCursor, newest),
        width: host.clientWidth,
        height: host.clientHeight,
      },
      data,
      host,
    );
    plot.current = made;
    const observer = new ResizeObserver(() =>
      made.setSize({ width: host.clientWidth, height: host.clientHeight }),
    );
    observer.observe(host);
    return () => {
      observer.disconnect();
      plot.current = null;
      made.destroy();
    };
  }, [shape, limits, scheme]);

  useEffect(
    () => plot.current?.setData(data),
    [data, stretch?.from_s, stretch?.to_s, marks, suppressed.join()],
  );

  const times = data[0];
  const say = words().charts;
  const shown = titleWords(title);
  const places = columnPlaces(trends);
  const at_s = cursor === null ? undefined : times[cursor];
  return (
    <figure class="chart" data-points={times.length}>
      <figcaption>
        <span class="title">{shown}</span>
        <button
          type="button"
          class="as-picture"
          title={say.pngHint(shown)}
          aria-label={say.png(shown)}
          onClick={() => plot.current !== null && savePicture(plot.current, props, shown)}
        >
          PNG
        </button>
        {at_s !== undefined && <span class="at">{timeText(at_s)}</span>}
        <span class="legend">
          {trends.map((trend, i) => (
            <span class="entry" key={trend.role} title={trend.role}>
              <i class={`swatch c${i % 5}`} />
              {shortText(trend, title)}{' '}
              {at_s === undefined || cursor === null ? (
                <LiveValue value={live.get(trend.role)} />
              ) : (
                <Figure
                  value={data[places[i] ?? 0]?.[cursor] ?? null}
                  unit={shownUnit(trend).unit}
                  resolution={resolutionOf(live.get(trend.role))}
                />
              )}
            </span>
          ))}
        </span>
      </figcaption>
      <div class="plot" ref={box} role="img" aria-label={say.overTime(shown)} />
    </figure>
  );
}

function qualityWord(value: RoleValue | undefined): string {
  const say = words().values;
  return value === undefined ? say.unknown : say.qualities[value.quality];
}

/** The newest value of a role, or the word for why there is none. */
export function LiveValue({ value }: { readonly value: RoleValue | undefined }) {
  // A number that is not of now is never shown as one.
  if (value === undefined || value.quality === 'bad' || value.quality === 'stale') {
    return <Dead value={value} />;
  }
  // Usable and yet no value: nothing is asked or measured at present, e.g. the power asked outside of following.
  if (value.value === null) return <span>{words().values.none}</span>;
  const shown = shownUnit(value);
  // A state by its name; the record holds its number.
  if (value.word !== undefined) return <b class="value">{value.word}</b>;
  return (
    <>
      <Figure value={value.value * shown.factor} unit={shown.unit} resolution={resolutionOf(value)} />
      {value.quality === 'uncertain' && <em class="uncertain"> {words().values.uncertain}</em>}
    </>
  );
}

/** What was last read, greyed, with its age; or that nothing was. */
function Dead({ value }: { readonly value: RoleValue | undefined }) {
  const last = value?.last;
  if (value === undefined || last === undefined) {
    return (
      <span class="value dead" title={qualityWord(value)}>
        – <small>{words().values.noReading}</small>
      </span>
    );
  }
  const { unit, factor } = shownUnit(value);
  return (
    <span class="value dead" title={`${words().values.noReading}: ${qualityWord(value)}`}>
      {value.word ?? localValue(last.value * factor, unit, resolutionOf(value))}{' '}
      <small>
        {value.word === undefined ? localUnit(unit) : ''} {words().told.ago(timeText(last.age_s))}
      </small>
    </span>
  );
}

/** What its instrument may be wrong at least, in the unit of the page. */
function resolutionOf(value: RoleValue | undefined): number | undefined {
  return value?.resolution === undefined ? undefined : value.resolution * shownUnit(value).factor;
}

interface FigureProps {
  readonly value: number | null;
  readonly unit: string;
  readonly resolution: number | undefined;
}

function Figure({ value, unit, resolution }: FigureProps) {
  if (value === null) return <b class="value missing">{words().values.gap}</b>;
  return (
    <>
      <b class="value">{localValue(value, unit, resolution)}</b> <small>{localUnit(unit)}</small>
    </>
  );
}

/** The picture of a chart with its head and legend. */
function savePicture(plot: uPlot, { whose, trends, title }: ChartProps, shown: string): void {
  const { min = 0, max = 0 } = plot.scales.x ?? {};
  const stretch = { from_s: min, to_s: max };
  const legend = trends.map((trend, i) => ({
    colour: `--c${i % 5}`,
    text: `${shortText(trend, title)} ${localUnit(shownUnit(trend).unit)}`.trim(),
  }));
  pictureOf(plot.ctx.canvas, headOf(whose, shown, stretch), legend).toBlob(blob => {
    if (blob !== null) save(blob, stretchName(whose, title, stretch, 'png'));
  });
}

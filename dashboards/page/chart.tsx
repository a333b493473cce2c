import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import type { RoleValue } from '../../control/view.ts';
import { roleText, timeText, unitText, valueText } from '../format.ts';
import { shownUnit } from './chart-groups.ts';
import { drawLimitLines, type LimitLine } from './limit-lines.ts';
import type { Trend, TrendLimit } from './trends.ts';

const TIME_STEPS_S = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 14400, 21600, 43200, 86400,
];

interface ChartProps {
  readonly title: string;
  readonly trends: readonly Trend[];
  readonly limits: readonly TrendLimit[];
  readonly live: ReadonlyMap<string, RoleValue>;
  /** Grows when the trends have new data; the arrays themselves are extended in place. */
  readonly revision: number;
  /** Changes when the colours of the page change. */
  readonly scheme: string;
}

/** One group of trends over run time, with its live values as the legend. */
export function Chart({ title, trends, limits, live, revision, scheme }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  const [cursor, setCursor] = useState<number | null>(null);
  const data = useMemo(() => chartData(trends), [trends, revision]);
  const units = [...new Set(trends.map(trend => shownUnit(trend).unit))];

  useEffect(() => {
    const host = box.current;
    if (host === null) return;
    const made = new uPlot(
      {
        ...chartOptions(title, trends, limits, units, setCursor),
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
  }, [trends, limits, scheme]);

  useEffect(() => plot.current?.setData(data), [data]);

  const times = data[0];
  const at_s = cursor === null ? undefined : times[cursor];
  return (
    <figure class="chart" data-points={times.length}>
      <figcaption>
        <span class="title">{title}</span>
        {at_s !== undefined && <span class="at">{timeText(at_s)}</span>}
        <span class="legend">
          {trends.map((trend, i) => (
            <span class="entry" key={trend.role} title={trend.role}>
              <i class={`swatch c${i % 5}`} />
              {shortText(trend, title)}{' '}
              {at_s === undefined || cursor === null ? (
                <LiveValue value={live.get(trend.role)} />
              ) : (
                <Figure value={data[i + 1]?.[cursor] ?? null} unit={shownUnit(trend).unit} />
              )}
            </span>
          ))}
        </span>
      </figcaption>
      <div class="plot" ref={box} role="img" aria-label={`${title} over run time`} />
    </figure>
  );
}

/** The newest value of a role, or the word for why there is none. */
export function LiveValue({ value }: { readonly value: RoleValue | undefined }) {
  // A number that is not of now is never shown as one.
  if (value === undefined || value.quality === 'bad' || value.quality === 'stale') {
    return (
      <span class="value dead" title={value?.quality ?? 'unknown'}>
        – <small>no reading</small>
      </span>
    );
  }
  // Usable and yet no value: nothing is asked or measured at present, e.g. the power asked outside of following.
  if (value.value === null) return <span>none</span>;
  const shown = shownUnit(value);
  // A state by its name; the record holds its number.
  if (value.word !== undefined) return <b class="value">{value.word}</b>;
  return (
    <>
      <Figure value={value.value * shown.factor} unit={shown.unit} />
      {value.quality === 'uncertain' && <em class="uncertain"> uncertain</em>}
    </>
  );
}

function Figure({ value, unit }: { readonly value: number | null; readonly unit: string }) {
  if (value === null) return <b class="value missing">gap</b>;
  return (
    <>
      <b class="value">{valueText(value, unit)}</b> <small>{unitText(unit)}</small>
    </>
  );
}

/** The chart's title says the rest: under "Cell voltage" the entries are min, mean, max. */
function shortText(trend: Trend, title: string): string {
  const text = roleText(trend.role, trend.unit);
  if (title === 'Cell voltage') return text.replace(/^cell voltage /, '');
  if (title === 'Pressure' || title === 'Temperature') return text.replace(` ${title.toLowerCase()}`, '');
  return text.replace(/^(stack|residual|predicted) /, '');
}

function chartData(trends: readonly Trend[]): uPlot.AlignedData {
  if (trends.length === 0) return [[]];
  const tables = trends.map(trend => {
    const { factor } = shownUnit(trend);
    const values = factor === 1 ? trend.value : trend.value.map(v => (v === null ? null : v * factor));
    return [trend.t_s, values] as uPlot.AlignedData;
  });
  return uPlot.join(tables);
}

function chartOptions(
  title: string,
  trends: readonly Trend[],
  limits: readonly TrendLimit[],
  units: readonly string[],
  onCursor: (index: number | null) => void,
): Omit<uPlot.Options, 'width' | 'height'> {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const axis = { stroke: colour('--soft'), font: '11px system-ui, sans-serif' };
  const grid = { stroke: colour('--grid'), width: 1 };
  return {
    legend: { show: false },
    padding: [6, units.length > 1 ? 0 : 18, 0, 0],
    cursor: { sync: { key: 'run' }, y: false, drag: { x: true, y: false }, points: { size: 6 } },
    scales: {
      x: { time: false },
      ...Object.fromEntries(
        units.map(unit => [unit, { range: paddedRange(limitsOf(unit, trends, limits)) }]),
      ),
    },
    series: [
      {},
      ...trends.map((trend, i) => ({
        scale: shownUnit(trend).unit,
        stroke: colour(`--c${i % 5}`),
        width: 1.5,
        points: { show: false },
      })),
    ],
    axes: [
      { ...axis, grid, ticks: { show: false }, size: 22, incrs: TIME_STEPS_S, space: 46, values: timeTicks },
      ...units.slice(0, 2).map((unit, i) => ({
        ...axis,
        ...(units.length > 1 ? { stroke: axisColour(unit, trends, colour) } : {}),
        scale: unit,
        side: i === 0 ? 3 : 1,
        size: 44,
        space: 24,
        ticks: { show: false },
        grid: i === 0 ? grid : { show: false },
      })),
    ],
    hooks: {
      setCursor: [u => onCursor(u.cursor.idx ?? null)],
      draw: [u => drawLimitLines(u, limitLines(title, trends, limits, colour))],
    },
  };
}

/** With two axes, each wears the colour of its line; the soft text colour where it serves several. */
function axisColour(unit: string, trends: readonly Trend[], colour: (name: string) => string): string {
  const own = trends.filter(trend => shownUnit(trend).unit === unit);
  const [only] = own;
  return only === undefined || own.length > 1 ? colour('--soft') : colour(`--c${trends.indexOf(only) % 5}`);
}

function limitsOf(unit: string, trends: readonly Trend[], limits: readonly TrendLimit[]): readonly number[] {
  return trends
    .filter(trend => shownUnit(trend).unit === unit)
    .flatMap(trend =>
      limits.filter(limit => limit.role === trend.role).map(l => l.value * shownUnit(trend).factor),
    );
}

/** Some air above and below; a limit comes into the picture once the values are within half of it. */
function paddedRange(limits: readonly number[]): uPlot.Scale.Range {
  return (_u, low, high) => {
    if (low === null || high === null) return [0, 1];
    let top = high;
    for (const limit of limits) if (high > limit / 2) top = Math.max(top, limit);
    const air = Math.max((top - low) * 0.08, Math.abs(top) * 0.001, 1e-3);
    return [low >= 0 && low - air < 0 ? 0 : low - air, top + air];
  };
}

function timeTicks(_u: uPlot, splits: number[]): string[] {
  const fine = splits.length > 1 && (splits[1] ?? 0) - (splits[0] ?? 0) < 60;
  return splits.map(t_s => (fine ? timeText(t_s) : timeText(t_s).slice(0, -3)));
}

/**
 * The limits of the trends shown. Where several trends have some, each label names its trend; with two axes each line
 * wears its trend's colour, so that nobody reads it on the wrong axis.
 */
function limitLines(
  title: string,
  trends: readonly Trend[],
  limits: readonly TrendLimit[],
  colour: (name: string) => string,
): LimitLine[] {
  const owned = limits.flatMap(limit => {
    const i = trends.findIndex(trend => trend.role === limit.role);
    const trend = trends[i];
    return trend === undefined ? [] : [{ limit, trend, own: colour(`--c${i % 5}`) }];
  });
  const hasTwoAxes = new Set(trends.map(trend => shownUnit(trend).unit)).size > 1;
  const isShared = new Set(owned.map(({ trend }) => trend.role)).size > 1;
  return owned.map(({ limit, trend, own }) => {
    const { unit, factor } = shownUnit(trend);
    return {
      scale: unit,
      value: limit.value * factor,
      label: isShared || hasTwoAxes ? `${shortText(trend, title)} ${limit.label}` : limit.label,
      colour: hasTwoAxes ? own : colour('--bad'),
    };
  });
}

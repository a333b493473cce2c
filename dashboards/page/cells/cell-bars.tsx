import { useState } from 'preact/hooks';
import type { CellValues, LiveSnapshot, TrendLimit } from '../../../control/view.ts';
import { timeText } from '../../format.ts';
import { words } from '../words/language.ts';
import { localValue } from '../words/number.ts';
import { type CellFacts, cellsOf } from './cell-facts.ts';

const HEIGHT = 100;
/** Of a place that each cell has: the rest is the gap to the next. */
const BAR_PART = 0.8;

/** Each cell as a bar: between which the lowest and the highest lie, and which have no value. */
export function CellBars({
  snapshot,
  limits,
}: {
  readonly snapshot: LiveSnapshot;
  readonly limits: readonly TrendLimit[];
}) {
  const [isDeviation, setDeviation] = useState(false);
  const { cells, suppressed } = snapshot;
  if (cells === undefined) return null;
  // Of a lost instrument what it read last, greyed, with its age.
  const shown = cells.last === undefined ? cells : { ...cells, values: cells.last.values };
  const facts = cellsOf(shown, limits, suppressed);
  return (
    <section
      class={`panel cells ${cells.last === undefined ? '' : 'is-dead'}`}
      aria-label={words().cells.title}
    >
      <div class="cells-head">
        <h2>{words().cells.title}</h2>
        {cells.last !== undefined && (
          <b class="age">
            {words().cells.noValue}, {words().told.ago(timeText(cells.last.age_s))}
          </b>
        )}
        {facts === undefined ? <p>{words().cells.noValue}</p> : <p>{saidOf(facts)}</p>}
        <button type="button" aria-pressed={isDeviation} onClick={() => setDeviation(!isDeviation)}>
          {words().cells.fromMean}
        </button>
      </div>
      {facts !== undefined && <Bars cells={shown} facts={facts} isDeviation={isDeviation} />}
    </section>
  );
}

function saidOf({ lowest, highest, mean, spread, unread }: CellFacts): string {
  const volts = (value: number): string => localValue(value, 'V');
  const say = words().cells;
  const missing = unread.length === 0 ? '' : say.missing(unread.length, listed(unread));
  const said = say.said(
    `#${lowest.number} ${volts(lowest.value)}`,
    volts(mean),
    `#${highest.number} ${volts(highest.value)} V`,
    `${(1000 * spread).toFixed(0)} mV`,
  );
  return `${said}${missing}`;
}

const listed = (numbers: readonly number[]): string =>
  numbers.length <= 6
    ? numbers.map(n => `#${n}`).join(' ')
    : words().cells.to(`#${numbers[0]}`, `#${numbers[numbers.length - 1]}`);

function Bars({
  cells: { values },
  facts,
  isDeviation,
}: {
  readonly cells: CellValues;
  readonly facts: CellFacts;
  readonly isDeviation: boolean;
}) {
  const { scale, mean, lowest, highest, limits } = facts;
  const reach = Math.max(scale[1] - mean, mean - scale[0]);
  const [low, high] = isDeviation ? [mean - reach, mean + reach] : scale;
  const y = (value: number): number => (HEIGHT * (high - value)) / (high - low);
  const foot = isDeviation ? y(mean) : HEIGHT;
  return (
    <svg viewBox={`0 0 ${values.length} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      {values.map((value, i) => {
        const number = i + 1;
        const isEnd = number === lowest.number || number === highest.number;
        return value === null ? (
          <rect key={number} class="cell-unread" x={i} y={0} width={BAR_PART} height={HEIGHT}>
            <title>
              #{number}: {words().cells.unread}
            </title>
          </rect>
        ) : (
          <rect
            key={number}
            class={isEnd ? 'cell-bar is-end' : 'cell-bar'}
            x={i}
            y={Math.min(y(value), foot)}
            width={BAR_PART}
            height={Math.max(1, Math.abs(foot - y(value)))}
          >
            <title>
              #{number}: {localValue(value, 'V')} V
            </title>
          </rect>
        );
      })}
      <line class="cell-mean" x1={0} x2={values.length} y1={y(mean)} y2={y(mean)} />
      {limits.map(({ value, acts, isArmed }) => (
        <line
          key={value}
          class={`cell-limit ${acts ? 'acts' : 'warns'} ${isArmed ? '' : 'is-off'}`}
          x1={0}
          x2={values.length}
          y1={y(value)}
          y2={y(value)}
        />
      ))}
    </svg>
  );
}

import type { RoleValue } from '../../../control/view.ts';
import { timeText } from '../../format.ts';
import { LiveValue } from '../chart.tsx';
import { shownUnit } from '../chart-groups.ts';
import { words } from '../words/language.ts';
import { localUnit, localValue } from '../words/number.ts';
import { roleWords } from '../words/roles/role-words.ts';
import { isBeyond, nearestLimit, placeOn, type TileFacts, type TileLimit } from './tile-facts.ts';

const BAR_HEIGHT = 12;
const BAR_WIDTH = 200;

/** The quantities of the bench that a person looks at first, readable from afar. */
export function Tiles({ tiles }: { readonly tiles: readonly TileFacts[] }) {
  if (tiles.length === 0) return null;
  return (
    <section class="tiles" aria-label={words().values.now}>
      {tiles.map(tile => (
        <Tile key={tile.role} tile={tile} />
      ))}
    </section>
  );
}

function Tile({ tile }: { readonly tile: TileFacts }) {
  const { role, unit, value, from, resolution } = tile;
  const near = nearestLimit(tile);
  const tone = value === null ? 'is-dead' : toneOf(tile, near);
  return (
    <div
      class={`tile ${tone}`}
      title={words().values.from(role, from.channel, words().values.qualities[from.quality])}
    >
      <div class="tile-head">
        <span>{roleWords(role, from.unit)}</span>
        <small>{localUnit(unit)}</small>
      </div>
      <div class="tile-value">
        {value === null ? <DeadOrNone value={from} /> : localValue(value, unit, resolution)}
      </div>
      <div class="tile-beside">
        <Beside tile={tile} near={near} />
      </div>
      <Bar tile={tile} />
    </div>
  );
}

/** Beyond a limit, or held by one, the tile says so in colour, shape and word; else it is grey. */
function toneOf(tile: TileFacts, near: TileLimit | undefined): string {
  const reaction = near !== undefined && isBeyond(near, tile) ? near.reaction : tile.held?.reaction;
  if (reaction === undefined) return '';
  return reaction === 'warn' ? 'is-warned' : 'is-beyond';
}

/** A number that was is none that is: its unit stands at the head, its age below it. */
function DeadOrNone({ value }: { readonly value: RoleValue }) {
  const { last, word } = value;
  if (last === undefined || word !== undefined) return <LiveValue value={value} />;
  const { unit, factor } = shownUnit(value);
  return (
    <span class="value dead">
      {localValue(last.value * factor, unit, value.resolution && value.resolution * factor)}
    </span>
  );
}

/** How old it is; the limit that it is beyond, or what a fired one waits for; what is set; of an array how far its members lie apart, else the nearest limit. */
function Beside({ tile, near }: { readonly tile: TileFacts; readonly near: TileLimit | undefined }) {
  const { unit, spread, held, from, resolution } = tile;
  const told = words().told;
  const isOver = near !== undefined && isBeyond(near, tile);
  const text = (value: number | null): string => (value === null ? '–' : localValue(value, unit, resolution));
  return (
    <>
      {from.last !== undefined && <span class="age">{told.ago(timeText(from.last.age_s))}</span>}
      {isOver && <LimitOf limit={near} text={text} />}
      {held !== undefined && (
        <span>
          {words().reactions[held.reaction]}: {told.gone[held.gone](text(held.value))}
        </span>
      )}
      {tile.setIs === 'off' && <span>{told.outputOff}</span>}
      <SetOf tile={tile} text={text} />
      {spread !== undefined && (
        <span>
          {text(spread.min)} – {text(spread.max)}
        </span>
      )}
      {near !== undefined && !isOver && held === undefined && <LimitOf limit={near} text={text} />}
    </>
  );
}

function LimitOf({ limit, text }: { readonly limit: TileLimit; readonly text: (value: number) => string }) {
  const { reaction, trips, value } = limit;
  return (
    <span>
      {words().reactions[reaction]} {trips} {text(value)}
    </span>
  );
}

/** What is set, as far as it is in force, or bounds the value. */
function SetOf({
  tile: { set, setIs },
  text,
}: {
  readonly tile: TileFacts;
  readonly text: (value: number) => string;
}) {
  if (set === undefined || set === null || setIs === 'other') return null;
  const told = words().told;
  if (setIs === 'ceiling') return <span>{told.atMost(text(set))}</span>;
  if (setIs === 'floor') return <span>{told.atLeast(text(set))}</span>;
  return (
    <span>
      {setIs === 'off' ? `(${words().values.set} ${text(set)})` : `${words().values.set} ${text(set)}`}
    </span>
  );
}

/** The value as a pointer between the limits: filled marks stop the run, hollow ones warn, faint ones are not armed; a triangle is what is set. */
function Bar({ tile: { scale, value, set, setIs, spread, limits } }: { readonly tile: TileFacts }) {
  if (scale === undefined) return <div class="tile-bar" />;
  const isDrawn = setIs !== 'off' && setIs !== 'other';
  const at = (v: number): number => placeOn(scale, v) * BAR_WIDTH;
  const middle = BAR_HEIGHT / 2;
  return (
    <svg
      class="tile-bar"
      viewBox={`-4 0 ${BAR_WIDTH + 8} ${BAR_HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <rect class="bar-ground" x={0} y={middle - 2} width={BAR_WIDTH} height={4} />
      {spread !== undefined && spread.min !== null && spread.max !== null && (
        <rect
          class="bar-value"
          x={at(spread.min)}
          y={middle - 2}
          width={Math.max(1, at(spread.max) - at(spread.min))}
          height={4}
        />
      )}
      {limits.map(limit => (
        <rect
          key={limit.id}
          class={`bar-limit ${limit.reaction === 'warn' ? 'warns' : 'acts'} ${limit.isArmed ? '' : 'is-off'}`}
          x={at(limit.value) - 1.5}
          y={1}
          width={3}
          height={BAR_HEIGHT - 2}
        />
      ))}
      {isDrawn && set !== undefined && set !== null && (
        <path class="bar-set" d={`M${at(set) - 4} 0 h8 l-4 6 z`} />
      )}
      {value !== null && (
        <rect class="bar-value" x={at(value) - 1.5} y={2} width={3} height={BAR_HEIGHT - 2} />
      )}
    </svg>
  );
}

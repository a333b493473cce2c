import { LiveValue } from '../chart.tsx';
import { words } from '../words/language.ts';
import { localUnit, localValue } from '../words/number.ts';
import { roleWords } from '../words/role-words.ts';
import { nearestLimit, placeOn, type TileFacts, type TileLimit } from './tile-facts.ts';

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
  const { role, unit, value, from } = tile;
  const near = nearestLimit(tile);
  const tone = value === null ? 'is-dead' : near === undefined ? '' : toneOf(tile, near);
  return (
    <div
      class={`tile ${tone}`}
      title={words().values.from(role, from.channel, words().values.qualities[from.quality])}
    >
      <div class="tile-head">
        <span>{roleWords(role, from.unit)}</span>
        <small>{localUnit(unit)}</small>
      </div>
      <div class="tile-value">{value === null ? <LiveValue value={from} /> : localValue(value, unit)}</div>
      <div class="tile-beside">
        <Beside tile={tile} near={near} />
      </div>
      <Bar tile={tile} />
    </div>
  );
}

/** Beyond a limit the tile says so in colour, shape and word; else it is grey. */
function toneOf({ value, spread }: TileFacts, { trips, value: limit, reaction }: TileLimit): string {
  const at = spread === undefined ? value : trips === '>' ? spread.max : spread.min;
  if (at === null || (trips === '>' ? at <= limit : at >= limit)) return '';
  return reaction === 'warn' ? 'is-warned' : 'is-beyond';
}

/** What is set, of an array how far its members lie apart, else the nearest limit. */
function Beside({ tile, near }: { readonly tile: TileFacts; readonly near: TileLimit | undefined }) {
  const { unit, set, spread } = tile;
  const text = (value: number | null): string => (value === null ? '–' : localValue(value, unit));
  return (
    <>
      {set !== undefined && (
        <span>
          {words().values.set} {text(set)}
        </span>
      )}
      {spread !== undefined && (
        <span>
          {text(spread.min)} – {text(spread.max)}
        </span>
      )}
      {near !== undefined && (
        <span>
          {words().reactions[near.reaction]} {near.trips} {localValue(near.value, unit)}
        </span>
      )}
    </>
  );
}

/** The value as a pointer between the limits: filled marks stop the run, hollow ones warn, faint ones are not armed; a triangle is what is set. */
function Bar({ tile: { scale, value, set, spread, limits } }: { readonly tile: TileFacts }) {
  if (scale === undefined) return <div class="tile-bar" />;
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
      {set !== undefined && set !== null && <path class="bar-set" d={`M${at(set) - 4} 0 h8 l-4 6 z`} />}
      {value !== null && (
        <rect class="bar-value" x={at(value) - 1.5} y={2} width={3} height={BAR_HEIGHT - 2} />
      )}
    </svg>
  );
}

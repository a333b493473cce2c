import { useEffect, useRef, useState } from 'preact/hooks';
import type { LiveSnapshot, Picture, PictureLine, PictureSymbol, RoleValue } from '../../../control/view.ts';
import { timeText } from '../../format.ts';
import { shownUnit } from '../chart-groups.ts';
import { getJson, usable } from '../trends.ts';
import { isWall } from '../wall-form.ts';
import { words } from '../words/language.ts';
import { localUnit, localValue } from '../words/number.ts';
import { roleWords } from '../words/roles/role-words.ts';
import { cornersOf, type DrawnNode, drawnOf, middleOf, type NotFollowing } from './picture-facts.ts';
import { Symbol24 } from './symbols.tsx';
import { useWallWords } from './wall-words.ts';

/** How large it is drawn: a field, a symbol's box of 24 against it, and room for texts below the last row and at the sides. */
const SIZES = {
  desk: { width: 100, height: 76, scale: 2, foot: 24, side: 0 },
  wall: { width: 100, height: 106, scale: 2.6, foot: 30, side: 40 },
} as const;
type Sizes = (typeof SIZES)[keyof typeof SIZES];
/** From one line below a symbol to the next. */
const LINE_HEIGHT = 14;

/** The bench as a drawing: symbols by its roles, each with its state in words and its values; pipes with what flows in them. */
export function ProcessPicture({ snapshot }: { readonly snapshot: LiveSnapshot }) {
  const picture = usePicture(snapshot.run.id);
  const since = useRef<NotFollowing>(new Map());
  const drawing = useRef<SVGSVGElement>(null);
  useWallWords(drawing, picture);
  if (picture === undefined || picture.nodes.length === 0) return null;
  const say = words().picture;
  const nodes = drawnOf(picture, snapshot.roles, snapshot.run.time_s, since.current);
  const sizes = isWall() ? SIZES.wall : SIZES.desk;
  const box = boxOf(picture, nodes, sizes);
  const unplaced = snapshot.roles.filter(({ role }) =>
    picture.unplaced.includes(role.replace(/\[\]\.(min|mean|max)$/, '[]')),
  );
  return (
    <section class="panel picture" aria-label={say.title}>
      <h2>{say.title}</h2>
      <svg ref={drawing} viewBox={box} role="img" aria-label={saidOf(nodes)}>
        <defs>
          <pattern id="no-reading" width={6} height={6} patternUnits="userSpaceOnUse">
            <path d="M0 6 L6 0" class="hatch" />
          </pattern>
        </defs>
        {picture.lines.map(line => (
          <Pipe key={`${line.from} ${line.to}`} line={line} picture={picture} sizes={sizes} />
        ))}
        {nodes.map(drawn => (
          <Node key={drawn.node.id} drawn={drawn} sizes={sizes} />
        ))}
      </svg>
      {unplaced.length > 0 && (
        <details>
          <summary>{say.unplaced(unplaced.length)}</summary>
          <ul>
            {unplaced.map(value => (
              <li key={value.role}>
                {roleWords(value.role, value.unit)}{' '}
                <b class={value.last === undefined ? '' : 'value dead'}>{figureOf(value)}</b>
                {value.last !== undefined && <small> {words().told.ago(timeText(value.last.age_s))}</small>}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

/** All columns, so that a symbol is always as large; of the rows those that are used. */
function boxOf({ columns }: Picture, drawn: readonly DrawnNode[], sizes: Sizes): string {
  const { width, height, foot, side, scale } = sizes;
  const rows = drawn.map(({ node }) => node.at[1]);
  const top = Math.min(...rows) - 1;
  const bottom = Math.max(...rows);
  // What stands below the lowest symbols is in the picture, too.
  const lines = drawn.filter(({ node }) => node.at[1] === bottom).map(one => linesOf(one).length);
  const written = 12 * scale + LINE_HEIGHT * Math.max(...lines) + 3 - height / 2;
  const tall = (bottom - top) * height + Math.max(foot, isWall() ? 0 : written);
  return `${-side} ${top * height} ${columns * width + 2 * side} ${tall}`;
}

interface PipeProps {
  readonly line: PictureLine;
  readonly picture: Picture;
  readonly sizes: Sizes;
}

function Pipe({ line, picture, sizes }: PipeProps) {
  const from = picture.nodes.find(({ id }) => id === line.from);
  const to = picture.nodes.find(({ id }) => id === line.to);
  if (from === undefined || to === undefined) return null;
  const corners = cornersOf(from.at, to.at, sizes);
  // Written where no other one runs: at its begin, or where several begin at its end; on what is seen of that stretch.
  const isOne = picture.lines.filter(other => other.from === line.from && other.medium !== '').length === 1;
  const [[x1, y1], [x2, y2]] = isOne ? corners : corners.slice(-2);
  const half = 12 * sizes.scale * Math.sign(x2 - x1) * (isOne ? 1 : -1);
  const middle = corners.length === 2 ? (x1 + x2) / 2 : (x1 + x2 + half) / 2;
  const goesOn = picture.lines.some(other => other.from === line.to);
  return (
    <g class={`pipe ${goesOn ? '' : `to-${to.symbol}`} ${line.medium === '' ? '' : 'is-main'}`}>
      <polyline points={corners.map(corner => corner.join()).join(' ')} />
      {line.medium !== '' && (
        <text x={middle} y={(y1 + y2) / 2 - 6}>
          {mediumText(line.medium)}
        </text>
      )}
    </g>
  );
}

/** H2O as it is written. */
function mediumText(medium: string): string {
  return medium.replace(/(?<=[A-Z])\d/g, digit => '₀₁₂₃₄₅₆₇₈₉'[Number(digit)]);
}

const VALVES: readonly PictureSymbol[] = ['valve', 'three-way', 'back-pressure'];

function Node({ drawn, sizes }: { readonly drawn: DrawnNode; readonly sizes: Sizes }) {
  const { node, state, level, values } = drawn;
  const [x, y] = middleOf(node.at, sizes);
  const half = 12 * sizes.scale;
  const word = wordOf(drawn);
  const lines = linesOf(drawn);
  const isOld = values.some(({ last }) => last !== undefined);
  return (
    <g class={`node of-${node.symbol} is-${state}`} transform={`translate(${x} ${y})`}>
      <title>{[node.id, word, ...values.map(saidValue)].filter(text => text !== '').join(', ')}</title>
      <g transform={`translate(${-half} ${-half}) scale(${sizes.scale})`}>
        <rect class="ground" x={0} y={0} width={24} height={24} />
        <Symbol24 of={node.symbol} level={level} />
        {state === 'unread' && <rect class="unread" x={0} y={0} width={24} height={24} />}
      </g>
      {(state === 'differs' || state === 'unread') && (
        <text class="flag" x={half + 6} y={12 - half}>
          {state === 'differs' ? '!' : '?'}
        </text>
      )}
      {lines.map((text, i) => (
        <text
          key={i}
          class={i === 0 && word !== '' ? 'word' : isOld ? 'value is-old' : 'value'}
          y={half + LINE_HEIGHT * (i + 1) - 1}
        >
          {text}
        </text>
      ))}
    </g>
  );
}

/** What stands below a symbol: its state, and its values; of a lost instrument what it read last, and how long ago. */
function linesOf(drawn: DrawnNode): string[] {
  const word = wordOf(drawn);
  const ages = drawn.values.flatMap(({ last }) => (last === undefined ? [] : [last.age_s]));
  const age = ages.length === 0 ? [] : [words().told.ago(timeText(Math.max(...ages)))];
  return [...(word === '' ? [] : [word]), ...drawn.values.map(figureOf), ...age];
}

/** Its state in a word: what it is, and what it was asked to be where it is not. */
function wordOf({ node, state, isOn, asked }: DrawnNode): string {
  const say = words().picture;
  if (state === 'none' || isOn === null) return '';
  const of = VALVES.includes(node.symbol) ? say.valve : say.machine;
  const is = isOn ? of.on : of.off;
  if (state === 'moving') return say.moving;
  return state === 'differs' ? say.differs(is, asked === true ? of.on : of.off) : is;
}

/** 30.0 bar(g); in brackets the last that was read; – where there is none. */
function figureOf(value: RoleValue): string {
  const known = usable(value) ?? value.last?.value ?? null;
  if (known === null) return '–';
  const { unit, factor } = shownUnit(value);
  const resolution = value.resolution === undefined ? undefined : value.resolution * factor;
  const figure = `${localValue(known * factor, unit, resolution)} ${localUnit(unit)}`.trim();
  const text = `${gasOf(value.role)}${value.word ?? figure}`;
  return value.last === undefined ? text : `(${text})`;
}

/** Which gas a part of a mixture is: `o2.h2_vol_pct` is H2. */
function gasOf(role: string): string {
  const gas = /\.(h2|o2|n2)_vol_pct$/.exec(role)?.[1];
  return gas === undefined ? '' : `${mediumText(gas.toUpperCase())} `;
}

/** A value in words, with what is set of it and not in force. */
function saidValue(value: RoleValue): string {
  const { told } = words();
  const age = value.last === undefined ? '' : `, ${told.ago(timeText(value.last.age_s))}`;
  const off = value.set?.is === 'off' ? `, ${told.outputOff}` : '';
  return `${roleWords(value.role, value.unit)} ${figureOf(value)}${age}${off}`;
}

/** For whoever hears the page: what is not as asked, or not read; the values stand in their own list. */
function saidOf(nodes: readonly DrawnNode[]): string {
  const say = words().picture;
  const wrong = nodes.filter(({ state }) => state === 'differs' || state === 'unread');
  const told = wrong.map(drawn => `${drawn.node.id}: ${wordOf(drawn) || say.unread}`);
  return [say.title, ...told].join(', ');
}

/** Asked for once for each run: an edit of a method does not change what stands on the bench. */
function usePicture(run: string): Picture | undefined {
  const [picture, setPicture] = useState<Picture>();
  useEffect(() => {
    let isOver = false;
    void getJson<Picture>('api/picture').then(
      found => {
        if (!isOver) setPicture(found);
      },
      () => {
        // The line is down: with the next run, or when the page is opened again.
      },
    );
    return () => {
      isOver = true;
    };
  }, [run]);
  return picture;
}

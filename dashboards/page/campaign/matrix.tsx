import { useState } from 'preact/hooks';
import type { Round } from '../../../control/view.ts';
import { words } from '../words/language.ts';
import { localUnit, localValue } from '../words/number.ts';
import { numberText, pageOf, whyText } from './channel-texts.ts';
import { type Channel, type ChannelIs, FILTERS, type Filter, isIn, LETTERS } from './matrix-facts.ts';
import { Sparkline } from './sparkline.tsx';

/** So few have room for a curve each. */
const FEW = 16;

/** All channels of a bench side by side, in their order: what each does, at which voltage, how far. */
export function Matrix({
  bench,
  channels,
  pageAt = pageOf,
}: {
  readonly bench: string;
  readonly channels: readonly Channel[];
  /** Where the live page of a run is. */
  readonly pageAt?: (run: string) => string;
}) {
  const [filter, setFilter] = useState<Filter>('all');
  const say = words().matrix;
  const isFew = channels.length <= FEW;
  return (
    <section class={`matrix ${isFew ? 'is-few' : ''}`} aria-label={say.title(bench)}>
      <div class="matrix-head">
        <h2>{say.title(bench)}</h2>
        <fieldset class="chips" aria-label={say.filter}>
          {FILTERS.map(one => (
            <button
              key={one}
              type="button"
              aria-pressed={filter === one}
              class={filter === one ? 'is-on' : ''}
              onClick={() => setFilter(one)}
            >
              {say.filters[one]} {channels.filter(channel => isIn(one, channel)).length}
            </button>
          ))}
        </fieldset>
      </div>
      <ol>
        {channels
          .filter(channel => isIn(filter, channel))
          .map(channel => (
            <li key={channel.number}>
              <Field channel={channel} isFew={isFew} pageAt={pageAt} />
            </li>
          ))}
      </ol>
      <Legend channels={channels} />
    </section>
  );
}

interface FieldProps {
  readonly channel: Channel;
  readonly isFew: boolean;
  readonly pageAt: (run: string) => string;
}

function Field({ channel, isFew, pageAt }: FieldProps) {
  const { number, subject, is, reaction, run, reading, bar } = channel;
  const why = whyText(channel);
  const say = words().matrix;
  const round = reading?.round ?? null;
  const rounds = round === null ? '' : say.round(round.at, round.of);
  const said = [subject, say.is[is], why, rounds].filter(text => text !== '').join(', ');
  const kind =
    is === 'attention' ? `attention ${reaction ?? 'ended'}` : (KINDS[is] ?? is.replaceAll(' ', '-'));
  const volts = reading?.voltage_V ?? null;
  const inside = (
    <>
      <span class="field-line">
        <span>{numberText(number)}</span> <b>{markOf(channel)}</b>{' '}
        <span class="volts">{volts === null ? '–' : localValue(volts, 'V')}</span>
      </span>
      <Bar bar={bar} />
      <span class="field-more">{moreOf(channel)}</span>
      {isFew && run !== undefined && <Sparkline page={pageAt(run)} now_V={volts} />}
      <span class="unseen">{said}</span>
    </>
  );
  return run === undefined ? (
    <span class={`field is-${kind}`} title={said}>
      {inside}
    </span>
  ) : (
    <a class={`field is-${kind}`} title={said} href={pageAt(run)}>
      {inside}
    </a>
  );
}

/** Drawn as something else is: of one that does not answer nobody knows what stands. */
const KINDS: Partial<Record<ChannelIs, string>> = { silent: 'attention stop' };

const PRIORITIES = { trip: '1', stop: '2', suspend: '3', hold: '3', warn: '4' } as const;

/** Its letter; an alarm with the digit of its priority, so that a colour never says it alone. */
function markOf({ is, reaction }: Channel): string {
  return reaction === null ? LETTERS[is] : `${LETTERS[is]}${PRIORITIES[reaction]}`;
}

/** What there is room for at a desk: round, current, temperature, or why it stands. */
function moreOf(channel: Channel): string {
  const { reading, is } = channel;
  const why = whyText(channel);
  if (reading === undefined) return why === '' ? words().matrix.is[is] : why;
  const { round, current_A, temperature_degC } = reading;
  const value = (v: number | null, unit: string): string[] =>
    v === null ? [] : [`${localValue(v, unit)} ${localUnit(unit)}`];
  const figures = [...value(current_A, 'A'), ...value(temperature_degC, 'degC')];
  return [...(round === null ? [] : [roundText(round)]), ...figures].join('  ');
}

const roundText = ({ at, of }: Round): string => (of === null ? String(at) : `${at}/${of}`);

function Bar({ bar }: { readonly bar: Channel['bar'] }) {
  if (bar === null) return <span class="field-bar is-unknown" />;
  return (
    <span class={`field-bar of-${bar.of}`}>
      <i style={{ width: `${100 * bar.part}%` }} />
    </span>
  );
}

/** The letters that stand in this matrix, in words. */
function Legend({ channels }: { readonly channels: readonly Channel[] }) {
  const say = words().matrix;
  const used = (Object.keys(LETTERS) as ChannelIs[]).filter(of => channels.some(({ is }) => is === of));
  const bars = [...new Set(channels.flatMap(({ bar }) => (bar === null ? [] : [bar.of])))];
  return (
    <p class="matrix-legend">
      {used.map(is => (
        <span key={is}>
          <b>{LETTERS[is]}</b> {say.is[is]}
        </span>
      ))}
      {bars.map(of => (
        <span key={of}>
          <Bar bar={{ part: 2 / 3, of }} /> {say.bar[of]}
        </span>
      ))}
    </p>
  );
}

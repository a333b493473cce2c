import { words } from '../words/language.ts';
import { numberText, whyText } from './channel-texts.ts';
import { type Channel, heardOf, worstOf } from './matrix-facts.ts';

const MARKS = { trip: '◆1', stop: '■2', suspend: '▲3', hold: '▲3', warn: '●4', silent: '✕' } as const;

/** That there are no alarms is said of what is heard only. */
function noneText(channels: readonly Channel[]): string {
  const say = words().campaign;
  const { heard, unheard } = heardOf(channels);
  if (unheard === 0) return say.noAlarms;
  return heard === 0 ? say.alarmsUnknown : say.noAlarmsOf(heard, heard + unheard);
}

/** One line: the gravest of all channels, or that there is none, so that nothing jumps. */
export function Worst({ channels }: { readonly channels: readonly Channel[] }) {
  const say = words().campaign;
  const worst = worstOf(channels);
  if (worst === undefined) return <p class="worst is-none">{noneText(channels)}</p>;
  const { number, subject, is, reaction } = worst.channel;
  return (
    <p class={`worst ${is === 'silent' ? 'stop' : (reaction ?? 'ended')}`} role="alert">
      {reaction !== null && (
        <b>
          {MARKS[reaction]} {words().reactions[reaction]}
        </b>
      )}
      {is === 'silent' && (
        <b>
          {MARKS.silent} {words().matrix.is.silent}
        </b>
      )}{' '}
      {numberText(number)} {subject} {whyText(worst.channel)}{' '}
      {worst.more > 0 && say.attentionMore(worst.more)}
    </p>
  );
}

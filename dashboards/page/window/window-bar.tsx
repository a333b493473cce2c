import { timeText } from '../../format.ts';
import { words } from '../words/language.ts';
import { ALL, following, moved, type ShownWindow, stretchOf, zoomed } from './shown-window.ts';
import { TakeAway } from './take-away.tsx';
import type { WindowView } from './window-store.ts';

const SPANS = [
  ['10 min', 600],
  ['1 h', 3600],
  ['6 h', 6 * 3600],
  ['24 h', 24 * 3600],
] as const;
/** One push moves by half of what is seen, and makes it half or twice as long. */
const STEP = 0.5;
const FACTOR = 2;

interface WindowBarProps {
  readonly view: WindowView;
  /** How far the run has come, run time, s. */
  readonly now_s: number;
  /** False: nothing comes any more, so that there is nothing to follow. */
  readonly isLive: boolean;
  readonly onShow: (shown: ShownWindow) => void;
  /** Instruments whose readings are recorded. */
  readonly devices: readonly string[];
  /** Hands out what is drawn of the shown stretch as a file. */
  readonly onCsv: () => void;
}

/** Which stretch of the run all charts show; what a mouse does in a chart, keys and buttons do here. */
export function WindowBar({ view: { shown, note }, now_s, isLive, devices, onShow, onCsv }: WindowBarProps) {
  const { from_s, to_s } = stretchOf(shown, now_s);
  const follows = shown.kind !== 'still';
  const say = words().charts;
  const onKey = (event: KeyboardEvent): void => {
    const next = keyed(event.key, shown, now_s);
    if (next === undefined) return;
    event.preventDefault();
    onShow(next);
  };
  return (
    <div class="window-bar" role="toolbar" aria-label={say.shown} onKeyDown={onKey}>
      {SPANS.map(([text, span_s]) => (
        <Choice
          key={text}
          text={text}
          title={say.last(text)}
          isOn={shown.kind === 'last' && shown.span_s === span_s}
          onChoose={() => onShow({ kind: 'last', span_s })}
        />
      ))}
      <Choice text={say.all} title={say.allHint} isOn={shown.kind === 'all'} onChoose={() => onShow(ALL)} />
      <Choice
        text="◀"
        title={say.earlier}
        off={from_s <= 0}
        onChoose={() => onShow(moved(shown, -STEP, now_s))}
      />
      <Choice text="▶" title={say.later} off={follows} onChoose={() => onShow(moved(shown, STEP, now_s))} />
      <Choice text="+" title={say.closer} onChoose={() => onShow(zoomed(shown, 1 / FACTOR, now_s))} />
      <Choice
        text="−"
        title={say.wider}
        off={shown.kind === 'all'}
        onChoose={() => onShow(zoomed(shown, FACTOR, now_s))}
      />
      {isLive && (
        <Choice
          text={say.follow}
          title={say.followHint}
          isOn={follows}
          onChoose={() => onShow(following(shown, !follows, now_s))}
        />
      )}
      <output class="stretch">
        {timeText(from_s)} – {timeText(to_s)}
      </output>
      {note !== '' && (
        <span class="window-note" role="status">
          {note}
        </span>
      )}
      <TakeAway from_s={from_s} to_s={to_s} devices={devices} onCsv={onCsv} />
    </div>
  );
}

/** Which stretch a key asks for; undefined: none. */
function keyed(key: string, shown: ShownWindow, now_s: number): ShownWindow | undefined {
  switch (key) {
    case 'ArrowLeft':
      return moved(shown, -STEP, now_s);
    case 'ArrowRight':
      return moved(shown, STEP, now_s);
    case '+':
      return zoomed(shown, 1 / FACTOR, now_s);
    case '-':
      return zoomed(shown, FACTOR, now_s);
    case '0':
      return ALL;
    case 'f':
      return following(shown, shown.kind === 'still', now_s);
    default:
      return undefined;
  }
}

interface ChoiceProps {
  readonly text: string;
  readonly title: string;
  /** Whether it is what is shown now. Absent: it is a push, not a choice. */
  readonly isOn?: boolean;
  readonly off?: boolean;
  readonly onChoose: () => void;
}

function Choice({ text, title, isOn, off = false, onChoose }: ChoiceProps) {
  const pressed = isOn === undefined ? { 'aria-label': title } : { 'aria-pressed': isOn };
  return (
    <button
      type="button"
      class={isOn === true ? 'is-on' : ''}
      title={title}
      disabled={off}
      onClick={onChoose}
      {...pressed}
    >
      {text}
    </button>
  );
}

import { useWords, wordOf } from '../words/words.ts';

type Tone = 'good' | 'warn' | 'bad' | 'quiet' | 'going';

/** Told apart without colour too. */
const SHAPES: Readonly<Record<Tone, string>> = { good: '✓', warn: '▲', bad: '✕', quiet: '○', going: '▶' };

const TONES: Readonly<Record<string, Tone>> = {
  completed: 'good',
  pass: 'good',
  done: 'good',
  same: 'good',
  free: 'good',
  going: 'going',
  running: 'going',
  starting: 'going',
  'under way': 'going',
  failed: 'bad',
  fail: 'bad',
  tripped: 'bad',
  trip: 'bad',
  error: 'bad',
  aborted: 'bad',
  silent: 'bad',
  'cut off': 'bad',
  'given up': 'warn',
  differs: 'warn',
  stopped: 'warn',
  warning: 'warn',
  undecided: 'warn',
  skipped: 'warn',
  held: 'warn',
};

interface MarkProps {
  /** What a program says of it. */
  readonly of: string;
  /** Its words on the page; absent: as it is said. */
  readonly words?: Readonly<Record<string, string>>;
}

/** A state: shape, colour and word. */
export function Mark({ of, words }: MarkProps) {
  const { t } = useWords();
  if (of === '') return null;
  // `aborted by a trip` is as bad as `aborted`.
  const tone = TONES[of] ?? TONES[of.split(' ', 1)[0]] ?? 'quiet';
  return (
    <span class={`mark is-${tone}`}>
      <span aria-hidden="true">{SHAPES[tone]}</span> {wordOf(words ?? t.states, of)}
    </span>
  );
}

import { isProved, verdictIn, verdictParts } from '../../page/words/verdict/verdict.ts';
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
  const tone = TONES[of] ?? toneOf(of);
  return (
    <span class={`mark is-${tone}`}>
      <span aria-hidden="true">{SHAPES[tone]}</span> {wordOf(words ?? t.states, of)}
    </span>
  );
}

/** How a run ended. */
export function VerdictMark({ of }: { readonly of: string }) {
  const { language } = useWords();
  return <Mark of={of} words={{ [of]: verdictIn(language, of) }} />;
}

/** `aborted by a trip` is as bad as `aborted`; what is not proved safe is not well. */
function toneOf(verdict: string): Tone {
  const tone = TONES[verdictParts(verdict).how] ?? 'quiet';
  return tone === 'good' && !isProved(verdict) ? 'warn' : tone;
}

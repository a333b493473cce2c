import type { Language } from '../language.ts';

/** How a run ended, as results and lists word it, in each language: how, by whom, and what is added to it. */

/** A verdict in its parts, each as it is worded in English. */
export interface VerdictParts {
  /** `completed`, `stopped`, `aborted`, `cut off`, ...; of a text that is no verdict all of it. */
  readonly how: string;
  /** By whom or why; empty: nothing is said. */
  readonly by: string;
  /** Behind it: what was not proved, or what the record lacks. */
  readonly behind: readonly string[];
}

const NOT_PROVED = ', safe state NOT fully proved';
const BEHIND = [
  NOT_PROVED,
  ' (damaged, marked: parts of the record are left out)',
  ' (by result.json: the record cannot be read)',
];
/** By whom, where a name stands in it. */
const WATCHDOG = /^because the watchdog of (.+) is lost$/;
const SIGNAL = /^by (SIG[A-Z0-9]+)$/;
const TOO_EARLY = /^by (.+) before it began$/;

/** Takes a verdict apart. */
export function verdictParts(verdict: string): VerdictParts {
  const behind: string[] = [];
  let rest = verdict;
  for (let end = endOf(rest); end !== undefined; end = endOf(rest)) {
    behind.unshift(end);
    rest = rest.slice(0, -end.length);
  }
  const [, how = rest, by = ''] = /^(stopped|aborted) (.+)$/.exec(rest) ?? [];
  return { how, by, behind };
}

/** Whether all that a safe end needs was proved. */
export function isProved(verdict: string): boolean {
  return !verdictParts(verdict).behind.includes(NOT_PROVED);
}

const endOf = (text: string): string | undefined => BEHIND.find(end => text.endsWith(end));

interface VerdictWords {
  readonly how: Readonly<Record<string, string>>;
  readonly by: Readonly<Record<string, string>>;
  readonly watchdog: (device: string) => string;
  readonly signal: (name: string) => string;
  readonly tooEarly: (who: string) => string;
  /** By whom, and how: in the order of the language. */
  readonly join: (by: string, how: string) => string;
  readonly behind: Readonly<Record<string, string>>;
}

const DE: VerdictWords = {
  how: {
    running: 'läuft',
    completed: 'abgeschlossen',
    tripped: 'abgeschaltet',
    stopped: 'gestoppt',
    aborted: 'abgebrochen',
    failed: 'fehlgeschlagen',
    imported: 'eingelesen',
    refused: 'abgelehnt',
    'cut off': 'abgerissen',
    'cut off: no result': 'abgerissen: kein Ergebnis',
    'under way, or cut off': 'läuft, oder abgerissen',
    'the record cannot be read': 'die Aufzeichnung ist nicht lesbar',
    'result.json of another version': 'result.json einer anderen Version',
  },
  by: {
    'by a person': 'von einer Person',
    'by Ctrl-C': 'mit Ctrl-C',
    'by a trip': 'durch eine Abschaltung',
    'by a limit': 'durch eine Grenze',
    'by a set point that does not hold': 'durch einen Sollwert, der nicht hält,',
    'by a step of the method': 'durch einen Schritt der Methode',
    'before the start': 'vor dem Start',
    'because the record cannot be written': 'wegen der Aufzeichnung, die sich nicht schreiben lässt,',
    'because the guard is gone': 'wegen des verlorenen Wächters',
    'by its guard': 'durch seinen Wächter',
    'because nobody leads a rehearsal on': 'weil niemand einen Probelauf weiterführt,',
    'by a failure of cellbench itself': 'durch einen Fehler von cellbench selbst',
    'by the procedure': 'durch den Ablauf',
  },
  watchdog: device => `wegen des verlorenen Watchdogs von ${device}`,
  signal: name => `durch ${name}`,
  tooEarly: who => `von ${who} vor dem Beginn`,
  join: (by, how) => `${by} ${how}`,
  behind: {
    [BEHIND[0]]: ', sicherer Zustand NICHT ganz nachgewiesen',
    [BEHIND[1]]: ' (beschädigt, markiert: Teile der Aufzeichnung fehlen)',
    [BEHIND[2]]: ' (nach result.json: die Aufzeichnung ist nicht lesbar)',
  },
};

const JA: VerdictWords = {
  how: {
    running: '実行中',
    completed: '完了',
    tripped: 'トリップ',
    stopped: '停止',
    aborted: '即時停止',
    failed: '失敗',
    imported: '取り込み',
    refused: '拒否',
    'cut off': '途中終了',
    'cut off: no result': '途中終了（結果なし）',
    'under way, or cut off': '実行中または途中終了',
    'the record cannot be read': '記録を読めません',
    'result.json of another version': '別の版の result.json',
  },
  by: {
    'by a person': '操作者による',
    'by Ctrl-C': 'Ctrl-C による',
    'by a trip': 'トリップによる',
    'by a limit': '限界値による',
    'by a set point that does not hold': '保持されない設定値による',
    'by a step of the method': '試験方法のステップによる',
    'before the start': '開始前の',
    'because the record cannot be written': '記録を書けないことによる',
    'because the guard is gone': 'ガード喪失による',
    'by its guard': 'ガードによる',
    'because nobody leads a rehearsal on': 'リハーサルを続ける人がいないことによる',
    'by a failure of cellbench itself': 'cellbench 自体の障害による',
    'by the procedure': '手順による',
  },
  watchdog: device => `${device} のウォッチドッグ喪失による`,
  signal: name => `${name} による`,
  tooEarly: who => `${who} による開始前の`,
  join: (by, how) => `${by}${how}`,
  behind: {
    [BEHIND[0]]: '（安全状態は完全には確認されていません）',
    [BEHIND[1]]: '（損傷あり・印付き：記録の一部が欠けています）',
    [BEHIND[2]]: '（result.json による：記録を読めません）',
  },
};

const WORDS: Readonly<Record<Exclude<Language, 'en'>, VerdictWords>> = { de: DE, ja: JA };

/** A verdict in a language; undefined: it is none that is known. */
function known(words: VerdictWords, verdict: string): string | undefined {
  const { how, by, behind } = verdictParts(verdict);
  const said = words.how[how];
  const byWhom = by === '' ? '' : byIn(words, by);
  if (said === undefined || byWhom === undefined) return undefined;
  const first = byWhom === '' ? said : words.join(byWhom, said);
  return `${first}${behind.map(end => words.behind[end]).join('')}`;
}

function byIn(words: VerdictWords, by: string): string | undefined {
  const named = [
    [WATCHDOG, words.watchdog],
    [SIGNAL, words.signal],
    [TOO_EARLY, words.tooEarly],
  ] as const;
  for (const [pattern, word] of named) {
    const [, name] = pattern.exec(by) ?? [];
    if (name !== undefined) return word(name);
  }
  return words.by[by];
}

/**
 * A verdict as a language says it, or a text that begins with one and goes on behind a colon or in brackets, as of a run of a
 * campaign; what is known in English only stays so.
 */
export function verdictIn(shown: Language, text: string): string {
  if (shown === 'en') return text;
  const words = WORDS[shown];
  const whole = known(words, text);
  if (whole !== undefined) return whole;
  // A verdict may have a colon or brackets itself: the longest that is one.
  for (const { index } of [...text.matchAll(/: | \(/g)].reverse()) {
    const first = known(words, text.slice(0, index));
    if (first !== undefined) return `${first}${text.slice(index)}`;
  }
  return text;
}

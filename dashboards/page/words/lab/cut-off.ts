import type { CutOff } from '../../../door/lab/cut-off.ts';
import type { Language } from '../language.ts';

/** Words for a run that ended without a word, and for how it left its bench, in each language. */

interface Words {
  /** The state of the run, as short as those of one that goes on; and of one that is over whose last state nobody has seen. */
  readonly state: string;
  readonly over: string;
  readonly simulated: string;
  /** `at`: when it was heard last. */
  readonly title: (at: string) => string;
  readonly isOld: string;
  readonly nobodyKnows: string;
  readonly guard: Readonly<Record<Exclude<CutOff['guard'], 'simulated' | 'waits'>, string>>;
  /** `s`: the silence after which it begins; empty: not known. */
  readonly waits: (s: string) => string;
  readonly guardSaid: (at: string, text: string) => string;
  /** The independent means that are next. */
  readonly next: (means: string) => string;
  readonly notProved: (what: string) => string;
  readonly look: string;
  readonly details: string;
  readonly toRun: string;
  readonly alarms: string;
  /** On a bench: the last run on it, and on which channel. */
  readonly leftBy: (run: string, subject: string) => string;
  readonly needsLook: string;
}

export const CUT_OFF: Readonly<Record<Language, Words>> = {
  en: {
    state: 'Cut off',
    over: 'Over',
    simulated:
      'The run ended without a word: its process is gone. Simulated: no instrument is behind it. What you see is the last of it.',
    title: at => `The run ended without a word: its process is gone (last heard of ${at}).`,
    isOld: 'What stands here is old.',
    nobodyKnows: 'Nobody knows what its outputs do now.',
    guard: {
      unheard: 'Its guard had to begin long ago and has written nothing: it may be gone, too.',
      'under way': 'Its guard drives the safe state: it is not proved yet.',
      proved: 'Its guard has proved the safe state.',
      'not proved': 'Its guard could NOT prove the safe state.',
      lost: 'Its guard had been lost before: nobody is known to drive the safe state.',
      none: 'The bench has no guard: nobody is known to drive the safe state.',
      unknown: 'The record names no guard: nobody is known to drive the safe state.',
    },
    waits: s =>
      `Its guard begins with the safe state${s === '' ? '' : ` within ${s} s of its last word`}; it has written nothing yet.`,
    guardSaid: (at, text) => `The guard at ${at}: ${text}`,
    next: means => `Next: ${means}`,
    notProved: what => `Not proved: ${what}`,
    details: 'Details',
    look: 'Somebody must look at the bench. In danger use the hard-wired emergency stop.',
    toRun: 'The run in the laboratory',
    alarms: 'Alarms not known',
    leftBy: (run, subject) =>
      `Left without a word by the last run${subject === '' ? '' : ` on ${subject}`}: ${run}`,
    needsLook: 'A run on the instruments begins only once somebody says to have looked at the bench.',
  },
  de: {
    state: 'Abgerissen',
    over: 'Zu Ende',
    simulated:
      'Der Lauf endete ohne ein Wort: Sein Prozess ist fort. Simuliert: Es steht kein Gerät dahinter. Was hier steht, ist das Letzte davon.',
    title: at => `Der Lauf endete ohne ein Wort: Sein Prozess ist fort (zuletzt ${at}).`,
    isOld: 'Was hier steht, ist alt.',
    nobodyKnows: 'Niemand weiß, was seine Ausgänge jetzt tun.',
    guard: {
      unheard:
        'Sein Wächter hätte längst beginnen müssen und hat nichts geschrieben: Vielleicht ist er auch fort.',
      'under way': 'Sein Wächter führt in den sicheren Zustand: Noch ist er nicht nachgewiesen.',
      proved: 'Sein Wächter hat den sicheren Zustand nachgewiesen.',
      'not proved': 'Sein Wächter konnte den sicheren Zustand NICHT nachweisen.',
      lost: 'Sein Wächter war schon vorher verloren: Niemand führt nachweislich in den sicheren Zustand.',
      none: 'Der Prüfstand hat keinen Wächter: Niemand führt nachweislich in den sicheren Zustand.',
      unknown: 'Die Aufzeichnung nennt keinen Wächter: Niemand führt nachweislich in den sicheren Zustand.',
    },
    waits: s =>
      `Sein Wächter beginnt mit dem sicheren Zustand${s === '' ? '' : ` binnen ${s} s nach dem letzten Wort`}; geschrieben hat er noch nichts.`,
    guardSaid: (at, text) => `Der Wächter um ${at}: ${text}`,
    next: means => `Als Nächstes: ${means}`,
    notProved: what => `Nicht nachgewiesen: ${what}`,
    details: 'Einzelheiten',
    look: 'Jemand muss nach dem Prüfstand sehen. Bei Gefahr den fest verdrahteten Not-Halt benutzen.',
    toRun: 'Der Lauf im Labor',
    alarms: 'Alarme unbekannt',
    leftBy: (run, subject) =>
      `Ohne ein Wort zurückgelassen vom letzten Lauf${subject === '' ? '' : ` auf ${subject}`}: ${run}`,
    needsLook:
      'Ein Lauf an den Geräten beginnt erst, wenn jemand sagt, dass er nach dem Prüfstand gesehen hat.',
  },
  ja: {
    state: '途絶',
    over: '終了',
    simulated:
      '運転は前触れなく終わりました。プロセスがありません。シミュレーションのため、実機器はつながっていません。表示は最後の値です。',
    title: at => `運転は前触れなく終わりました。プロセスがありません (最後の記録 ${at})。`,
    isOld: '表示は古い値です。',
    nobodyKnows: '出力が今どうなっているか分かりません。',
    guard: {
      unheard:
        'ガードはすでに作動しているはずですが、何も記録していません。ガードも失われた可能性があります。',
      'under way': 'ガードが安全状態へ移しています。まだ確認されていません。',
      proved: 'ガードが安全状態を確認しました。',
      'not proved': 'ガードは安全状態を確認できませんでした。',
      lost: 'ガードはその前に失われています。安全状態へ移すものがありません。',
      none: 'このベンチにガードはありません。安全状態へ移すものがありません。',
      unknown: '記録にガードの記載がありません。安全状態へ移すものが確認できません。',
    },
    waits: s =>
      `${s === '' ? '' : `応答が途絶えてから ${s} 秒以内に`}ガードが安全状態へ移します。まだ何も記録していません。`,
    guardSaid: (at, text) => `ガード (${at}): ${text}`,
    next: means => `次の手段: ${means}`,
    notProved: what => `未確認: ${what}`,
    details: '詳細',
    look: '誰かが試験台を確認してください。危険なときはハードワイヤードの非常停止を使ってください。',
    toRun: '実験室でのこの運転',
    alarms: '警報は不明',
    leftBy: (run, subject) =>
      `最後の運転${subject === '' ? '' : ` (${subject})`}が前触れなく終わったままです: ${run}`,
    needsLook: '実機器での運転は、試験台を確認したと誰かが申告するまで始まりません。',
  },
};

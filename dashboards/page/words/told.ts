/** Words for what stands in the way of a value: its age, what is set and not in force, what a fired limit waits for. */
export const TOLD_EN = {
  ago: (time: string) => `${time} ago`,
  outputOff: 'output off',
  atMost: (value: string) => `at most ${value}`,
  atLeast: (value: string) => `at least ${value}`,
  gone: {
    below: (value: string) => `gone below ${value}`,
    above: (value: string) => `gone above ${value}`,
  },
  goneFor: (gone: string, time: string) => `${gone} for ${time}`,
  goneStill: (value: string) => `still ${value}`,
  abortOver:
    'Once more into the safe state. The run is over and keeps its verdict; the bench waits for a person after it.',
};

/** The same in any language. */
export type ToldWords = typeof TOLD_EN;

export const TOLD_DE: ToldWords = {
  ago: time => `vor ${time}`,
  outputOff: 'Ausgang aus',
  atMost: value => `höchstens ${value}`,
  atLeast: value => `mindestens ${value}`,
  gone: {
    below: value => `behoben unter ${value}`,
    above: value => `behoben über ${value}`,
  },
  goneFor: (gone, time) => `${gone} für ${time}`,
  goneStill: value => `noch ${value}`,
  abortOver:
    'Noch einmal in den sicheren Zustand. Der Lauf ist zu Ende und behält sein Urteil; der Prüfstand wartet danach auf eine Person.',
};

export const TOLD_JA: ToldWords = {
  ago: time => `${time} 前`,
  outputOff: '出力オフ',
  atMost: value => `上限 ${value}`,
  atLeast: value => `下限 ${value}`,
  gone: {
    below: value => `${value} 以下で解消`,
    above: value => `${value} 以上で解消`,
  },
  goneFor: (gone, time) => `${gone}（${time} 継続）`,
  goneStill: value => `あと ${value}`,
  abortOver:
    'もう一度安全状態にします。試験は終了しており判定は変わりません。その後、試験台は操作者を待ちます。',
};

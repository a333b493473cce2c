import type { DoorWhy } from '../../../door/answers/why.ts';
import type { Language } from '../language.ts';

/** Why the door of a laboratory says no, in each language. */

type Words = { readonly [C in DoorWhy['code']]: (found: Extract<DoorWhy, { code: C }>['with']) => string };

const since = (utc: string): string => `${utc.slice(0, 16).replace('T', ' ')} UTC`;
const inWords = (table: Readonly<Record<string, string>>, role: string): string => table[role] ?? role;
const ROLES_DE = {
  viewer: 'Betrachter',
  operator: 'Bediener',
  engineer: 'Ingenieur',
  admin: 'Administrator',
};
const ROLES_JA = { viewer: '閲覧者', operator: '操作者', engineer: '技術者', admin: '管理者' };

const REFUSED: Readonly<Record<Language, Words>> = {
  en: {
    nobody: () => 'You are not signed in: nothing was done. In danger use the hard-wired emergency stop.',
    role: ({ own, needed }) => `This needs the role ${needed}; yours is ${own}.`,
    noControl: () => 'Nobody is in control: take control first.',
    otherControl: ({ by, sinceUtc }) =>
      `${by} is in control since ${since(sinceUtc)}: take it over first, with a reason.`,
    unreadable: () =>
      'The accounts of the laboratory cannot be read: nobody comes in, and who was in may only stop a run.',
    wrongPassword: () => 'There is no account with this name and password.',
  },
  de: {
    nobody: () =>
      'Sie sind nicht angemeldet: Es ist nichts geschehen. Bei Gefahr den fest verdrahteten Not-Halt benutzen.',
    role: ({ own, needed }) =>
      `Das verlangt die Rolle ${inWords(ROLES_DE, needed)}; Ihre ist ${inWords(ROLES_DE, own)}.`,
    noControl: () => 'Niemand bedient: Bitte zuerst die Bedienung übernehmen.',
    otherControl: ({ by, sinceUtc }) =>
      `${by} bedient seit ${since(sinceUtc)}: Bitte zuerst übernehmen, mit einem Grund.`,
    unreadable: () =>
      'Die Konten des Labors sind nicht lesbar: Niemand kommt herein, und wer schon da war, kann nur einen Lauf stoppen.',
    wrongPassword: () => 'Es gibt kein Konto mit diesem Namen und Passwort.',
  },
  ja: {
    nobody: () =>
      'サインインしていません。何も実行されませんでした。危険なときは配線式の非常停止を使ってください。',
    role: ({ own, needed }) =>
      `${inWords(ROLES_JA, needed)}の役割が必要です (現在: ${inWords(ROLES_JA, own)})。`,
    noControl: () => '操作権を持つ人がいません。先に操作権を取ってください。',
    otherControl: ({ by, sinceUtc }) =>
      `${by} が ${since(sinceUtc)} から操作権を持っています。先に理由を添えて引き継いでください。`,
    unreadable: () =>
      '実験室のアカウントを読めません。新しく入ることはできず、すでに入っている人は試験の停止だけができます。',
    wrongPassword: () => 'この名前とパスワードのアカウントはありません。',
  },
};

/** In a language; what is known in words only, or by a code of another version, as the door words it. */
export function refusedIn(shown: Language, text: string, why: DoorWhy | undefined): string {
  if (why === undefined || !Object.hasOwn(REFUSED[shown], why.code)) return text;
  return (REFUSED[shown][why.code] as (found: unknown) => string)(why.with);
}

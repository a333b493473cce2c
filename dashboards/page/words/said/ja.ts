import type { SaidWords } from '../../../../control/view.ts';
import { COMMANDS_JA } from '../commands.ts';
import { RUN_JA } from '../run-ja.ts';

/** What a bench says, in Japanese. */

const { states } = RUN_JA.run;
const WHERE = {
  Held: '一時停止中',
  Tripped: 'トリップ',
  Aborted: '即時停止',
  Cleared: '解除済み',
  Stopped: '停止',
  Complete: '完了',
} as const;
const HOW: Readonly<Record<string, string>> = {
  resume: '「再開」で続行、「停止」で試験を終了',
  clear: '原因が解消したら「解除」',
  reset: '「リセット」で次の試験へ',
};
const DID = { held: '一時停止', suspended: '中断', stopped: '停止', aborted: '即時停止' } as const;
const ENDED = {
  applied: '設定完了',
  reached: '到達',
  time: '時間終了',
  condition: '条件成立',
  timeout: '時間切れ',
  skipped: '飛ばし',
  refused: '拒否',
  failed: '失敗',
} as const;
const DEVICE: Readonly<Record<string, string>> = {
  ready: '準備完了',
  connecting: '接続中',
  lost: '通信断',
  closed: '切断',
};

const list = (names: readonly string[]): string => names.join('、');
const notSafe = ({ role, reads, is, limit }: Parameters<SaidWords['notSafe']>[0]): string =>
  `安全が未確認: ${role} は ${reads ?? '測定値なし'}、期待値 ${is} ${limit}`;

export const SAID_JA: SaidWords = {
  starting: () => '開始中: 測定値と安全確認を待っています',
  asked: ({ asks }) => `確認事項: ${asks.join('; ')}`,
  recovered: () => '復帰: 設定値を元に戻しています',
  suspended: ({ by }) =>
    `中断中 (自動で再開): ${by
      .map(({ id, nth, most, back_s, for_s, trips_s }) => {
        const back = back_s === null ? '未復帰' : `復帰後 ${back_s}/${for_s} s`;
        return `${id} (${nth} 回目、最大 ${most} 回) ${back}${trips_s === null ? '' : `、あと ${trips_s} s でトリップ`}`;
      })
      .join('; ')}`,
  stopping: () => '停止処理中: 負荷を下げてから安全状態へ',
  completing: () => '完了処理中: 安全状態へ移行しています',
  aborting: () => '安全状態へ移行中: すべてが確認または列挙されるまで待つ',
  acknowledgeFirst: ({ where, command }) => `${WHERE[where]}: 警報を確認してから「${COMMANDS_JA[command]}」`,
  causePresent: ({ where, command, ids }) =>
    `${WHERE[where]}: 確認済みですが原因が継続中です (${list(ids)})。解消すると「${COMMANDS_JA[command]}」できます`,
  stillDriven: ({ where, command }) =>
    `${WHERE[where]}: 安全状態へ移行中のため「${COMMANDS_JA[command]}」はまだできません`,
  readsNotSafe: ({ where, command, ...proof }) =>
    `${WHERE[where]}: 「${COMMANDS_JA[command]}」はまだできません、${notSafe(proof)}`,
  wayOn: ({ where, command }) => `${WHERE[where]}: ${HOW[command] ?? COMMANDS_JA[command]}`,
  ready: () => '待機中',
  startAgain: () => '待機中: 「再開始」で同じ試験方法をもう一度実行',
  skipped: ({ step }) => `ステップ ${step} を飛ばしました。次から続行します`,
  notThatStep: ({ step }) =>
    `飛ばそうとしたステップはすでに終わっています。実行中の ${step} はそのまま続けます`,
  edited: () => '試験方法を変更しました。「再開」で新しい内容から続行します',
  holding: () => '一時停止します: 試験時間は止まり、スタックの設定値は維持、セルは休止します',
  resumed: () => '再開しました',
  isStopping: () => '停止します: 負荷を下げてから安全状態へ',
  isAborting: () => '即時停止します: 直ちに安全状態へ',
  acknowledged: ({ cleared, standing }) =>
    `確認しました: ${list(cleared) || '解消した警報なし'}${standing.length > 0 ? `。継続中: ${list(standing)}` : ''}`,
  shelved: ({ id }) => `${id} を棚上げしました`,
  unshelved: ({ id }) => `${id} の棚上げを解除しました`,
  cleared: () => '解除しました',
  reset: () => 'リセットしました',
  confirmed: ({ asks }) => `確定しました: ${asks.join('; ')}`,
  started: () => '開始しました',
  limitChanged: ({ id, from, to, by, reason }) => `${id}: ${from} → ${to} (この試験のみ、${by}: ${reason})`,
  notNow: ({ state }) => `「${states[state]}」の状態ではできません`,
  notHeld: ({ state }) => `「${states[state]}」の状態ではできません。先に一時停止してください`,
  noEdits: () => 'この試験は試験方法の変更を受け付けません',
  noStart: () =>
    '今は開始できません: 前の試験の記録を締めているか、試験方法を一度だけ実行する設定 (--no-serve) です',
  nothingAsked: () => '確認を求める事項はありません',
  noAlarmStands: ({ id }) => `警報 ${id} は発生していません`,
  cannotResume: ({ state }) => `「${states[state]}」の状態では再開できません`,
  alarmsFirst: () => '先に警報を確認してください',
  notBack: ({ ids }) => `${list(ids)} がまだ復帰していません`,
  nothingToClear: ({ state }) => `「${states[state]}」の状態では解除するものがありません`,
  cannotReset: ({ state }) => `「${states[state]}」の状態ではリセットできません`,
  acknowledgeThese: ({ ids }) => `先に確認してください: ${list(ids)}`,
  stillPresent: ({ unseen, seen }) =>
    `${unseen.length === 0 ? '' : `先に確認してください: ${list(unseen)}、`}まだ発生中: ${list(seen)}`,
  beingDriven: () => '安全状態へ移行中です',
  notSafe,
  noAlarm: ({ id, names }) => `警報 ${id} はありません。候補: ${list(names)}`,
  acts: ({ id }) => `${id}: 試験に作用する警報は棚上げできません。棚上げできるのは警告だけです`,
  noTime: ({ id, for_s }) => `${id}: ${for_s} s、0 より長い時間が必要です`,
  tooLong: ({ id, for_s, most_s }) => `${id}: ${for_s} s、最大 ${most_s} s (試験台の alarms.shelve_h)`,
  byNobody: ({ id }) => `${id}: 名前が必要です`,
  withoutReason: ({ id }) => `${id}: 理由が必要です`,
  notShelved: ({ id }) => `${id} は棚上げされていません`,
  noInterlock: ({ id, names }) => `インターロック ${id} はありません。候補: ${list(names)}`,
  noThreshold: ({ id, kind }) => `${id} の種類は ${kind} です。限界値を持つのはしきい値型だけです`,
  noLimit: ({ value }) => `${value} は限界値になりません。数値が必要です`,
  laxer: ({ value, trips, limit }) =>
    `${value} は試験台の限界値 (${trips} ${limit}) より緩いため不可、${trips === '>' ? '≤' : '≥'} ${limit} が必要です`,
  wentTo: ({ from, to }) => `${states[from]} → ${states[to]}`,
  stepEnded: ({ step, ended }) => `${step}: ${ENDED[ended]}`,
  commandGiven: ({ command, by, accepted, reason }) =>
    `${COMMANDS_JA[command]} (${by}${reason === '' ? '' : `、理由: ${reason}`}): ${accepted ? '受付' : '拒否'}`,
  alarmOver: ({ id }) => `${id}: 原因解消`,
  putAside: ({ id, for_s, by, reason }) => `${id} を ${for_s} s 棚上げ、${by}: ${reason}`,
  broughtBack: ({ id, by }) => `${id} の棚上げ解除 (${by === '' ? '時間満了' : by})`,
  hasSuspended: ({ id, nth, most }) => `${id}: 中断 ${nth} 回目 (最大 ${most} 回)`,
  hasRecovered: ({ id, lasted_s }) => `${id} が復帰、${lasted_s.toFixed(1)} s 後に続行`,
  deviceIs: ({ device, state }) => `${device}: ${DEVICE[state] ?? state}`,
  caused: ({ did, by, id, because, text }) => {
    switch (by) {
      case 'person':
        return `操作者による${DID[did]} (${id})${because === undefined ? '' : `: ${because}`}`;
      case 'interlock':
        return `インターロックによる${DID[did]}: ${text}`;
      case 'signal':
        return `プログラムへのシグナル ${id} による${DID[did]}`;
      case 'set-point':
        return `設定値 ${id} の異常による${DID[did]}: ${text}`;
      case 'watchdog':
        return `${id} のウォッチドッグ異常による${DID[did]}: ${text}`;
      case 'step':
        return `試験方法による${DID[did]}: ${text}`;
      case 'procedure':
        return '試験方法は最後まで終わりました';
      case 'start':
        return `開始できません: ${text}`;
      case 'record':
        return `記録の異常による${DID[did]}: ${text}`;
      case 'guard':
        return `監視プロセスの異常による${DID[did]}: ${text}`;
      case 'rehearsal':
        return `リハーサルでの${DID[did]}: ${text}`;
      case 'self':
        return `cellbench 自体の異常による${DID[did]}: ${text}`;
    }
  },
};

/** Commands as the buttons call them, so that a text which names one names its button. */

export const COMMANDS_DE = {
  hold: 'Anhalten',
  resume: 'Fortsetzen',
  stop: 'Stoppen',
  abort: 'Abbrechen',
  acknowledge: 'Quittieren',
  clear: 'Freigeben',
  reset: 'Zurücksetzen',
  start: 'Starten',
  confirm: 'Bestätigen',
  skip: 'Schritt überspringen',
  limit: 'Grenze ändern',
  edit: 'Methode ändern',
  shelve: 'Zurückstellen',
  unshelve: 'Zurückholen',
} as const;

export const COMMANDS_JA = {
  hold: '一時停止',
  resume: '再開',
  stop: '停止',
  abort: '即時停止',
  acknowledge: '確認',
  clear: '解除',
  reset: 'リセット',
  start: '開始',
  confirm: '確定',
  skip: 'ステップを飛ばす',
  limit: '限界値の変更',
  edit: '試験方法の変更',
  shelve: '棚上げ',
  unshelve: '棚上げ解除',
} as const;

import type { SaidWords } from '../../../../control/view.ts';
import { COMMANDS_DE } from '../commands.ts';
import { RUN_DE } from '../run-de.ts';

/** What a bench says, in German. */

const { states } = RUN_DE.run;
const WHERE = {
  Held: 'Angehalten',
  Tripped: 'Abgeschaltet',
  Aborted: 'Abgebrochen',
  Cleared: 'Freigegeben',
  Stopped: 'Gestoppt',
  Complete: 'Abgeschlossen',
} as const;
const HOW: Readonly<Record<string, string>> = {
  resume: 'Fortsetzen führt weiter, Stoppen beendet den Lauf',
  clear: 'Freigeben bestätigt, dass die Ursache behoben ist',
  reset: 'Zurücksetzen führt zum nächsten Lauf',
};
const DID = {
  held: 'Angehalten',
  suspended: 'Unterbrochen',
  stopped: 'Gestoppt',
  aborted: 'Abgebrochen',
} as const;
const ENDED = {
  applied: 'gesetzt',
  reached: 'erreicht',
  time: 'Zeit abgelaufen',
  condition: 'Bedingung erfüllt',
  timeout: 'Zeitüberschreitung',
  skipped: 'übersprungen',
  refused: 'abgelehnt',
  failed: 'fehlgeschlagen',
} as const;
const DEVICE: Readonly<Record<string, string>> = {
  ready: 'bereit',
  connecting: 'verbindet',
  lost: 'Verbindung verloren',
  closed: 'geschlossen',
};

const list = (names: readonly string[]): string => names.join(', ');
const notSafe = ({ role, reads, is, limit }: Parameters<SaidWords['notSafe']>[0]): string =>
  `nicht sicher: ${role} zeigt ${reads ?? 'keinen Messwert'}, erwartet ${is} ${limit}`;
const because = (reason: string): string => (reason === '' ? '' : `, Grund: ${reason}`);

export const SAID_DE: SaidWords = {
  starting: () => 'Startet: wartet auf Messwerte und Nachweise',
  asked: ({ asks }) => `Gefragt: ${asks.join('; ')}`,
  recovered: () => 'Wieder im Bereich: die Sollwerte kehren zurück',
  suspended: ({ by }) =>
    `Unterbrochen, geht von selbst weiter: ${by
      .map(({ id, nth, most, back_s, for_s, trips_s }) => {
        const back = back_s === null ? 'noch nicht zurück' : `zurück seit ${back_s} von ${for_s} s`;
        return `${id} (${nth}. von höchstens ${most}) ${back}${trips_s === null ? '' : `, schaltet ab in ${trips_s} s`}`;
      })
      .join('; ')}`,
  stopping: () => 'Stoppt: Last herunterfahren, dann sicherer Zustand',
  completing: () => 'Schließt ab: der sichere Zustand wird angefahren',
  aborting: () => 'In den sicheren Zustand: warten, bis alles nachgewiesen oder benannt ist',
  acknowledgeFirst: ({ where, command }) =>
    `${WHERE[where]}: erst die Alarme quittieren, dann ${COMMANDS_DE[command]}`,
  causePresent: ({ where, command, ids }) =>
    `${WHERE[where]}: quittiert, aber die Ursache steht noch an (${list(ids)}); ${COMMANDS_DE[command]} ist erst danach möglich`,
  stillDriven: ({ where, command }) =>
    `${WHERE[where]}: ${COMMANDS_DE[command]} wartet, der sichere Zustand wird noch angefahren`,
  readsNotSafe: ({ where, command, ...proof }) =>
    `${WHERE[where]}: ${COMMANDS_DE[command]} wartet, ${notSafe(proof)}`,
  wayOn: ({ where, command }) => `${WHERE[where]}: ${HOW[command] ?? COMMANDS_DE[command]}`,
  ready: () => 'Bereit',
  startAgain: () => 'Bereit: Neu starten fährt dieselbe Methode noch einmal',
  skipped: ({ step }) => `Schritt ${step} übersprungen: die Methode geht dahinter weiter`,
  notThatStep: ({ step }) =>
    `Der Schritt, der übersprungen werden sollte, ist zu Ende; jetzt läuft ${step} und läuft weiter`,
  edited: () => 'Methode geändert: Fortsetzen geht nach der neuen weiter',
  holding: () => 'Hält an: die Methodenzeit steht; Sollwerte eines Stacks bleiben, eine Zelle ruht',
  resumed: () => 'Fortgesetzt',
  isStopping: () => 'Stoppt: Last herunterfahren, dann sicherer Zustand',
  isAborting: () => 'Bricht ab: sofort in den sicheren Zustand',
  acknowledged: ({ cleared, standing }) =>
    `Quittiert: ${list(cleared) || 'keine Ursache behoben'}${standing.length > 0 ? `; steht noch an: ${list(standing)}` : ''}`,
  shelved: ({ id }) => `${id} ist zurückgestellt`,
  unshelved: ({ id }) => `${id} ist nicht mehr zurückgestellt`,
  cleared: () => 'Freigegeben',
  reset: () => 'Zurückgesetzt',
  confirmed: ({ asks }) => `Bestätigt: ${asks.join('; ')}`,
  started: () => 'Gestartet',
  limitChanged: ({ id, from, to, by, reason }) =>
    `${id}: ${from} → ${to} in diesem Lauf (${by}${because(reason)})`,
  notNow: ({ state }) => `Im Zustand „${states[state]}“ nicht möglich`,
  notHeld: ({ state }) => `Im Zustand „${states[state]}“ nicht möglich: erst den Lauf anhalten`,
  noEdits: () => 'Dieser Lauf nimmt keine Änderungen der Methode an',
  noStart: () =>
    'Jetzt nicht: die Aufzeichnung des letzten Laufs wird noch abgeschlossen, oder das Programm fährt seine Methode nur einmal (--no-serve)',
  nothingAsked: () => 'Es ist nichts gefragt',
  noAlarmStands: ({ id }) => `Kein Alarm ${id} steht an`,
  cannotResume: ({ state }) => `Fortsetzen ist im Zustand „${states[state]}“ nicht möglich`,
  alarmsFirst: () => 'Erst die Alarme quittieren',
  notBack: ({ ids }) => `${list(ids)} ist noch nicht zurück im Bereich`,
  nothingToClear: ({ state }) => `Im Zustand „${states[state]}“ ist nichts freizugeben`,
  cannotReset: ({ state }) => `Zurücksetzen ist im Zustand „${states[state]}“ nicht möglich`,
  acknowledgeThese: ({ ids }) => `Erst quittieren: ${list(ids)}`,
  stillPresent: ({ unseen, seen }) =>
    `${unseen.length === 0 ? '' : `Erst quittieren: ${list(unseen)}; `}steht noch an: ${list(seen)}`,
  beingDriven: () => 'Der sichere Zustand wird noch angefahren',
  notSafe,
  noAlarm: ({ id, names }) => `Es gibt keinen Alarm ${id}, erwartet einer von ${list(names)}`,
  acts: ({ id }) =>
    `${id}: der Alarm greift in den Lauf ein und bleibt immer sichtbar; nur Warnungen lassen sich zurückstellen`,
  noTime: ({ id, for_s }) => `${id}: ${for_s} s, erwartet eine Zeit > 0`,
  tooLong: ({ id, for_s, most_s }) =>
    `${id}: ${for_s} s, höchstens ${most_s} s (alarms.shelve_h des Prüfstands)`,
  byNobody: ({ id }) => `${id}: der Name fehlt`,
  withoutReason: ({ id }) => `${id}: der Grund fehlt`,
  notShelved: ({ id }) => `${id} ist nicht zurückgestellt`,
  noInterlock: ({ id, names }) => `Es gibt keine Verriegelung ${id}, erwartet eine von ${list(names)}`,
  noThreshold: ({ id, kind }) => `${id} ist von der Art ${kind}: nur eine mit Schwelle hat eine Grenze`,
  noLimit: ({ value }) => `${value} ist keine Grenze, erwartet eine Zahl`,
  laxer: ({ value, trips, limit }) =>
    `${value} ist weniger streng als der Prüfstand (${trips} ${limit}), erwartet ${trips === '>' ? '≤' : '≥'} ${limit}`,
  wentTo: ({ from, to }) => `${states[from]} → ${states[to]}`,
  stepEnded: ({ step, ended }) => `${step}: ${ENDED[ended]}`,
  commandGiven: ({ command, by, accepted, reason }) =>
    `${COMMANDS_DE[command]} (${by}${because(reason)}): ${accepted ? 'angenommen' : 'abgelehnt'}`,
  alarmOver: ({ id }) => `${id} gegangen`,
  putAside: ({ id, for_s, by, reason }) => `${id} zurückgestellt für ${for_s} s von ${by}: ${reason}`,
  broughtBack: ({ id, by }) =>
    `${id} nicht mehr zurückgestellt (${by === '' ? 'die Zeit ist um' : `von ${by}`})`,
  hasSuspended: ({ id, nth, most }) => `${id}: ${nth}. Unterbrechung von höchstens ${most}`,
  hasRecovered: ({ id, lasted_s }) =>
    `${id} ist zurück, der Lauf geht nach ${lasted_s.toFixed(1).replace('.', ',')} s weiter`,
  deviceIs: ({ device, state }) => `${device}: ${DEVICE[state] ?? state}`,
  caused: ({ did, by, id, because, text }) => {
    switch (by) {
      case 'person':
        return `${DID[did]} von einer Person (${id})${because === undefined ? '' : `: ${because}`}`;
      case 'interlock':
        return `${DID[did]} durch die Verriegelung ${text}`;
      case 'signal':
        return `${DID[did]} durch das Signal ${id} an das Programm`;
      case 'set-point':
        return `${DID[did]}: Sollwert ${id} (${text})`;
      case 'watchdog':
        return `${DID[did]}: Watchdog von ${id} (${text})`;
      case 'step':
        return `${DID[did]} durch die Methode: ${text}`;
      case 'procedure':
        return 'Die Methode ist durch';
      case 'start':
        return `Start abgelehnt: ${text}`;
      case 'record':
        return `${DID[did]}: die Aufzeichnung ist gestört (${text})`;
      case 'guard':
        return `${DID[did]}: der Wächterprozess ist gestört (${text})`;
      case 'rehearsal':
        return `${DID[did]} im Probelauf: ${text}`;
      case 'self':
        return `${DID[did]}: cellbench selbst hat versagt (${text})`;
    }
  },
};

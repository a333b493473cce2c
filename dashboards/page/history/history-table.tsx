import type { PastAlarm } from '../../../control/view.ts';
import { durationText, figureText, timeText, unitText } from '../../format.ts';
import type { HistoryWords } from '../words/history/en.ts';

/** In whose words a history is told. */
export interface Telling {
  readonly say: HistoryWords;
  /** Digits with a point, with the sign of the language. */
  digits(text: string): string;
}

interface HistoryTableProps extends Telling {
  readonly alarms: readonly PastAlarm[];
  /** Shows the time of one in the charts; absent: there are none. */
  readonly onShow?: ((alarm: PastAlarm) => void) | undefined;
}

const COLUMNS = [
  'came',
  'alarm',
  'reaction',
  'priority',
  'gone',
  'stood',
  'value',
  'peak',
  'limit',
  'times',
  'acknowledged',
  'shelved',
  'where',
] as const;

/** A row each time that an alarm came; narrow screens show it as a card. */
export function HistoryTable({ alarms, onShow, ...telling }: HistoryTableProps) {
  const { columns } = telling.say;
  return (
    <table class="history-table">
      <thead>
        <tr>
          {COLUMNS.map(name => (
            <th key={name} scope="col">
              {columns[name]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {alarms.map(alarm => (
          <Row key={alarm.n} alarm={alarm} onShow={onShow} {...telling} />
        ))}
      </tbody>
    </table>
  );
}

function Row({
  alarm,
  onShow,
  ...telling
}: Omit<HistoryTableProps, 'alarms'> & { readonly alarm: PastAlarm }) {
  const { say } = telling;
  const came = timeOf(alarm.raised_s);
  const texts = textsOf(alarm, telling);
  return (
    <tr
      class={`past ${alarm.reaction} ${alarm.state}${onShow === undefined ? '' : ' can-show'}`}
      title={alarm.text}
      onClick={() => onShow?.(alarm)}
    >
      <td data-head={say.columns.came}>
        {onShow === undefined ? (
          came
        ) : (
          <button type="button" class="as-link" aria-label={say.show(alarm.id, came)}>
            {came}
          </button>
        )}
      </td>
      <th scope="row" data-head={say.columns.alarm}>
        {alarm.id}
      </th>
      <td data-head={say.columns.reaction}>
        <span class="reaction">{say.reactions[alarm.reaction]}</span>
        {alarm.isFirstOut && <b> {say.cameFirst}</b>}
      </td>
      {COLUMNS.slice(3).map(name => (
        <td key={name} data-head={say.columns[name]} class={name}>
          {texts[name] ?? ''}
        </td>
      ))}
    </tr>
  );
}

/** What stands in the cells of an alarm; a cell without a word is empty. */
export function textsOf(alarm: PastAlarm, { say, digits }: Telling): Readonly<Record<string, string>> {
  const { raised_s, cleared_s, acknowledged_s, acknowledgedBy, shelved, phase, step, state } = alarm;
  const waits = state === 'unacknowledged' || state === 'returned' || state === 'latched';
  const amount = (value: number | null): string =>
    value === null || alarm.unit === 'on'
      ? ''
      : `${digits(figureText(Number(value.toPrecision(4))).value)} ${unitText(alarm.unit)}`.trim();
  const at = acknowledged_s === null ? (waits ? say.notYet : '') : timeOf(acknowledged_s);
  const seen = acknowledged_s === null || acknowledgedBy === '' ? at : say.by(at, acknowledgedBy);
  return {
    priority: say.priorities[alarm.priority],
    gone: cleared_s === null ? say.stands : timeOf(cleared_s),
    stood: cleared_s === null ? '' : digits(durationText(cleared_s - raised_s)),
    value: amount(alarm.value),
    peak: amount(alarm.peak),
    limit: amount(alarm.limit),
    times: String(alarm.count),
    acknowledged: seen,
    shelved: shelved === null ? '' : say.shelvedBy(shelved.by, shelved.reason),
    where: [phase, step].filter(word => word !== '').join(', '),
  };
}

/** A run begins at 0; what came before stands below. */
function timeOf(t_s: number): string {
  return t_s < 0 ? `−${timeText(-t_s)}` : timeText(t_s);
}

import { useState } from 'preact/hooks';
import type { AlarmState, Command, CommandName, LiveAlarm, LiveSnapshot } from '../../control/view.ts';
import { figureText, timeText, unitText } from '../format.ts';

/** The list of alarms: what stands and waits for a person, and by itself what is shelved. */

/** How the list calls a state. */
const STATE_WORDS: Readonly<Record<AlarmState, string>> = {
  normal: 'normal',
  unacknowledged: 'still present',
  acknowledged: 'still present',
  returned: 'cause gone',
  latched: 'cause gone, latched until acknowledged',
  shelved: 'shelved',
  suppressed: 'not armed',
};

interface AlarmsProps {
  readonly snapshot: LiveSnapshot;
  readonly may: (command: CommandName) => boolean;
  /** Who sits here; empty: nobody said. */
  readonly name: string;
  readonly onName: (name: string) => void;
  readonly onCommand: (command: Command) => void;
}

/** Every alarm that is present, waits for a person or is shelved. */
export function Alarms({ snapshot, may, name, onName, onCommand }: AlarmsProps) {
  const { alarms, suppressed, shelve_s } = snapshot;
  const told = alarms.filter(alarm => alarm.shelved === null);
  const shelved = alarms.filter(alarm => alarm.shelved !== null);
  const open = told.filter(alarm => !alarm.acknowledged);
  return (
    <section class="panel alarms" id="alarms" aria-label="Alarms">
      <h2>
        Alarms <span class="count">{told.length === 0 ? 'none' : told.length}</span>
        {open.length > 1 && (
          <button type="button" disabled={!may('acknowledge')} onClick={() => onCommand(acknowledging(name))}>
            Acknowledge all
          </button>
        )}
      </h2>
      <label class="who">
        Your name{' '}
        <input
          type="text"
          value={name}
          maxLength={200}
          onInput={event => onName(event.currentTarget.value)}
        />
      </label>
      <div class="spoken" aria-live="assertive">
        {open.map(alarm => `${alarm.reaction}: ${alarm.text}`).join('. ')}
      </div>
      <ul>
        {told.map(alarm => (
          <Alarm
            key={alarm.id}
            alarm={alarm}
            may={may}
            name={name}
            onCommand={onCommand}
            shelve_s={shelve_s}
          />
        ))}
      </ul>
      {shelved.length > 0 && (
        <>
          <h3>Shelved</h3>
          <ul>
            {shelved.map(alarm => (
              <Shelved key={alarm.id} alarm={alarm} may={may} onCommand={onCommand} />
            ))}
          </ul>
        </>
      )}
      {suppressed.length > 0 && (
        <p class="suppressed" title={suppressed.join(', ')}>
          {suppressed.length} not armed in this step (suppressed by design)
        </p>
      )}
    </section>
  );
}

/** Acknowledging one alarm, or all, in this name, which stands in the record. */
export function acknowledging(name: string, alarm?: string): Command {
  const by = name.trim();
  return {
    command: 'acknowledge',
    ...(alarm === undefined ? {} : { alarm }),
    ...(by === '' ? {} : { by }),
  };
}

interface AlarmProps {
  readonly name: string;
  readonly shelve_s: number;
}

interface OneProps {
  readonly alarm: LiveAlarm;
  readonly may: (command: CommandName) => boolean;
  readonly onCommand: (command: Command) => void;
}

function Alarm({ alarm, may, name, onCommand, shelve_s }: OneProps & AlarmProps) {
  const [shelving, setShelving] = useState(false);
  const { id, reaction, priority, state, count, isFirstOut } = alarm;
  return (
    <li class={`alarm ${reaction} ${state}`}>
      <div>
        <strong class="reaction">{reaction}</strong> <b>{id}</b>{' '}
        <span class={`priority ${priority}`}>{priority}</span>
        {isFirstOut && <span class="first-out"> came first</span>}
      </div>
      <div>{alarm.text}</div>
      <div class="foot">
        <span class="since">
          {alarm.since_s !== null && `since ${timeText(alarm.since_s)}, `}
          {STATE_WORDS[state]}
          {count > 1 && `, ${count} times`}
          {peakOf(alarm)}
        </span>
        {alarm.acknowledged ? (
          <small>acknowledged{alarm.acknowledgedBy === '' ? '' : ` by ${alarm.acknowledgedBy}`}</small>
        ) : (
          <button
            type="button"
            disabled={!may('acknowledge')}
            aria-label={`Acknowledge ${id}`}
            onClick={() => onCommand(acknowledging(name, id))}
          >
            Acknowledge
          </button>
        )}
        {reaction === 'warn' && !shelving && (
          <button
            type="button"
            disabled={!may('shelve')}
            aria-label={`Shelve ${id}`}
            onClick={() => setShelving(true)}
          >
            Shelve
          </button>
        )}
      </div>
      {shelving && (
        <ShelveForm
          id={id}
          shelve_s={shelve_s}
          name={name}
          onAnswer={command => {
            setShelving(false);
            if (command !== undefined) onCommand(command);
          }}
        />
      )}
    </li>
  );
}

interface ShelveProps {
  readonly id: string;
  readonly shelve_s: number;
  readonly name: string;
  readonly onAnswer: (command: Command | undefined) => void;
}

/** For how long, who, why: nothing is shelved without. */
function ShelveForm({ id, shelve_s, name, onAnswer }: ShelveProps) {
  const [by, setBy] = useState(name);
  const [reason, setReason] = useState('');
  const [minutes, setMinutes] = useState('30');
  const for_s = 60 * Number(minutes);
  const isWhole = by.trim() !== '' && reason.trim() !== '' && for_s > 0 && for_s <= shelve_s;
  return (
    <form
      class="shelve"
      onSubmit={event => {
        event.preventDefault();
        if (isWhole) onAnswer({ command: 'shelve', alarm: id, by: by.trim(), reason: reason.trim(), for_s });
      }}
    >
      <label>
        for min (at most {Math.floor(shelve_s / 60)}){' '}
        <input
          type="number"
          min="1"
          max={shelve_s / 60}
          value={minutes}
          onInput={event => setMinutes(event.currentTarget.value)}
        />
      </label>
      <label>
        by <input type="text" value={by} onInput={event => setBy(event.currentTarget.value)} />
      </label>
      <label>
        because <input type="text" value={reason} onInput={event => setReason(event.currentTarget.value)} />
      </label>
      <div class="answers">
        <button type="submit" disabled={!isWhole}>
          Shelve
        </button>
        <button type="button" onClick={() => onAnswer(undefined)}>
          Cancel
        </button>
      </div>
    </form>
  );
}

function Shelved({ alarm, may, onCommand }: OneProps) {
  const { id, shelved, since_s, gone_s, text } = alarm;
  if (shelved === null) return null;
  const isThere = since_s !== null && gone_s === null;
  return (
    <li class="alarm shelved">
      <div>
        <b>{id}</b> until {timeText(shelved.until_s)}, by {shelved.by}: {shelved.reason}
      </div>
      <div class="foot">
        <span class="since">{isThere ? `stands since ${timeText(since_s)}: ${text}` : 'does not stand'}</span>
        <button
          type="button"
          disabled={!may('unshelve')}
          aria-label={`Bring back ${id}`}
          onClick={() => onCommand({ command: 'unshelve', alarm: id })}
        >
          Bring back
        </button>
      </div>
    </li>
  );
}

function peakOf({ peak, unit }: LiveAlarm): string {
  if (peak === null || unit === 'on') return '';
  return `, peak ${figureText(Number(peak.toPrecision(4))).value} ${unitText(unit)}`;
}

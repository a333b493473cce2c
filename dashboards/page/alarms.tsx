import { useState } from 'preact/hooks';
import type { Command, CommandName, LiveAlarm, LiveSnapshot } from '../../control/view.ts';
import { figureText, timeText } from '../format.ts';
import { words } from './words/language.ts';
import { localDigits, localUnit } from './words/number.ts';

/** The list of alarms: what stands and waits for a person, and by itself what is shelved. */

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
  const say = words().alarms;
  return (
    <section class="panel alarms" id="alarms" aria-label={say.title}>
      <h2>
        {say.title} <span class="count">{told.length === 0 ? words().none : told.length}</span>
        {open.length > 1 && (
          <button type="button" disabled={!may('acknowledge')} onClick={() => onCommand(acknowledging(name))}>
            {say.acknowledgeAll}
          </button>
        )}
      </h2>
      <label class="who">
        {say.yourName}{' '}
        <input
          type="text"
          value={name}
          maxLength={200}
          onInput={event => onName(event.currentTarget.value)}
        />
      </label>
      <div class="spoken" aria-live="assertive">
        {open.map(alarm => `${words().reactions[alarm.reaction]}: ${alarm.text}`).join('. ')}
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
          <h3>{say.shelved}</h3>
          <ul>
            {shelved.map(alarm => (
              <Shelved key={alarm.id} alarm={alarm} may={may} onCommand={onCommand} />
            ))}
          </ul>
        </>
      )}
      {suppressed.length > 0 && (
        <p class="suppressed" title={suppressed.join(', ')}>
          {say.notArmed(suppressed.length)}
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
  const say = words().alarms;
  return (
    <li class={`alarm ${reaction} ${state}`}>
      <div>
        <strong class="reaction">{words().reactions[reaction]}</strong> <b>{id}</b>{' '}
        <span class={`priority ${priority}`}>{say.priorities[priority]}</span>
        {isFirstOut && <span class="first-out"> {say.cameFirst}</span>}
      </div>
      <div>{alarm.text}</div>
      <div class="foot">
        <span class="since">
          {alarm.since_s !== null && `${say.since(timeText(alarm.since_s))}, `}
          {say.states[state]}
          {count > 1 && `, ${say.times(count)}`}
          {peakOf(alarm)}
        </span>
        {alarm.acknowledged ? (
          <small>
            {say.acknowledged}
            {alarm.acknowledgedBy === '' ? '' : ` ${say.by(alarm.acknowledgedBy)}`}
          </small>
        ) : (
          <button
            type="button"
            disabled={!may('acknowledge')}
            aria-label={say.acknowledgeOne(id)}
            onClick={() => onCommand(acknowledging(name, id))}
          >
            {say.acknowledge}
          </button>
        )}
        {reaction === 'warn' && !shelving && (
          <button
            type="button"
            disabled={!may('shelve')}
            aria-label={say.shelveOne(id)}
            onClick={() => setShelving(true)}
          >
            {say.shelve}
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
  const say = words().alarms;
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
        {say.shelveFor(Math.floor(shelve_s / 60))}{' '}
        <input
          type="number"
          min="1"
          max={shelve_s / 60}
          value={minutes}
          onInput={event => setMinutes(event.currentTarget.value)}
        />
      </label>
      <label>
        {say.shelveBy} <input type="text" value={by} onInput={event => setBy(event.currentTarget.value)} />
      </label>
      <label>
        {say.shelveBecause}{' '}
        <input type="text" value={reason} onInput={event => setReason(event.currentTarget.value)} />
      </label>
      <div class="answers">
        <button type="submit" disabled={!isWhole}>
          {say.shelve}
        </button>
        <button type="button" onClick={() => onAnswer(undefined)}>
          {say.cancel}
        </button>
      </div>
    </form>
  );
}

function Shelved({ alarm, may, onCommand }: OneProps) {
  const { id, shelved, since_s, gone_s, text } = alarm;
  if (shelved === null) return null;
  const say = words().alarms;
  const isThere = since_s !== null && gone_s === null;
  return (
    <li class="alarm shelved">
      <div>
        <b>{id}</b> {say.until(timeText(shelved.until_s), shelved.by, shelved.reason)}
      </div>
      <div class="foot">
        <span class="since">{isThere ? say.standsSince(timeText(since_s), text) : say.doesNotStand}</span>
        <button
          type="button"
          disabled={!may('unshelve')}
          aria-label={say.bringBackOne(id)}
          onClick={() => onCommand({ command: 'unshelve', alarm: id })}
        >
          {say.bringBack}
        </button>
      </div>
    </li>
  );
}

function peakOf({ peak, unit }: LiveAlarm): string {
  if (peak === null || unit === 'on') return '';
  const value = localDigits(figureText(Number(peak.toPrecision(4))).value);
  return `, ${words().alarms.peak(`${value} ${localUnit(unit)}`)}`;
}

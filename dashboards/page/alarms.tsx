import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Command, CommandName, LiveAlarm, LiveSnapshot } from '../../control/view.ts';
import { figureText, timeText } from '../format.ts';
import { fromNow, type RunClock, ShelveForm } from './ask/shelve-form.tsx';
import { limitText } from './nearest/near-facts.ts';
import { firstOutFirst } from './wall/first-out.ts';
import { isWall } from './wall-form.ts';
import { words } from './words/language.ts';
import { localDigits, localUnit } from './words/number.ts';

/** The list of alarms: what stands and waits for a person, and by itself what is shelved. */

interface AlarmsProps {
  readonly snapshot: LiveSnapshot;
  readonly may: (command: CommandName) => boolean;
  /** Who sits here; empty: nobody said. */
  readonly name: string;
  readonly onName: (name: string) => void;
  /** The account that stands in the record whatever is typed; empty: there are none. */
  readonly account: string;
  /** Run time that goes by in a second, s; undefined: not known yet, or real time. */
  readonly pace: number | undefined;
  readonly onCommand: (command: Command) => void;
  /** The way to the history. */
  readonly children?: ComponentChildren;
}

/** Every alarm that is present, waits for a person or is shelved. */
export function Alarms(props: AlarmsProps) {
  const { snapshot, may, name, onName, account, pace, onCommand, children } = props;
  const { alarms, suppressed, shelve_s, run } = snapshot;
  const clock = { now_s: run.time_s, isSimulated: run.mode === 'rehearsal', pace };
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
        {children}
      </h2>
      {account === '' ? (
        <label class="who">
          {say.yourName}{' '}
          <input
            type="text"
            value={name}
            maxLength={200}
            onInput={event => onName(event.currentTarget.value)}
          />
        </label>
      ) : (
        <p class="who">{say.as(account)}</p>
      )}
      <div class="spoken" aria-live="assertive">
        {open.map(alarm => `${words().reactions[alarm.reaction]}: ${alarm.text}`).join('. ')}
      </div>
      <ul>
        {(isWall() ? firstOutFirst(told) : told).map(alarm => (
          <Alarm
            key={alarm.id}
            alarm={alarm}
            may={may}
            name={name}
            account={account}
            clock={clock}
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
              <Shelved key={alarm.id} alarm={alarm} may={may} clock={clock} onCommand={onCommand} />
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
  readonly account: string;
  readonly shelve_s: number;
}

interface OneProps {
  readonly alarm: LiveAlarm;
  readonly may: (command: CommandName) => boolean;
  readonly clock: RunClock;
  readonly onCommand: (command: Command) => void;
}

function Alarm({ alarm, may, name, account, clock, onCommand, shelve_s }: OneProps & AlarmProps) {
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
          {goneOf(alarm)}
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
          account={account}
          clock={clock}
          onAnswer={command => {
            setShelving(false);
            if (command !== undefined) onCommand(command);
          }}
        />
      )}
    </li>
  );
}

function Shelved({ alarm, may, clock, onCommand }: OneProps) {
  const { id, shelved, since_s, gone_s, text } = alarm;
  if (shelved === null) return null;
  const say = words().alarms;
  const isThere = since_s !== null && gone_s === null;
  return (
    <li class="alarm shelved">
      <div>
        <b>{id}</b> {say.until(timeText(shelved.until_s), shelved.by, shelved.reason)}
        {fromNow(shelved.until_s - clock.now_s, clock)}
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

/** What it waits for, where its limit alone does not say so. */
function goneOf({ goneAt, unit }: LiveAlarm): string {
  if (goneAt === null) return '';
  const { told } = words();
  const gone = told.gone[goneAt.is](`${limitText(goneAt.value)} ${localUnit(unit)}`.trim());
  return `, ${goneAt.for_s > 0 ? told.goneFor(gone, timeText(goneAt.for_s)) : gone}`;
}

function peakOf({ peak, unit }: LiveAlarm): string {
  if (peak === null || unit === 'on') return '';
  const value = localDigits(figureText(Number(peak.toPrecision(4))).value);
  return `, ${words().alarms.peak(`${value} ${localUnit(unit)}`)}`;
}

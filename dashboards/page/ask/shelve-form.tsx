import { useState } from 'preact/hooks';
import type { Command } from '../../../control/view.ts';
import { durationText, timeText } from '../../format.ts';
import { words } from '../words/language.ts';
import { localDigits } from '../words/number.ts';

/** A warning is put aside for a while of run time. */

/** How the time of the run goes. */
export interface RunClock {
  /** Run time now, s. */
  readonly now_s: number;
  /** It is simulated: its minutes are none of the clock on the wall. */
  readonly isSimulated: boolean;
  /** Run time that goes by in a second, s; undefined: not known yet. */
  readonly pace: number | undefined;
}

/** In how long that is, where run time is none of the clock on the wall; else empty. */
export function fromNow(run_s: number, { isSimulated, pace }: RunClock): string {
  if (!isSimulated || pace === undefined || !(pace > 0)) return '';
  const real_s = Math.max(0, run_s / pace);
  return `, ${words().alarms.inAbout(localDigits(durationText(real_s < 10 ? real_s : Math.round(real_s))))}`;
}

interface ShelveProps {
  readonly id: string;
  readonly shelve_s: number;
  readonly name: string;
  /** The account that stands in the record; empty: there are none, a person says who it is. */
  readonly account: string;
  readonly clock: RunClock;
  readonly onAnswer: (command: Command | undefined) => void;
}

/** For how long, who, why: nothing is shelved without. */
export function ShelveForm({ id, shelve_s, name, account, clock, onAnswer }: ShelveProps) {
  const [typed, setTyped] = useState(name);
  const [reason, setReason] = useState('');
  const [minutes, setMinutes] = useState('30');
  const by = account === '' ? typed : account;
  const for_s = 60 * Number(minutes);
  const say = words().alarms;
  const isTime = for_s > 0 && for_s <= shelve_s;
  const isWhole = by.trim() !== '' && reason.trim() !== '' && isTime;
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
      {isTime && (
        <p class="hint">
          {say.backAt(timeText(clock.now_s + for_s))}
          {fromNow(for_s, clock)}
        </p>
      )}
      {clock.isSimulated && <p class="hint">{say.shelveRunTime}</p>}
      {account === '' && (
        <label>
          {say.shelveBy}{' '}
          <input type="text" value={typed} onInput={event => setTyped(event.currentTarget.value)} />
        </label>
      )}
      <label>
        {say.shelveBecause}{' '}
        <input type="text" value={reason} onInput={event => setReason(event.currentTarget.value)} />
      </label>
      <div class="answers">
        <button type="submit" disabled={!isWhole}>
          {say.shelveYes}
        </button>
        <button type="button" onClick={() => onAnswer(undefined)}>
          {say.cancel}
        </button>
      </div>
    </form>
  );
}

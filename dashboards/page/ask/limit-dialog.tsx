import { useEffect, useRef, useState } from 'preact/hooks';
import type { ChangeableLimit } from '../../../control/view.ts';
import { getJson } from '../trends.ts';
import { words } from '../words/language.ts';
import { localUnit } from '../words/number.ts';
import { Missing } from './missing.tsx';
import { WhoAndWhy } from './who-and-why.tsx';

/** A limit made stricter for this run: which, how far, who and why. The run decides; the bench's own limit is the laxest. */

export interface LimitAsked {
  readonly interlock: string;
  readonly value: number;
  readonly by: string;
  readonly reason: string;
}

interface LimitDialogProps {
  readonly open: boolean;
  /** Who sits here, as far as it was said. */
  readonly name: string;
  readonly account: string;
  readonly onAnswer: (asked: LimitAsked | undefined) => void;
}

/** Escape and the first button leave all as it is. */
export function LimitDialog({ open, name, account, onAnswer }: LimitDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [limits, setLimits] = useState<readonly ChangeableLimit[]>([]);
  const [id, setId] = useState('');
  const [value, setValue] = useState('');
  const [typed, setBy] = useState(name);
  const by = account === '' ? typed : account;
  const [reason, setReason] = useState('');
  useEffect(() => {
    if (!open) {
      dialog.current?.close();
      return;
    }
    dialog.current?.showModal();
    setId('');
    setValue('');
    setReason('');
    setBy(name);
    void getJson<{ limits: readonly ChangeableLimit[] }>('api/limits').then(
      found => setLimits(found.limits),
      () => setLimits([]),
    );
  }, [open]);
  const chosen = limits.find(limit => limit.id === id);
  const asked = value.trim() === '' ? Number.NaN : Number(value);
  const isSaid = by.trim() !== '' && reason.trim() !== '';
  const isWhole = chosen !== undefined && isSaid && isAllowed(chosen, asked);
  const say = words().controls;
  return (
    <dialog ref={dialog} aria-labelledby="limit-title" onCancel={() => onAnswer(undefined)}>
      <h2 id="limit-title">{say.limitTitle}</h2>
      <p>{say.limitText}</p>
      <label>
        {say.limit}{' '}
        <select value={id} onChange={event => setId(event.currentTarget.value)}>
          <option value="">{say.limitChoose}</option>
          {limits.map(limit => (
            <option key={limit.id} value={limit.id}>
              {limit.id}
            </option>
          ))}
        </select>
      </label>
      {chosen !== undefined && <p class="hint">{wordsOf(chosen)}</p>}
      <label>
        {say.limitNew}{' '}
        <input
          type="number"
          step="any"
          value={value}
          onInput={event => setValue(event.currentTarget.value)}
        />
      </label>
      <WhoAndWhy name={by} account={account} reason={reason} onName={setBy} onReason={setReason} />
      <Missing
        all={[
          [say.limit, chosen !== undefined],
          [say.limitNew, chosen !== undefined && isAllowed(chosen, asked)],
          [say.name, by.trim() !== ''],
          [say.reason, reason.trim() !== ''],
        ]}
      />
      <div class="buttons answers">
        <button type="button" onClick={() => onAnswer(undefined)}>
          {say.limitNo}
        </button>
        <button
          type="button"
          class="stop"
          disabled={!isWhole}
          onClick={() => onAnswer({ interlock: id, value: asked, by: by.trim(), reason: reason.trim() })}
        >
          {say.limitYes}
        </button>
      </div>
    </dialog>
  );
}

/** No laxer than the bench; what is no number is not allowed either. */
function isAllowed({ trips, bench }: ChangeableLimit, value: number): boolean {
  return trips === '>' ? value <= bench : value >= bench;
}

function wordsOf({ role, reaction, trips, limit, bench, unit }: ChangeableLimit): string {
  const show = (value: number): string => `${trips} ${value} ${localUnit(unit)}`;
  return words().controls.limitNow(role, words().reactions[reaction], show(limit), show(bench));
}

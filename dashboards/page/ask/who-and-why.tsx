import { words } from '../words/language.ts';

interface WhoAndWhyProps {
  readonly name: string;
  /** The account that stands in the record; empty: there are none, a person says who it is. */
  readonly account: string;
  readonly reason: string;
  readonly onName: (name: string) => void;
  readonly onReason: (reason: string) => void;
}

/** The two fields of every dialog whose answer stands in the record with who and why. */
export function WhoAndWhy({ name, account, reason, onName, onReason }: WhoAndWhyProps) {
  return (
    <>
      {account === '' ? (
        <label>
          {words().controls.name}{' '}
          <input value={name} maxLength={200} onInput={event => onName(event.currentTarget.value)} />
        </label>
      ) : (
        <p class="hint">{words().alarms.as(account)}</p>
      )}
      <label>
        {words().controls.reason}{' '}
        <input value={reason} maxLength={1000} onInput={event => onReason(event.currentTarget.value)} />
      </label>
    </>
  );
}

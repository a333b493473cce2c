import { words } from '../words/language.ts';

interface WhoAndWhyProps {
  readonly name: string;
  readonly reason: string;
  readonly onName: (name: string) => void;
  readonly onReason: (reason: string) => void;
}

/** The two fields of every dialog whose answer stands in the record with who and why. */
export function WhoAndWhy({ name, reason, onName, onReason }: WhoAndWhyProps) {
  return (
    <>
      <label>
        {words().controls.name}{' '}
        <input value={name} maxLength={200} onInput={event => onName(event.currentTarget.value)} />
      </label>
      <label>
        {words().controls.reason}{' '}
        <input value={reason} maxLength={1000} onInput={event => onReason(event.currentTarget.value)} />
      </label>
    </>
  );
}

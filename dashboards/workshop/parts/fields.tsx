import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface FieldProps {
  readonly label: string;
  /** Stands below it: range, what it is. */
  readonly hint?: string;
  /** Why what stands in it cannot be taken. */
  readonly wrong?: string | undefined;
}

interface TextFieldProps extends FieldProps {
  readonly value: string;
  /** Absent: text. */
  readonly kind?: 'text' | 'password' | 'date';
  readonly placeholder?: string;
  readonly suffix?: string;
  readonly required?: boolean;
  /** What others stand beside it to choose from. */
  readonly known?: readonly string[];
  readonly onValue: (value: string) => void;
}

/** A line of text with its label and what may stand in it. */
export function TextField({
  label,
  hint,
  wrong,
  value,
  kind = 'text',
  placeholder,
  suffix,
  required,
  known,
  onValue,
}: TextFieldProps) {
  const id = useId();
  const isHinted = hint !== undefined && hint !== '';
  return (
    <div class={wrong === undefined ? 'field' : 'field is-wrong'}>
      <label for={id}>{label}</label>
      <span class="with-unit">
        <input
          id={id}
          // The types of Preact know a list for text only; the other kinds have none here.
          type={kind as 'text'}
          value={value}
          required={required}
          autocomplete={kind === 'password' ? 'new-password' : 'off'}
          maxLength={1000}
          placeholder={placeholder}
          list={known === undefined ? undefined : `${id}-known`}
          aria-invalid={wrong !== undefined}
          aria-describedby={describedBy(id, isHinted, wrong)}
          onInput={event => onValue(event.currentTarget.value)}
        />
        {suffix}
      </span>
      {known !== undefined && (
        <datalist id={`${id}-known`}>
          {known.map(one => (
            <option key={one} value={one} />
          ))}
        </datalist>
      )}
      {wrong !== undefined && (
        <small id={`${id}-wrong`} class="wrong" role="status">
          <span aria-hidden="true">✕</span> {wrong}
        </small>
      )}
      {isHinted && <small id={`${id}-hint`}>{hint}</small>}
    </div>
  );
}

function describedBy(id: string, isHinted: boolean, wrong: string | undefined): string | undefined {
  const ids = [...(wrong === undefined ? [] : [`${id}-wrong`]), ...(isHinted ? [`${id}-hint`] : [])];
  return ids.length === 0 ? undefined : ids.join(' ');
}

interface SelectFieldProps extends FieldProps {
  readonly value: string;
  /** Value -> what stands there. */
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly required?: boolean;
  readonly onValue: (value: string) => void;
}

/** One of several. */
export function SelectField({ label, hint, value, options, required, onValue }: SelectFieldProps) {
  const id = useId();
  const isHinted = hint !== undefined && hint !== '';
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        value={value}
        required={required}
        aria-describedby={isHinted ? `${id}-hint` : undefined}
        onChange={event => onValue(event.currentTarget.value)}
      >
        {options.map(([one, text]) => (
          <option key={one} value={one} selected={one === value}>
            {text}
          </option>
        ))}
      </select>
      {isHinted && <small id={`${id}-hint`}>{hint}</small>}
    </div>
  );
}

interface TickProps {
  readonly checked: boolean;
  readonly onChecked: (checked: boolean) => void;
  readonly children: ComponentChildren;
}

/** Something that is so or is not. */
export function Tick({ checked, onChecked, children }: TickProps) {
  return (
    <label class="tick">
      <input type="checkbox" checked={checked} onChange={event => onChecked(event.currentTarget.checked)} />{' '}
      {children}
    </label>
  );
}

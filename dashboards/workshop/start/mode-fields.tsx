import type { LabMode } from '../../door/lab.ts';
import { TextField, Tick } from '../parts/fields.tsx';
import { useWords, type Words } from '../words/words.ts';

/** Where something is to be carried out, as far as it is chosen. */
export interface ModeChosen {
  readonly mode: LabMode;
  /** As a person has written them. */
  readonly pace: string;
  readonly minutes: string;
  readonly hasLooked: boolean;
}

/** Touches nothing, unless somebody chooses so. */
export const ON_TWIN: ModeChosen = { mode: 'twin', pace: '', minutes: '', hasLooked: false };

/** What is taken: run seconds a second, minutes. */
const TAKEN = { pace: { least: 0.1, most: 1e6 }, minutes: { least: 1, most: 600 } };

/** Name of the field in which what stands is none that can be taken; undefined: all is right. */
export function wrongField(chosen: ModeChosen, words: Words['form']): string | undefined {
  if (askedOf(chosen) !== undefined) return undefined;
  return chosen.mode === 'twin' ? words.pace : words.length;
}

/** Keys of a start, or undefined where a number is none. */
export function askedOf({
  mode,
  pace,
  minutes,
  hasLooked,
}: ModeChosen):
  | { readonly mode: LabMode; readonly pace?: number; readonly minutes?: number; readonly hasLooked: boolean }
  | undefined {
  const text = mode === 'twin' ? pace : mode === 'wire' ? minutes : '';
  if (text.trim() === '') return { mode, hasLooked };
  const value = Number(text.trim().replace(',', '.'));
  const { least, most } = TAKEN[mode === 'twin' ? 'pace' : 'minutes'];
  if (!(value >= least && value <= most)) return undefined;
  return mode === 'twin' ? { mode, pace: value, hasLooked } : { mode, minutes: value, hasLooked };
}

interface ModeFieldsProps {
  readonly chosen: ModeChosen;
  /** Modes that cannot be chosen here. */
  readonly without?: readonly LabMode[];
  readonly onChosen: (chosen: ModeChosen) => void;
}

/** Twin, emulated wires or the instruments, in words that say what is touched. */
export function ModeFields({ chosen, without = [], onChosen }: ModeFieldsProps) {
  const { t, n } = useWords();
  const { least, most } = TAKEN[chosen.mode === 'twin' ? 'pace' : 'minutes'];
  const wrong = askedOf(chosen) === undefined ? t.form.between(n(String(least)), String(most)) : undefined;
  const modes = ['twin', 'wire', 'real'] as const;
  return (
    <fieldset>
      <legend>{t.mode}</legend>
      {modes.map(mode => (
        <label key={mode} class="tick">
          <input
            type="radio"
            name="mode"
            value={mode}
            checked={chosen.mode === mode}
            disabled={without.includes(mode)}
            onChange={() => onChosen({ ...chosen, mode })}
          />{' '}
          <b>{t.modes[mode]}</b> <small>{t.modeText[mode]}</small>
        </label>
      ))}
      {chosen.mode === 'twin' && (
        <TextField
          label={t.pace}
          value={chosen.pace}
          wrong={wrong}
          onValue={pace => onChosen({ ...chosen, pace })}
        />
      )}
      {chosen.mode === 'wire' && (
        <TextField
          label={t.minutes}
          value={chosen.minutes}
          wrong={wrong}
          onValue={minutes => onChosen({ ...chosen, minutes })}
        />
      )}
      {chosen.mode === 'real' && (
        <Tick checked={chosen.hasLooked} onChecked={hasLooked => onChosen({ ...chosen, hasLooked })}>
          {t.hasLooked}
        </Tick>
      )}
    </fieldset>
  );
}

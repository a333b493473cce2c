import type { LabMethod } from '../../door/lab.ts';
import { unitText } from '../../format.ts';
import { SelectField, TextField } from '../parts/fields.tsx';
import { type Spoken, useWords } from '../words/words.ts';
import { checkParameter } from './check-parameter.ts';

type Parameter = LabMethod['parameters'][number];

interface ParameterFieldsProps {
  readonly parameters: readonly Parameter[];
  /** As a person has written them; what is not in it stays as the method has it. */
  readonly set: Readonly<Record<string, string>>;
  readonly onSet: (set: Readonly<Record<string, string>>) => void;
}

/** The form of a method: a field a parameter, with unit, range and what it is else. */
export function ParameterFields({ parameters, set, onSet }: ParameterFieldsProps) {
  const words = useWords();
  const { t } = words;
  if (parameters.length === 0) return <p class="is-quiet">{t.noParameters}</p>;
  const change = (name: string, value: string): void => {
    const { [name]: _, ...rest } = set;
    onSet(value.trim() === '' ? rest : { ...rest, [name]: value });
  };
  return (
    <div class="fields">
      {parameters.map(parameter => {
        const { name, kind, choices, doc, unit } = parameter;
        const usual = usualOf(parameter);
        const hint = [doc, rangeOf(parameter, t)].filter(text => text !== '').join(' · ');
        return kind === 'choice' ? (
          <SelectField
            key={name}
            label={name}
            hint={hint}
            value={set[name] ?? ''}
            options={[
              ['', usual === '' ? t.choose : t.usual(usual)],
              ...choices.map(one => [one, one] as const),
            ]}
            onValue={value => change(name, value)}
          />
        ) : (
          <TextField
            key={name}
            label={name}
            hint={hint}
            value={set[name] ?? ''}
            placeholder={usual === '' ? '' : t.usual(usual)}
            suffix={unitText(unit)}
            wrong={wrongText(words, parameter, set[name] ?? '')}
            onValue={value => change(name, value)}
          />
        );
      })}
    </div>
  );
}

function usualOf({ default: usual }: Parameter): string {
  if (usual === null) return '';
  return typeof usual === 'object' ? usual.join(', ') : String(usual);
}

function rangeOf({ min, max }: Parameter, t: ReturnType<typeof useWords>['t']): string {
  if (min !== null && max !== null) return t.range(String(min), String(max));
  if (min !== null) return t.atLeast(String(min));
  return max === null ? '' : t.atMost(String(max));
}

/** Why a value cannot be taken, in words; undefined: nothing is known to be wrong. */
function wrongText({ t, n }: Spoken, parameter: Parameter, written: string): string | undefined {
  const wrong = checkParameter(parameter, written);
  const amount = (value: number): string => `${n(String(value))} ${unitText(parameter.unit)}`.trim();
  switch (wrong?.is) {
    case undefined:
      return undefined;
    case 'no number':
      return t.form.noNumber;
    case 'no numbers':
      return t.form.noNumbers;
    case 'written':
      return t.form.writeAs(wrong.as);
    case 'unit':
      return t.form.otherUnit(wrong.found, parameter.unit);
    case 'below':
      return t.form.belowMin(amount(wrong.min));
    case 'above':
      return t.form.aboveMax(amount(wrong.max));
  }
}

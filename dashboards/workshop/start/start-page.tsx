import { useState } from 'preact/hooks';
import type { LabBench, LabMethod, LabRun, ListedMethod, Planned } from '../../door/lab.ts';
import { LeftOnBench } from '../benches/left-on-bench.tsx';
import { wrongIn } from '../benches/wrong-in.ts';
import { ask, pathOf } from '../door/ask.ts';
import { useLab } from '../door/lab-state.tsx';
import { goTo, to } from '../door/route.ts';
import { useAsked, useDoing } from '../door/use-asked.ts';
import { SelectField } from '../parts/fields.tsx';
import { Findings } from '../parts/findings.tsx';
import { Missing, missingOf } from '../parts/missing.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { Refused } from '../parts/said.tsx';
import { SureDialog } from '../parts/sure-dialog.tsx';
import { MayNot } from '../people/control-bar.tsx';
import { type Spoken, useWords } from '../words/words.ts';
import { checkParameter } from './check-parameter.ts';
import { askedOf, ModeFields, ON_TWIN, wrongField } from './mode-fields.tsx';
import { ParameterFields } from './parameter-fields.tsx';
import { RehearsalView } from './rehearsal-view.tsx';
import { useRehearsal } from './use-rehearsal.ts';

interface StartPageProps {
  /** Chosen already, where the way here said so. */
  readonly bench: string;
  readonly method: string;
  readonly subject: string;
}

/** Choose, rehearse, look, start. What is started has its own live page, and this page leads there. */
export function StartPage(given: StartPageProps) {
  const { t } = useWords();
  const lab = useLab();
  const benches = useAsked<readonly LabBench[]>(pathOf('benches'), lab.standing);
  const methods = useAsked<readonly ListedMethod[]>(pathOf('methods'));
  const [bench, setBench] = useState(given.bench);
  const [method, setMethod] = useState(given.method);
  const [subject, setSubject] = useState(given.subject);
  const [set, setSet] = useState<Readonly<Record<string, string>>>({});
  const [where, setWhere] = useState(ON_TWIN);
  const [asking, setAsking] = useState(false);
  /** What was rehearsed last, as JSON. */
  const [rehearsed, setRehearsed] = useState('');
  const chosen = useAsked<LabMethod>(method === '' ? undefined : pathOf('methods', method));
  const rehearsing = useRehearsal();
  const { busy, refusal, run, forget } = useDoing();

  const found = benches.value?.find(one => one.name === bench);
  const subjects = found?.subjects ?? [];
  const wrongBench = found === undefined ? undefined : wrongIn(found);
  const isWhole = found !== undefined && method !== '' && (subjects.length === 0 || subject !== '');
  const planned: Planned = {
    bench,
    method,
    set: { ...set },
    ...(subjects.length > 0 && subject !== '' ? { subject } : {}),
  };
  const asked = askedOf(where);
  const missing = missingOf([
    [t.bench, found !== undefined],
    [t.subject, subjects.length === 0 || subject !== ''],
    [t.method, method !== ''],
  ]);
  const wrong = (chosen.value?.parameters ?? [])
    .filter(parameter => checkParameter(parameter, set[parameter.name] ?? '') !== undefined)
    .map(({ name }) => name)
    .concat(wrongField(where, t.form) ?? []);
  const isRight = isWhole && wrongBench === undefined && wrong.length === 0;
  const isRehearsed = rehearsed === JSON.stringify(planned) && rehearsing.rehearsal?.state === 'done';
  const role = where.mode === 'real' ? 'engineer' : 'operator';

  const start = (): Promise<void> =>
    run(async () => {
      const begun = await ask<LabRun>('POST', pathOf('runs'), { ...planned, ...asked });
      // It may be over already, or have no page yet: its own place here knows.
      if (begun.state === 'going') location.assign(`run/${encodeURIComponent(begun.id)}/`);
      else goTo(to('runs', begun.id));
    });
  return (
    <>
      <PageHead title={t.startRun} />
      <div class="beside">
        <form
          class="panel"
          onSubmit={event => {
            event.preventDefault();
            if (where.mode === 'real') setAsking(true);
            else void start();
          }}
        >
          <SelectField
            label={t.bench}
            value={bench}
            required
            options={[
              ['', t.choose],
              ...(benches.value ?? []).map(one => [one.name, benchText(one, t)] as const),
            ]}
            onValue={name => {
              setBench(name);
              setSubject('');
            }}
          />
          {wrongBench !== undefined && (
            <>
              <Findings findings={[wrongBench]} />
              <p class="is-warn">▲ {t.noStartHere}</p>
            </>
          )}
          {found !== undefined && <LeftOnBench left={found.left} />}
          {subjects.length > 0 && (
            <SelectField
              label={t.subject}
              value={subject}
              required
              options={[['', t.choose], ...subjects.map(one => [one, one] as const)]}
              onValue={setSubject}
            />
          )}
          <SelectField
            label={t.method}
            value={method}
            required
            options={[
              ['', t.choose],
              ...(methods.value ?? []).map(one => [one.name, methodText(one, t)] as const),
            ]}
            onValue={name => {
              setMethod(name);
              setSet({});
            }}
          />
          {chosen.value?.isProcedure === true && !chosen.value.isBuiltIn && (
            <p>
              <small>
                {t.door.procedure}: {t.door.procedureText}
              </small>
            </p>
          )}
          <Refused refusal={benches.refusal ?? methods.refusal ?? chosen.refusal} />
          {chosen.value !== undefined && (
            <fieldset>
              <legend>{t.parameters}</legend>
              <ParameterFields parameters={chosen.value.parameters} set={set} onSet={setSet} />
            </fieldset>
          )}
          <ModeFields
            chosen={where}
            without={found?.canEmulate === false ? ['wire'] : []}
            onChosen={setWhere}
          />
          {isWhole && wrongBench === undefined && !isRehearsed && <p class="is-warn">▲ {t.notRehearsed}</p>}
          <Missing what={missing} wrong={wrong} />
          <MayNot needs={role} />
          <Refused refusal={refusal} onDismiss={forget} />
          <div class="buttons">
            <button
              type="button"
              class={isRehearsed ? '' : 'main'}
              disabled={!isRight || rehearsing.isUnderWay || !lab.mayAsk('operator')}
              onClick={() => {
                setRehearsed(JSON.stringify(planned));
                rehearsing.begin(planned);
              }}
            >
              {isRehearsed ? t.rehearse : t.rehearseFirst}
            </button>
            <button
              type="submit"
              class={isRehearsed ? 'main' : ''}
              disabled={!isRight || busy || !lab.mayAct(role)}
            >
              {t.startIt}
            </button>
          </div>
          <p>
            <small>{t.canStop}</small>
          </p>
        </form>
        {(rehearsing.isUnderWay ||
          rehearsing.rehearsal !== undefined ||
          rehearsing.refusal !== undefined) && <RehearsalView rehearsing={rehearsing} />}
      </div>
      {asking && (
        <SureDialog
          title={t.sureReal}
          text={t.sureRealText(method, bench)}
          yes={t.startReal}
          onAnswer={answer => {
            setAsking(false);
            if (answer !== undefined) void start();
          }}
        />
      )}
    </>
  );
}

function benchText(bench: LabBench, t: Spoken['t']): string {
  const { name, busy } = bench;
  if (wrongIn(bench) !== undefined) return `${name} (${t.severities.error})`;
  return busy.length === 0 ? name : `${name} (${t.busyWith} ${busy.join(', ')})`;
}

function methodText({ name, title, isBuiltIn, isProcedure }: ListedMethod, t: Spoken['t']): string {
  const word = isProcedure && !isBuiltIn ? `${name} (${t.door.procedure})` : name;
  return title === '' ? word : `${word}: ${title}`;
}

import type { ISessionContext, UAMethod, UAObject, Variant, VariantOptions } from 'node-opcua';
import type { Outcome } from '../../../../dashboards/door/answers/carry-out.ts';
import { messageOf } from '../../../../drivers/contract/errors.ts';
import type { Clock } from '../../../view.ts';
import type { DoorLine } from './door-line.ts';
import type { Asked } from './line.ts';
import type { Model } from './model.ts';
import { type People, type StatusName, statusOf } from './people.ts';

/** What is called over OPC UA is asked at the door: by the same routes, with the same roles, control and audit. */

const LONGEST_TEXT = 500;
/** Clients give a call up after some 15 s: before that they are told, s. */
const ANSWER_S = 10;
const LATE = {
  isDone: false as const,
  status: 504,
  text: `no answer within ${ANSWER_S} s: what was asked may still be done`,
  more: {},
} satisfies Outcome;

/** What a call answers: the status, and what it gives. */
export interface CallAnswer {
  readonly status: StatusName;
  readonly outputs?: readonly VariantOptions[];
}

/** Carries out what is called. */
export class Calls {
  readonly #door: DoorLine;
  readonly #people: People;
  readonly #clock: Clock;

  constructor(door: DoorLine, people: People, clock: Clock) {
    this.#door = door;
    this.#people = people;
    this.#clock = clock;
  }

  /**
   * Asks for it in the name of who calls. `say` is told what came of it, and before that that it is late; `onDone` what came of
   * it in any case, however late.
   */
  async ask(
    context: ISessionContext,
    asked: Asked,
    say: (text: string) => void,
    onDone: (outcome: Outcome) => void = () => {},
  ): Promise<Outcome> {
    const failed = (error: unknown): Outcome => ({
      isDone: false,
      status: 500,
      text: messageOf(error),
      more: {},
    });
    const done = this.#door.calls.ask(asked, this.#people.came(context)).catch(failed);
    void done.then(outcome => {
      say(answered(outcome).text);
      onDone(outcome);
    });
    const outcome = await Promise.race([done, this.#clock.sleep(ANSWER_S).then(() => LATE)]);
    if (outcome === LATE) say(LATE.text);
    return outcome;
  }

  /** Name of who calls; empty: nobody. */
  nameOf(context: ISessionContext): string {
    return this.#people.nameOf(context);
  }

  /** Lets a method of an object do it. `said`: told what came of it, for people. */
  bind(
    model: Model,
    { node, name, said }: { readonly node: UAObject; readonly name: string; said(text: string): void },
    call: (inputs: readonly Variant[], context: ISessionContext) => Promise<CallAnswer>,
  ): void {
    const { StatusCodes } = model.opcua;
    const method = model.part<UAMethod>(node, name);
    method.bindMethod((inputs, context, answer) => {
      call(inputs, context).then(
        ({ status, outputs = [] }) =>
          answer(null, { statusCode: StatusCodes[status], outputArguments: [...outputs] }),
        error => {
          console.error(error);
          said('cellbench itself failed: what it says of it stands where it was started');
          answer(null, { statusCode: StatusCodes.BadInternalError });
        },
      );
    });
  }
}

/** The status of an outcome, and its words: of a command what the run has decided. */
export function answered(outcome: Outcome): { readonly status: StatusName; readonly text: string } {
  if (!outcome.isDone) return { status: statusOf(outcome), text: outcome.text.slice(0, LONGEST_TEXT) };
  const { accepted, text } = (outcome.answer ?? {}) as { accepted?: boolean; text?: string };
  return {
    status: accepted === false ? 'BadInvalidState' : 'Good',
    text: (text ?? '').slice(0, LONGEST_TEXT),
  };
}

import type { ISessionContext, UAMethod, UAObject, Variant, VariantOptions } from 'node-opcua';
import { carryOut, type Outcome } from '../../../../dashboards/door/answers/carry-out.ts';
import type { Door } from '../../../../dashboards/door/route.ts';
import { ROUTES } from '../../../../dashboards/door/table.ts';
import { PerMinute } from './limits.ts';
import type { Model } from './model.ts';
import { type People, type StatusName, statusOf } from './people.ts';

/** What is called over OPC UA is asked at the door: by the same routes, with the same roles, control and audit. */

/** Calls of one account in a minute. */
const MOST_CALLS = 300;
const LONGEST_TEXT = 500;

/** What is asked at the door for a call: a route by its id, and what goes with it. */
export interface Asked {
  readonly route: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** What a call answers: the status, and what it gives. */
export interface CallAnswer {
  readonly status: StatusName;
  readonly outputs?: readonly VariantOptions[];
}

/** Carries out what is called, one call after the other in the order in which they came in. */
export class Calls {
  readonly #door: Door;
  readonly #people: People;
  readonly #perMinute: PerMinute;

  constructor(door: Door, people: People) {
    this.#door = door;
    this.#people = people;
    this.#perMinute = new PerMinute(door.clock, MOST_CALLS);
  }

  /** Asks for it in the name of who calls. What leads to the safe state is never counted. */
  async ask(context: ISessionContext, { route, params = {}, body }: Asked): Promise<Outcome> {
    const visit = this.#people.visit(context);
    if (visit.who !== null) this.#door.control.seen(visit.who.name);
    const command = (body as { command?: unknown } | undefined)?.command;
    const isStop = command === 'stop' || command === 'abort';
    if (!isStop && !this.#perMinute.take(visit.who?.name ?? 'nobody'))
      return {
        isDone: false,
        status: 429,
        text: 'too many calls, expected the next one in a minute',
        more: {},
      };
    const found = ROUTES.find(({ id }) => id === route);
    if (found === undefined) throw new Error(`OPC UA: no route ${route}`);
    return await carryOut(
      this.#door,
      found,
      { params, query: {}, ...(body === undefined ? {} : { body }) },
      visit,
    );
  }

  /** Name of who calls; empty: nobody. */
  nameOf(context: ISessionContext): string {
    return this.#people.visit(context).who?.name ?? '';
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

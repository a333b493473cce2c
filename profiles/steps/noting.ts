import type { StepEnv } from './step.ts';

/** The same bench, seen through (so it has no #private parts); `asked` gets every role before it is asked for. */
export function noting<Env extends StepEnv>(env: Env, asked: Set<string>): Env {
  const own: Pick<StepEnv, 'ask'> = {
    ask(role, value, source, way) {
      asked.add(role);
      env.ask(role, value, source, way);
    },
  };
  return Object.assign(Object.create(env) as Env, own);
}

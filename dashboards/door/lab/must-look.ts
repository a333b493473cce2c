import type { CutOff } from './cut-off.ts';

/** Whether somebody must look at a bench that was left without a word: nobody has proved its safe state. */
export function mustLook({ guard }: Pick<CutOff, 'guard'>): boolean {
  return guard !== 'simulated' && guard !== 'proved';
}

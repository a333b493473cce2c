import { useEffect, useState } from 'preact/hooks';
import type { Finding } from '../../door/lab.ts';
import { ask, pathOf, type Refusal, refusalOf } from '../door/ask.ts';

/** So long after the last key the text is checked. */
const PAUSE_MS = 400;

/** What is wrong in a text that would be a method, on a bench where one is named; asked for when the typing pauses. */
export function useChecked(
  name: string,
  text: string,
  bench: string,
): {
  readonly findings: readonly Finding[];
  readonly isChecking: boolean;
  readonly refusal: Refusal | undefined;
} {
  const [found, setFound] = useState<{ findings: readonly Finding[]; refusal?: Refusal }>({ findings: [] });
  const [isChecking, setChecking] = useState(true);
  useEffect(() => {
    let isNewest = true;
    setChecking(true);
    const timer = setTimeout(async () => {
      try {
        const asked = bench === '' ? { name, text } : { name, text, bench };
        const { findings } = await ask<{ findings: readonly Finding[] }>(
          'POST',
          pathOf('methods', 'check'),
          asked,
        );
        if (isNewest) setFound({ findings });
      } catch (error) {
        if (isNewest) setFound(old => ({ findings: old.findings, refusal: refusalOf(error) }));
      }
      if (isNewest) setChecking(false);
    }, PAUSE_MS);
    return () => {
      isNewest = false;
      clearTimeout(timer);
    };
  }, [name, text, bench]);
  return { findings: found.findings, isChecking, refusal: found.refusal };
}

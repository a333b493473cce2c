import { useEffect, useState } from 'preact/hooks';
import type { LiveSnapshot } from '../../../control/view.ts';
import { type Asking, type Gone, goneBy, type Question, questionOf } from './question.ts';

/** The one question that stands on the page. */
export interface Standing {
  readonly question: Question | undefined;
  readonly pose: (what: Asking) => void;
  readonly close: () => void;
}

/** Keeps a question for as long as what it was asked of goes on; `onGone` is told why it went. It never comes back by itself. */
export function useQuestion(
  heard: LiveSnapshot | undefined,
  isHeard: boolean,
  onGone: (question: Question, gone: Gone) => void,
): Standing {
  const [question, setQuestion] = useState<Question>();
  const gone = question === undefined ? undefined : goneBy(question, heard, isHeard);
  useEffect(() => {
    if (question === undefined || gone === undefined) return;
    setQuestion(undefined);
    onGone(question, gone);
  }, [question, gone]);
  return {
    question: gone === undefined ? question : undefined,
    pose: what => setQuestion(questionOf(what, heard)),
    close: () => setQuestion(undefined),
  };
}

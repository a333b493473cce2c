import { closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, foldGutter, foldKeymap, indentOnInput } from '@codemirror/language';
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { EditorState, type Text } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { useEffect, useRef } from 'preact/hooks';
import type { Finding } from '../../../door/lab.ts';
import { codeTheme } from './code-theme.ts';
import { schemaHelp } from './schema-help.ts';
import type { JsonSchema } from './schema-words.ts';

interface CodeEditorProps {
  /** What it begins with; a new `version` puts it in anew. */
  readonly text: string;
  readonly version: number;
  readonly label: string;
  readonly isReadOnly: boolean;
  readonly findings: readonly Finding[];
  readonly schema: JsonSchema | undefined;
  /** Where the cursor goes, from 1; a new object each time. */
  readonly place: { readonly line: number; readonly column: number } | undefined;
  readonly onText: (text: string) => void;
  readonly onSave: () => void;
}

/**
 * An editor for YAML: messages at their place, completion and words out of the schema. It stands in a tree of its own, whose
 * style sheets are made by script: the door's content policy lets no `style` element in. Tab leaves it.
 */
export function CodeEditor(props: CodeEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const newest = useRef(props);
  newest.current = props;
  useEffect(() => {
    if (host.current === null) return;
    const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: 'open' });
    const { text, isReadOnly, label } = newest.current;
    const made = new EditorView({
      parent: root,
      root,
      state: EditorState.create({
        doc: text,
        extensions: [
          lineNumbers(),
          foldGutter({ openText: '▾', closedText: '▸' }),
          history(),
          drawSelection(),
          indentOnInput(),
          bracketMatching(),
          closeBrackets(),
          highlightActiveLine(),
          highlightActiveLineGutter(),
          highlightSelectionMatches(),
          lintGutter(),
          yaml(),
          schemaHelp(() => newest.current.schema),
          codeTheme,
          EditorState.readOnly.of(isReadOnly),
          EditorView.contentAttributes.of({
            'aria-label': label,
            // What scrolls has something in it that the keyboard comes to.
            tabindex: '0',
            ...(isReadOnly ? { 'aria-readonly': 'true' } : {}),
          }),
          EditorView.lineWrapping,
          EditorView.updateListener.of(update => {
            if (update.docChanged) newest.current.onText(update.state.doc.toString());
          }),
          keymap.of([
            {
              key: 'Mod-s',
              preventDefault: true,
              run: () => {
                newest.current.onSave();
                return true;
              },
            },
            ...closeBracketsKeymap,
            ...defaultKeymap,
            ...searchKeymap,
            ...historyKeymap,
            ...foldKeymap,
            ...completionKeymap,
            ...lintKeymap,
          ]),
        ],
      }),
    });
    view.current = made;
    return () => made.destroy();
  }, [props.version, props.isReadOnly, props.label]);
  useEffect(() => {
    const { current } = view;
    if (current === null) return;
    current.dispatch(setDiagnostics(current.state, diagnosticsOf(current.state.doc, props.findings)));
  }, [props.findings, props.version]);
  useEffect(() => {
    const { current } = view;
    if (current === null || props.place === undefined) return;
    const anchor = offsetOf(current.state.doc, props.place.line, props.place.column);
    current.dispatch({ selection: { anchor }, scrollIntoView: true });
    current.focus();
  }, [props.place]);
  return <div ref={host} class="code" />;
}

function offsetOf(doc: Text, line: number, column: number): number {
  const { from, to } = doc.line(Math.min(Math.max(1, line), doc.lines));
  return Math.min(to, from + Math.max(0, column - 1));
}

/** From its place to the end of the word there. What has no place stands in the list below only. */
function diagnosticsOf(doc: Text, findings: readonly Finding[]): Diagnostic[] {
  return findings
    .filter(({ line }) => line > 0)
    .map(({ severity, line, column, text, hint }) => {
      const from = offsetOf(doc, line, column);
      const rest = doc.sliceString(from, doc.lineAt(from).to);
      const length = /^[\w.-]+/.exec(rest)?.[0].length ?? Math.min(1, rest.length);
      return {
        from,
        to: from + length,
        severity: severity === 'note' ? ('info' as const) : severity,
        message: hint === null ? text : `${text} (${hint})`,
      };
    });
}

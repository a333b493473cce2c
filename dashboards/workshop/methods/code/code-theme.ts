import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/**
 * The colours of the page, which reach into the editor's own tree. Marks of messages are letters and lines: their usual
 * pictures are data: URLs, which the door's content policy forbids.
 */
export const codeTheme: Extension = [
  EditorView.theme({
    '&': {
      color: 'var(--ink)',
      backgroundColor: 'var(--card)',
      border: '1px solid var(--control-line)',
      borderRadius: '5px',
      height: '100%',
      fontSize: '13px',
    },
    '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '1px' },
    '.cm-scroller': { fontFamily: 'ui-monospace, "DejaVu Sans Mono", monospace', lineHeight: '1.5' },
    '.cm-content': { caretColor: 'var(--ink)' },
    '.cm-cursor': { borderLeftColor: 'var(--ink)', borderLeftWidth: '2px' },
    '.cm-gutters': { backgroundColor: 'var(--back)', color: 'var(--soft)', border: 'none' },
    '.cm-activeLine, .cm-activeLineGutter': {
      backgroundColor: 'color-mix(in srgb, var(--line) 40%, transparent)',
    },
    '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
      backgroundColor: 'color-mix(in srgb, var(--accent) 30%, transparent)',
    },
    '.cm-tooltip': {
      color: 'var(--ink)',
      backgroundColor: 'var(--card)',
      border: '1px solid var(--control-line)',
      maxWidth: '30rem',
    },
    '.cm-meaning': { padding: '4px 8px' },
    '.cm-tooltip-autocomplete > ul > li[aria-selected]': {
      backgroundColor: 'var(--accent)',
      color: 'var(--on-tone)',
    },
    '.cm-lintRange': { backgroundImage: 'none !important', paddingBottom: '0' },
    '.cm-lintRange-error': { textDecoration: 'underline wavy var(--bad)' },
    '.cm-lintRange-warning': { textDecoration: 'underline wavy var(--warn)' },
    '.cm-lintRange-info': { textDecoration: 'underline dotted var(--accent)' },
    '.cm-lintPoint:after': { borderBottomColor: 'var(--bad)' },
    '.cm-lint-marker': { width: '1em', height: '1em', lineHeight: '1em' },
    '.cm-lint-marker-error': { content: 'none', color: 'var(--bad)' },
    '.cm-lint-marker-error::before': { content: '"✕"' },
    '.cm-lint-marker-warning': { content: 'none', color: 'var(--warn)' },
    '.cm-lint-marker-warning::before': { content: '"▲"' },
    '.cm-lint-marker-info': { content: 'none', color: 'var(--accent)' },
    '.cm-lint-marker-info::before': { content: '"○"' },
    '.cm-diagnostic-error': { borderLeft: '4px solid var(--bad)' },
    '.cm-diagnostic-warning': { borderLeft: '4px solid var(--warn)' },
    '.cm-diagnostic-info': { borderLeft: '4px solid var(--accent)' },
    '.cm-panels': { backgroundColor: 'var(--back)', color: 'var(--ink)' },
  }),
  syntaxHighlighting(
    HighlightStyle.define([
      {
        tag: [tags.propertyName, tags.definition(tags.propertyName)],
        color: 'var(--accent)',
        fontWeight: '600',
      },
      { tag: tags.string, color: 'var(--good)' },
      { tag: tags.comment, color: 'var(--soft)' },
      { tag: [tags.number, tags.bool], color: 'var(--simulated)' },
    ]),
  ),
];

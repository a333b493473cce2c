import { autocompletion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import type { Extension, Text } from '@codemirror/state';
import { hoverTooltip } from '@codemirror/view';
import { type JsonSchema, meaningOf, wordsAt } from './schema-words.ts';
import { yamlPlace } from './yaml-place.ts';

/** Completion and words at the pointer, out of the JSON schema of a kind of file. */
export function schemaHelp(schemaOf: () => JsonSchema | undefined): Extension {
  const complete = (context: CompletionContext): CompletionResult | null => {
    const schema = schemaOf();
    if (schema === undefined) return null;
    const line = context.state.doc.lineAt(context.pos);
    const place = yamlPlace(linesOf(context.state.doc), line.number - 1, context.pos - line.from);
    if (!context.explicit && place.prefix === '') return null;
    const options = wordsAt(schema, place).map(({ label, is, description, isRequired }) => ({
      label,
      type: is === 'key' ? 'property' : 'enum',
      info: description,
      boost: isRequired ? 10 : 0,
      apply: is === 'key' ? `${label}: ` : label,
    }));
    if (options.length === 0) return null;
    return { from: line.from + place.from, options, validFor: /^[\w-]*$/ };
  };
  const hover = hoverTooltip((view, pos) => {
    const schema = schemaOf();
    const word = view.state.wordAt(pos);
    if (schema === undefined || word === null) return null;
    const line = view.state.doc.lineAt(pos);
    // As if the key had just been written.
    const place = yamlPlace(linesOf(view.state.doc), line.number - 1, word.to - line.from);
    const behind = view.state.doc.sliceString(word.to, word.to + 1);
    const meaning =
      place.writes === 'key' && behind === ':' ? meaningOf(schema, [...place.path, place.prefix]) : '';
    if (meaning === '') return null;
    return {
      pos: word.from,
      end: word.to,
      create: () => {
        const dom = document.createElement('div');
        dom.className = 'cm-meaning';
        dom.textContent = meaning;
        return { dom };
      },
    };
  });
  return [autocompletion({ override: [complete], icons: false }), hover];
}

const linesOf = (doc: Text): readonly string[] => doc.toString().split('\n');

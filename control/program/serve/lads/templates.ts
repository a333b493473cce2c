import type { UAObject } from 'node-opcua';
import type { LabFile } from '../../../../dashboards/door/lab.ts';
import type { Model } from './model.ts';

/** The methods of a laboratory as program templates of a functional unit. */
export class Templates {
  readonly #model: Model;
  readonly #set: UAObject;
  readonly #shown = new Map<string, { readonly sha256: string; readonly node: UAObject }>();

  constructor(model: Model, set: UAObject) {
    this.#model = model;
    this.#set = set;
  }

  /** Shows these; one that has changed has another version. */
  show(methods: readonly LabFile[]): void {
    const there = new Set(methods.map(({ name }) => name));
    for (const [name, { node }] of this.#shown) {
      if (there.has(name)) continue;
      this.#model.remove(node);
      this.#shown.delete(name);
    }
    for (const method of methods) {
      const known = this.#shown.get(method.name);
      if (known?.sha256 === method.sha256) continue;
      const node = known?.node ?? this.#model.make('ProgramTemplateType', method.name, this.#set);
      const { String: Text } = this.#model.opcua.DataType;
      this.#model.say(node, 'DeviceTemplateId', Text, method.name);
      this.#model.sayText(node, 'Description', method.title);
      this.#model.say(node, 'Version', Text, method.sha256.slice(0, 12));
      this.#model.say(node, 'Author', Text, method.isBuiltIn ? 'cellbench' : '');
      // Nobody keeps them.
      for (const name of ['Created', 'Modified']) this.#model.sayNothing(node, name);
      if (known === undefined) this.#model.lockDown(node);
      this.#shown.set(method.name, { sha256: method.sha256, node });
    }
  }
}

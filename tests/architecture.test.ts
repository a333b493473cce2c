import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

/** The rooms and who may know whom (README, "The rooms"). A rule that no machine checks is not a rule. */

const ROOT = new URL('..', import.meta.url).pathname;
const ROOMS = ['drivers', 'control', 'profiles', 'dashboards', 'sim'];

/** room -> rooms (path prefixes) that it may import, beside itself. The first matching line counts. */
const MAY_IMPORT: readonly (readonly [from: RegExp, to: readonly RegExp[]])[] = [
  [/^drivers\/contract\//, []],
  [/^drivers\/protocol\//, [/^drivers\/contract\//]],
  [/^drivers\/transport\//, [/^drivers\/(contract|protocol)\//]],
  [/^drivers\//, [/^drivers\//]],
  [/^profiles\//, [/^drivers\/contract\//]],
  [/^sim\/plant\//, []],
  [/^sim\/device\//, [/^drivers\/contract\//, /^sim\/plant\//]],
  // What fits a plant to spectra and what a method makes of them is the same arithmetic.
  [/^sim\/(fit|own-cell)\//, [/^drivers\/contract\//, /^sim\//, /^profiles\/(spectrum|least-squares)\//]],
  [/^sim\//, [/^drivers\/contract\//, /^sim\//]],
  [/^dashboards\/page\//, [/^control\/view\.ts$/, /^dashboards\/format\.ts$/]],
  [/^dashboards\//, [/^control\/view\.ts$/, /^dashboards\//]],
  // The composition root knows everybody; nobody in control knows it.
  [/^control\/program\//, [/./]],
  [/^control\//, [/^drivers\/contract\//, /^profiles\//, /^control\/(?!program\/)/]],
];

/** What runs in a browser has its own clock and its own readers. */
const IN_BROWSER = /^dashboards\/(page|workshop)\//;

/** Folders of control from the bottom up: each may know those before it, so that there is no circle of folders. */
const FLOORS = [
  'contract',
  'kinds',
  'bench',
  'record',
  'send',
  'tick',
  'watch',
  'run',
  'guard',
  'review',
  'rehearse',
  'campaign',
  'exchange',
  'program',
];

/** Stand above all folders but the composition root. */
const TOP_FILES = ['control/live.ts', 'control/view.ts'];

const MAY_USE_RXJS = [
  /^control\//,
  // Load and pressure control are pipelines around plain reducers.
  /^profiles\/steps\/(stream|load|pressure-way)\.ts$/,
  /^drivers\/open-device\.ts$/,
  /^dashboards\/server\.ts$/,
];

/** So many files in one folder can still be taken in at a glance. */
const MOST_FILES = 20;

/** Files that are still too long. This list may only become shorter. */
const LONGER_THAN_300: readonly string[] = [];

interface Source {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly string[];
}

function* walk(dir: string): Generator<string> {
  for (const entry of readdirSync(join(ROOT, dir), { withFileTypes: true })) {
    const path = `${dir}/${entry.name}`;
    if (entry.isDirectory()) {
      if (entry.name !== 'dist' && entry.name !== 'node_modules') yield* walk(path);
    } else if (/\.tsx?$/.test(entry.name)) yield path;
  }
}

function read(path: string): Source {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const imports = [...text.matchAll(/(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)].map(m => m[1]);
  return { path, text, imports };
}

/** Text without comments and string contents, so that words in prose do not count. */
function code(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|[^:])\/\/.*$/gm, '$1')
    .replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, "''");
}

const sources = ROOMS.flatMap(room => [...walk(room)].map(read));
const tests = [...walk('tests')].map(read);

describe('rooms', () => {
  it('finds the sources at all', () => {
    expect(sources.length).toBeGreaterThan(60);
    expect(sources.flatMap(s => s.imports).length).toBeGreaterThan(150);
  });

  it('import only what the table allows', () => {
    const wrong: string[] = [];
    for (const { path, imports } of sources) {
      const allowed = MAY_IMPORT.find(([from]) => from.test(path))?.[1];
      if (allowed === undefined) throw new Error(`no rule for ${path}`);
      const own = path
        .split('/')
        .slice(0, /^(sim|drivers|control)\//.test(path) ? 2 : 1)
        .join('/');
      for (const target of imports) {
        if (!target.startsWith('.')) continue;
        const to = normalize(join(dirname(path), target));
        if (to.startsWith(`${own}/`) && !own.includes('.')) continue;
        if (!allowed.some(rule => rule.test(to))) wrong.push(`${path} -> ${to}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('emulators never import a driver, drivers never an emulator', () => {
    const wrong = sources.filter(
      s =>
        (s.path.startsWith('sim/device/') && s.imports.some(i => /drivers\/(?!contract\/)/.test(i))) ||
        (s.path.startsWith('drivers/') && s.imports.some(i => /\/sim\//.test(i))),
    );
    expect(wrong.map(s => s.path)).toEqual([]);
  });

  it('RxJS stays where it belongs', () => {
    const users = sources
      .filter(s => s.imports.some(i => i === 'rxjs' || i.startsWith('rxjs/')))
      .map(s => s.path);
    expect(users.filter(path => !MAY_USE_RXJS.some(rule => rule.test(path)))).toEqual([]);
  });

  it('have no circle of imports', () => {
    const graph = new Map(
      sources.map(s => [
        s.path,
        s.imports.filter(i => i.startsWith('.')).map(i => normalize(join(dirname(s.path), i))),
      ]),
    );
    const typeOnly = (path: string, to: string): boolean => {
      const text = sources.find(s => s.path === path)?.text ?? '';
      const name = to.split('/').at(-1) ?? '';
      const lines = text.match(new RegExp(`import (type )?[^;]*?${name.replace('.', '\\.')}'`, 'g')) ?? [];
      return lines.length > 0 && lines.every(l => l.startsWith('import type'));
    };
    const state = new Map<string, 'open' | 'done'>();
    const circles: string[] = [];
    const visit = (path: string, trail: readonly string[]): void => {
      if (state.get(path) === 'done') return;
      if (state.get(path) === 'open') {
        circles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
        return;
      }
      state.set(path, 'open');
      for (const to of graph.get(path) ?? []) if (!typeOnly(path, to)) visit(to, [...trail, path]);
      state.set(path, 'done');
    };
    for (const path of graph.keys()) visit(path, []);
    expect(circles).toEqual([]);
  });
});

describe('control', () => {
  const inControl = sources.filter(s => s.path.startsWith('control/'));
  const targets = ({ path, imports }: Source): string[] =>
    imports.filter(i => i.startsWith('.')).map(i => normalize(join(dirname(path), i)));
  const folderOf = (path: string): string => path.split('/')[1];
  const isProgram = (path: string): boolean => folderOf(path) === 'program';

  it('has no circle of folders: each knows only those below', () => {
    const wrong: string[] = [];
    for (const source of inControl) {
      const own = FLOORS.indexOf(folderOf(source.path));
      for (const to of targets(source)) {
        if (own < 0 || !/^control\/[^/]+\//.test(to)) continue;
        const floor = FLOORS.indexOf(folderOf(to));
        if (floor < 0 || floor > own) wrong.push(`${source.path} -> ${to}`);
      }
    }
    expect(wrong).toEqual([]);
    const folders = new Set(inControl.map(s => folderOf(s.path)).filter(name => !name.endsWith('.ts')));
    expect([...folders].sort()).toEqual([...FLOORS].sort());
  });

  it("keeps what dashboards see on top: only the composition root and the page's view know it", () => {
    const wrong = inControl
      .filter(s => !isProgram(s.path) && !TOP_FILES.includes(s.path))
      .flatMap(s =>
        targets(s)
          .filter(to => TOP_FILES.includes(to))
          .map(to => `${s.path} -> ${to}`),
      );
    expect(wrong).toEqual([]);
  });

  it('is put together in control/program, which nothing else in control knows', () => {
    const others = inControl.filter(s => !isProgram(s.path));
    expect(
      others.flatMap(s =>
        targets(s)
          .filter(isProgram)
          .map(to => `${s.path} -> ${to}`),
      ),
    ).toEqual([]);
  });

  it('knows dashboards only in control/program', () => {
    const others = inControl.filter(s => !isProgram(s.path));
    const drawing = (to: string): boolean => to.startsWith('dashboards/');
    expect(
      others.flatMap(s =>
        targets(s)
          .filter(drawing)
          .map(to => `${s.path} -> ${to}`),
      ),
    ).toEqual([]);
  });
});

describe('threads', () => {
  it('are started and ended where it is known what that does to the process', () => {
    const own = 'drivers/contract/code/threads.ts';
    const wrong = sources
      .filter(s => s.path !== own && !IN_BROWSER.test(s.path))
      .filter(s => /new Worker\(|[wW]orker\??\.terminate\(|\bthread\.terminate\(/.test(code(s.text)))
      .map(s => s.path);
    expect(wrong).toEqual([]);
  });
});

describe('time and chance', () => {
  it('come only from the clock and the seeded generator', () => {
    const forbidden = /\b(Date\.now|new Date\(\)|performance\.now|setTimeout|setInterval|Math\.random)\b/;
    const wrong = sources
      .filter(s => s.path !== 'drivers/contract/clock.ts' && !IN_BROWSER.test(s.path))
      .filter(s => forbidden.test(code(s.text)))
      .map(s => `${s.path}: ${forbidden.exec(code(s.text))?.[0]}`);
    expect(wrong).toEqual([]);
  });
});

describe('habits', () => {
  it('files answer one question: at most 300 lines', () => {
    const long = [...sources, ...tests].filter(s => s.text.split('\n').length > 301).map(s => s.path);
    expect(long.filter(path => !LONGER_THAN_300.includes(path))).toEqual([]);
    expect(LONGER_THAN_300.filter(path => !long.includes(path))).toEqual([]);
  });

  it('folders show the structure: no floor is crowded', () => {
    const floors = new Map<string, number>();
    for (const { path } of sources) floors.set(dirname(path), (floors.get(dirname(path)) ?? 0) + 1);
    expect([...floors].filter(([, files]) => files > MOST_FILES).map(([folder]) => folder)).toEqual([]);
  });

  it('no default exports, no `any`, no utils, no work left open', () => {
    const wrong: string[] = [];
    for (const { path, text } of sources) {
      const plain = code(text);
      if (/^export default/m.test(plain) && !path.endsWith('.config.ts'))
        wrong.push(`${path}: default export`);
      if (/(:|\bas|<)\s*any\b/.test(plain)) wrong.push(`${path}: any`);
      if (/\bcatch\s*(\(\w+\))?\s*\{\s*\}/.test(plain) && !/catch\s*(\(\w+\))?\s*\{\s*\/\//.test(text))
        wrong.push(`${path}: swallowed error`);
      if (/(^|\/)utils?\.tsx?$/.test(path)) wrong.push(`${path}: name`);
      if (/\b(TODO|FIXME|XXX)\b/.test(text)) wrong.push(`${path}: work left open`);
    }
    expect(wrong).toEqual([]);
  });

  it('no test is switched off', () => {
    const off = tests.filter(
      t => t.path !== 'tests/architecture.test.ts' && /\b(it|test|describe)\.(only|todo|skip)\(/.test(t.text),
    );
    expect(off.map(t => t.path)).toEqual([]);
  });

  it('public functions, types and classes have a doc comment', () => {
    const wrong: string[] = [];
    for (const { path, text } of sources) {
      if (IN_BROWSER.test(path)) continue;
      const lines = text.split('\n');
      lines.forEach((line, i) => {
        if (!/^export (async )?(function|interface|class|abstract class)\b/.test(line)) return;
        if (!/\*\/\s*$/.test(lines[i - 1] ?? '')) wrong.push(`${path}:${i + 1}`);
      });
    }
    expect(wrong).toEqual([]);
  });
});

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readTextFile, textOf } from '../../../drivers/contract/text-file.ts';
import { parseYamlFile } from '../../../drivers/contract/yaml-file.ts';

/** Files that are no text, or YAML that is right in syntax and wrong in meaning: one message with its line. */

const bytes = (text: string, encoding: BufferEncoding): Uint8Array => Buffer.from(text, encoding);

describe('encodings', () => {
  it.each([
    [
      'UTF-16 with its mark',
      Buffer.concat([Buffer.of(0xff, 0xfe), bytes('bench: x', 'utf16le')]),
      /^f:1: the file is in UTF-16/,
    ],
    [
      'UTF-16 without',
      bytes('bench: x\nversion: 1\n', 'utf16le'),
      /^f:1: the file looks like UTF-16 without/,
    ],
    ['UTF-32', Buffer.of(0xff, 0xfe, 0, 0, 0x62, 0, 0, 0), /^f:1: the file is in UTF-32/],
    [
      'Latin-1',
      bytes('a: 1\nname: Prüfstand\n', 'latin1'),
      /^f:2: byte 0xfc is no UTF-8, it looks like Latin-1 or Windows-1252 \("ü"\)/,
    ],
    [
      'a letter that begins a character of UTF-8 which does not follow',
      bytes('method: é\nversion: 2\n', 'latin1'),
      /^f:1: byte 0xe9 is no UTF-8, it looks like Latin-1 or Windows-1252 \("é"\)/,
    ],
    ['half a character and a letter', Buffer.of(0x61, 0x0a, 0xe2, 0x82, 0x41), /^f:2: byte 0xe2 is no UTF-8/],
    [
      'a character cut off at the end',
      bytes('name: ü', 'utf8').subarray(0, -1),
      /^f:1: byte 0xc3 is no UTF-8/,
    ],
    [
      'a program',
      Buffer.from('\x7fELF\x02\x01\n\n\x00\x01 some more text behind it', 'latin1'),
      /^f:1: the file is binary \(byte 0x02\)/,
    ],
  ])('%s', (_what, content, says) => {
    expect(() => textOf('f', content)).toThrow(says);
    expect(() => textOf('f', content)).toThrow(/expected text in UTF-8/);
  });

  it('reads UTF-8 with and without its mark, and any line end', () => {
    expect(textOf('f', bytes('a: ü\r\nb: µ', 'utf8'))).toBe('a: ü\r\nb: µ');
    expect(textOf('f', bytes('\uFEFFa: 1', 'utf8'))).toBe('a: 1');
    expect(textOf('f', new Uint8Array(0))).toBe('');
  });

  it('does not read a device without end', () => {
    expect(() => readTextFile('/dev/zero')).toThrow(/^\/dev\/zero: cannot be opened: it is a device/);
    const dir = mkdtempSync(join(tmpdir(), 'pipe-'));
    execFileSync('mkfifo', [join(dir, 'p')]);
    expect(() => readTextFile(join(dir, 'p'))).toThrow(/p: cannot be opened: it is a pipe/);
    rmSync(dir, { recursive: true });
  });
});

describe('YAML', () => {
  const bomb = [
    'a: &a [x, x, x, x, x, x, x, x, x]',
    ...'bcdefgh'.split('').map((n, i) => `${n}: &${n} [${Array(9).fill(`*${'abcdefg'[i]}`).join(', ')}]`),
  ].join('\n');
  it.each([
    ['an alias inside itself', 'a: 1\nb: &b\n  c: *b\n', /^f:3: \*b stands inside &b itself/],
    ['aliases that blow the file up', bomb, /^f:\d: aliases make more than 200000 entries/],
    ['an alias of nothing', 'a: *b\n', /^f:1: .*b/],
    [
      'a decimal comma in a flow block',
      'a: { limit: 2,4, to: 3 }',
      /^f:1: limit: found 2,4 with a decimal comma, expected a decimal point: 2\.4/,
    ],
    [
      'a block that is not closed',
      'a:\n  b: { x: 1\nc: 2\n',
      /^f:2:6: { opens here and is not closed, expected } before line 3$/,
    ],
    [
      'a list that a block ends',
      'a: { b: [1, 2 }\n',
      /^f:1:9: \[ opens here and is closed by }, expected \]$/,
    ],
    ['a bracket too many', 'a: [1, 2]]\nb: 1\n', /^f:1:10: \] closes nothing here/],
    ['a quote that is not closed', "a: 'it\nb: 1\n", /^f:1:4: ' opens here and is not closed/],
    ['two documents', 'a: 1\n---\na: 2\n', /^f:\d: a second document begins here/],
    ['a name that JavaScript keeps', 'a: 1\nb: { __proto__: 2 }', /^f:2: "__proto__" is no name/],
    ['nested without end', `a: ${'['.repeat(20_000)}`, /^f:1: /],
    ['5000 lists in each other', `a: ${'['.repeat(5000)}${']'.repeat(5000)}`, /^f:1: .*nested too deeply/],
    ['nested too deep', `a: ${'['.repeat(300)}${']'.repeat(300)}`, /^f:1: nested deeper than 100 levels/],
  ])('%s', (_what, text, says) => {
    expect(() => parseYamlFile('f', text, z.any())).toThrow(says);
  });

  it('takes an alias that is meant', () => {
    expect(parseYamlFile('f', 'a: &a { x: 1 }\nb: *a\nc: [*a, *a]\n', z.any()).value).toEqual({
      a: { x: 1 },
      b: { x: 1 },
      c: [{ x: 1 }, { x: 1 }],
    });
  });

  it('shows what was found', () => {
    const pair = z
      .strictObject({ min: z.number(), max: z.number() })
      .refine(l => l.min <= l.max, 'expected min <= max');
    const fault = (text: string) => () => parseYamlFile('f', text, z.strictObject({ a: pair }));
    expect(fault('a: { min: 3, max: 1 }')).toThrow(/found \{ min: 3, max: 1 \}, expected min <= max/);
    expect(fault('a:\n  min: 2,4\n  max: 3\n')).toThrow(
      /^f:2: a\.min: found "2,4" \(a decimal comma: write 2\.4\), expected a number/,
    );
  });
});

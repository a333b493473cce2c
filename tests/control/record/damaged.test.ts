import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openReadOnly } from '../../../control/record/read-only.ts';
import { unfold } from '../../../control/record/unfold.ts';
import { FileError } from '../../../drivers/contract/file-error.ts';
import { read, rowsFrom, withReader, written } from '../../support/known-record.ts';

let dir: string;
let path: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'damaged-'));
  path = join(dir, 'run.sqlite');
});
afterEach(() => rmSync(dir, { recursive: true }));

describe('a record that is not as it was written', () => {
  const change = (sql: string, ...values: (Uint8Array | number)[]): void => {
    const db = new DatabaseSync(path);
    db.prepare(sql).run(...values);
    db.close();
  };

  it('a changed byte in a block is found and named', () => {
    written(path, 1500, 1100);
    const { data } = withReader(path, (_, db) =>
      db.prepare('SELECT data FROM blocks WHERE row = 1501').get(),
    ) as {
      data: Uint8Array;
    };
    data[data.length >> 1] ^= 4;
    change('UPDATE blocks SET data = ? WHERE row = 1501', data);
    withReader(path, reader => {
      expect(() => read(reader)).toThrow(FileError);
      expect(() => read(reader)).toThrow(
        /run\.sqlite: frames_supply: rows 1501 to 2600: checksum does not fit/,
      );
    });
    expect(() => unfold(path, join(dir, 'rows.sqlite'))).toThrow(
      /run\.sqlite: frames_supply: rows 1501 to 2600/,
    );
  });

  it('half a block, a missing block, and missing rows are named', () => {
    written(path, 1500, 1100, 50);
    change('UPDATE blocks SET data = substr(data, 1, 100) WHERE row = 1501');
    withReader(path, reader => expect(() => read(reader)).toThrow(/rows 1501 to 2600: checksum/));
    change('DELETE FROM blocks WHERE row = 1501');
    withReader(path, reader =>
      expect(() => read(reader)).toThrow(/frames_supply: rows from 1501 on are missing/),
    );
  });

  it('one of a newer version is refused', () => {
    written(path, 10);
    change("UPDATE meta SET value = '5' WHERE key = 'format'");
    expect(() => openReadOnly(path)).toThrow(
      /run\.sqlite: form 5 of the record, expected 4 at most: .*newer/,
    );
  });

  it('one of a version that only had rows is read', () => {
    const rows = written(path, 1000);
    change("DELETE FROM meta WHERE key = 'format'");
    change('DROP TABLE blocks');
    expect(withReader(path, reader => read(reader))).toEqual(rowsFrom(0, rows));
  });

  it('what is no record is refused', () => {
    writeFileSync(path, 'current_A,voltage_V\n'.repeat(100));
    expect(() => openReadOnly(path)).toThrow(/run\.sqlite: no record of a run: .*expected run\.sqlite/);
    expect(() => openReadOnly(join(dir, 'none.sqlite'))).toThrow(
      /none\.sqlite: no such file, expected run\.sqlite/,
    );
  });
});

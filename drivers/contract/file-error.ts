/** A file that cannot be used. The message starts with `file:line:` and says what was expected there. */
export class FileError extends Error {
  readonly file: string;
  /** Line of the culprit, from 1; 0 where the file as a whole is the problem. */
  readonly line: number;
  /** The message without file and line. */
  readonly text: string;

  constructor(file: string, line: number, text: string) {
    super(line > 0 ? `${file}:${line}: ${text}` : `${file}: ${text}`);
    this.name = 'FileError';
    this.file = file;
    this.line = line;
    this.text = text;
  }
}

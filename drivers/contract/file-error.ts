/** A file that cannot be used. The message starts with `file:line:` (or `file:line:character:`) and says what was expected there. */
export class FileError extends Error {
  readonly file: string;
  /** Line of the culprit, from 1; 0 where the file as a whole is the problem. */
  readonly line: number;
  /** The message without file and line. */
  readonly text: string;
  /** Character of the line at which the culprit begins, from 1; 0 where only the line is known. */
  readonly character: number;

  constructor(file: string, line: number, text: string, character = 0) {
    const place = [file, ...(line > 0 ? [line] : []), ...(line > 0 && character > 0 ? [character] : [])];
    super(`${place.join(':')}: ${text}`);
    this.name = 'FileError';
    this.file = file;
    this.line = line;
    this.text = text;
    this.character = character;
  }
}

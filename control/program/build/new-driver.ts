import { PACKAGE_FOLDER } from '../package-files.ts';
import { USAGE, writeSkeleton } from './write-skeleton.ts';

/** `npm run new-driver -- maker/model [--own FOLDER]`: begins a driver, its emulator and its test. */

if (process.argv.slice(2).includes('--help')) console.log(USAGE);
else
  try {
    const { files, next } = writeSkeleton(process.argv.slice(2), PACKAGE_FOLDER);
    console.log([...files, next].join('\n'));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  }

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CannotRun } from './engine/cannot-run';

/** What a run writes into its folder. */
export type OutputFile = 'result.json' | 'report.html' | 'engine.log';

const RESULTS: readonly OutputFile[] = ['result.json', 'report.html'];

/**
 * Makes the folder, and sees that each file can be written before minutes are spent on what goes into it. Results of an earlier run
 * are gone from then on: after a run that failed, nobody must take them for its own.
 *
 * @throws CannotRun where a file cannot be written
 */
export function prepareOutput(folder: string): void {
  attempt(folder, () => mkdirSync(folder, { recursive: true }));
  for (const name of [...RESULTS, 'engine.log'] as const) writeOutput(folder, name, '');
  for (const name of RESULTS) attempt(join(folder, name), () => rmSync(join(folder, name)));
}

/** @throws CannotRun where it cannot be written */
export function writeOutput(folder: string, name: OutputFile, text: string): string {
  const path = join(folder, name);
  attempt(path, () => writeFileSync(path, text));
  return path;
}

/** What to tell where the place for results is no good. */
export function cannotWrite(path: string, error: unknown): CannotRun {
  const { code, message } = error as NodeJS.ErrnoException;
  return new CannotRun(`${path} cannot be written (${code ?? message})`, 'Name a folder that can be written to with --output FOLDER.');
}

function attempt(path: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

import { accessSync, constants, type Dirent, readdirSync, type Stats, statSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { CannotRun } from './engine/cannot-run';

export interface SourceFile {
  readonly path: string;
  /** Below the folder that was given: the end of the object's key. */
  readonly name: string;
}

export interface ChosenFiles {
  readonly files: readonly SourceFile[];
  readonly description: string;
}

/** A folder may hold a whole disk; the demo is over in seconds. */
const MOST_FILES = 50;
/** The engine keeps objects in memory. */
const MOST_BYTES = 64 * 1024 * 1024;
const GENERATED = new Set(['node_modules', 'dist', 'coverage', 'cdk.out']);

/** The files that a person named, else `enough` of this project. */
export function chooseFiles(given: string | undefined, projectFolder: string, enough: number): ChosenFiles {
  if (given === undefined) return { files: filesBelow(projectFolder).slice(0, enough), description: "this project's own files" };
  const path = fromCaller(given);
  if (!statOf(path).isDirectory()) return { files: [readable(path)], description: path };
  const files = filesOfFolder(path);
  return { files, description: files.length < MOST_FILES ? path : `the first ${MOST_FILES} files of ${path}` };
}

/** Relative paths are meant from where `npm` was called. */
export function fromCaller(path: string): string {
  return resolve(process.env['INIT_CWD'] ?? process.cwd(), path);
}

function statOf(path: string): Stats {
  try {
    const stat = statSync(path);
    if (stat.isDirectory() || stat.isFile()) return stat;
  } catch (error) {
    throw new CannotRun(`${path} cannot be read (${reasonOf(error)})`, 'Check the path: it is read from the folder where you call npm.');
  }
  throw new CannotRun(`${path} is neither a file nor a folder`, 'Name a file or a folder.');
}

function filesOfFolder(folder: string): SourceFile[] {
  const files = filesBelow(folder);
  if (files.length > 0) return files.map((file) => readable(file.path, folder));
  throw new CannotRun(`${folder} holds no files (hidden ones, node_modules and dist are left out)`, 'Name a folder with files.');
}

function readable(path: string, folder?: string): SourceFile {
  try {
    accessSync(path, constants.R_OK);
  } catch (error) {
    throw new CannotRun(`${path} cannot be read (${reasonOf(error)})`, 'Change its permissions, or name another file.');
  }
  if (statSync(path).size > MOST_BYTES) {
    throw new CannotRun(`${path} is larger than ${MOST_BYTES / 1024 / 1024} MiB, too large for the local engine`, 'Name a smaller file.');
  }
  return { path, name: folder === undefined ? basename(path) : relative(folder, path) };
}

/** Breadth first, so that the files on top come before those deep below; in the order of their names. */
function filesBelow(root: string): SourceFile[] {
  const files: SourceFile[] = [];
  const folders = [root];
  for (let folder = folders.shift(); folder !== undefined && files.length < MOST_FILES; folder = folders.shift()) {
    for (const entry of entriesOf(folder)) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) folders.push(path);
      else if (entry.isFile()) files.push({ path, name: relative(root, path) });
    }
  }
  return files.slice(0, MOST_FILES);
}

function entriesOf(folder: string): Dirent[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    const wanted = entries.filter((entry) => !entry.name.startsWith('.') && !GENERATED.has(entry.name));
    return wanted.sort((one, other) => (one.name < other.name ? -1 : 1));
  } catch (error) {
    throw new CannotRun(`${folder} cannot be read (${reasonOf(error)})`, 'Change its permissions, or name another folder.');
  }
}

const REASONS: Readonly<Record<string, string>> = { ENOENT: 'it does not exist', EACCES: 'permission denied' };

function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return code === undefined ? String(error) : (REASONS[code] ?? code);
}

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

const ROOT = join(__dirname, '..', '..');

export interface SourceFile {
  /** Path from the root. */
  readonly path: string;
  readonly text: string;
  /** Files of this project, as paths from the root without extension. */
  readonly files: readonly string[];
  /** Those of them that are there when it runs: types are not. */
  readonly loaded: readonly string[];
  /** Packages, with the path inside them. */
  readonly packages: readonly string[];
}

export function sourcesIn(folder: string, extension = /\.(ts|mjs)$/): SourceFile[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => extension.test(name) && !name.includes('node_modules'))
    .map((name) => sourceFile(join(folder, name)));
}

/** Type-only imports count as well: an arrow is an arrow. */
export function sourceFile(path: string): SourceFile {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const imports = importsIn(text);
  const isFile = (name: string) => name.startsWith('.');
  const files = (names: readonly string[]) => names.filter(isFile).map((name) => join(dirname(path), name));
  return {
    path,
    text,
    files: files(imports),
    loaded: files(importsIn(text.replace(/^(import|export) type [^;]*;$/gms, ''))),
    packages: imports.filter((name) => !isFile(name)),
  };
}

function importsIn(text: string): string[] {
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
}

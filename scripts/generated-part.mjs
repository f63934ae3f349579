import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './built-package.mjs';
import { CannotRun } from './cannot-run.mjs';

const END = '<!-- to here -->';

/**
 * Writes what is generated into a page, between its line `begin` and the next END; with `check`, says whether it stands there, and
 * writes nothing.
 */
export function writeGeneratedPart({ page, begin, content, check, source }) {
  const target = join(root, page);
  const written = readFileSync(target, 'utf8');
  const [before, rest] = split(written, begin, page);
  const [, after] = split(rest, END, page);
  const rendered = `${before}${begin}\n\n${content}\n${END}${after}`;
  if (rendered === written) return;
  if (!check) {
    writeFileSync(`${target}.${process.pid}`, rendered);
    renameSync(`${target}.${process.pid}`, target);
    return;
  }
  console.error(`${page} does not say what ${source} says. Run "npm run docs" and commit ${page}.`);
  process.exitCode = 1;
}

function split(text, marker, page) {
  const position = text.indexOf(marker);
  if (position < 0) throw new CannotRun(`${page} has lost the line ${marker}`, 'Write it where the generated part belongs.');
  return [text.slice(0, position), text.slice(position + marker.length)];
}

import { type SourceFile, sourcesIn } from './support/sources';

/** Files that need each other, directly or by way of others: as a way round, which ends where it began. */
function cyclesAmong(sources: readonly SourceFile[], needs: (source: SourceFile) => readonly string[]): string[] {
  const idOf = (path: string) => path.replace(/\.(ts|[cm]?js)$/, '').replace(/\/index$/, '');
  const files = new Map(sources.map((source) => [idOf(source.path), needs(source).map(idOf)]));
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, way: readonly string[]): void => {
    if (way.includes(file)) cycles.push([...way.slice(way.indexOf(file)), file].join(' → '));
    if (done.has(file) || way.includes(file)) return;
    for (const next of files.get(file) ?? []) visit(next, [...way, file]);
    done.add(file);
  };
  for (const file of files.keys()) visit(file, []);
  return cycles;
}

const inFolders = (...folders: string[]) => folders.flatMap((folder) => sourcesIn(folder, /\.(ts|[cm]?js)$/));

test('a cycle is found, whichever of its files comes first, and a shared need is none', () => {
  const file = (path: string, ...files: string[]): SourceFile => ({ path, text: '', files, loaded: [], packages: [] });
  const sources = [file('a.ts', 'b', 'd'), file('b.ts', 'c', 'd'), file('c/index.ts', 'b'), file('d.ts')];
  expect(cyclesAmong(sources, ({ files }) => files)).toEqual(['b → c → b']);
  expect(cyclesAmong([...sources].reverse(), ({ files }) => files)).toEqual(['c → b → c']);
  expect(cyclesAmong(sources, ({ loaded }) => loaded)).toEqual([]);
});

test('no file needs itself to be loaded, by way of whatever others', () => {
  const sources = inFolders('lib', 'lambda', 'bin', 'demo', 'scripts', 'bench', 'examples', 'test');
  expect(sources.length).toBeGreaterThan(300);
  expect(cyclesAmong(sources, ({ loaded }) => loaded)).toEqual([]);
});

test('of the domain and of the functions, types do not need each other either', () => {
  expect(cyclesAmong([...inFolders('lib/domain'), ...inFolders('lambda')], ({ files }) => files)).toEqual([]);
});

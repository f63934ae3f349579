import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { transformSync } from 'esbuild';
import type { processBatch } from '../../lambda/encryption-enforcer/process-batch';
import type { rulesForInvocation } from '../../lambda/shared/bucket-rules';
import type { VirtualClock } from './fault-clock';

const LAMBDA = join(__dirname, '../../lambda');
const ENFORCER = join(LAMBDA, 'encryption-enforcer');
const SHARED = join(LAMBDA, 'shared');
const RELEASE = join(LAMBDA, 'quarantine-release');
const DOMAIN = join(__dirname, '../../lib/domain');

/** A change of one source file of a function, of what is shared, or of the domain: each text stands in it exactly once, or the mutant no longer says what it claims to say. */
export interface Mutation {
  readonly file: string;
  readonly replace: readonly (readonly [before: string, after: string])[];
}

export interface LoadedHandler {
  readonly processBatch: typeof processBatch;
  readonly rulesForInvocation: typeof rulesForInvocation;
  /** Whose time the handler lives in. */
  clock: VirtualClock | undefined;
}

/** Loads the sources of the enforcer, as they are or mutated, with a clock of our own in place of Node's timers. */
export function loadHandler(mutation?: Mutation): LoadedHandler {
  const handler: { clock: VirtualClock | undefined } = { clock: undefined };
  const globals = () => {
    if (handler.clock === undefined) throw new Error('no schedule runs');
    return handler.clock.timerGlobals();
  };
  const load = sourceLoader(mutation, {
    setTimeout: (act: () => void, millis: number) => globals().setTimeout(act, millis),
    clearTimeout: (timer: never) => globals().clearTimeout(timer),
    AbortSignal: { timeout: (millis: number) => globals().AbortSignal.timeout(millis) },
  });
  return Object.assign(handler, load(join(ENFORCER, 'process-batch')), load(join(SHARED, 'bucket-rules'))) as unknown as LoadedHandler;
}

/** Loads the sources of the function that releases, which waits for nothing by itself. */
export function loadRelease(mutation?: Mutation): typeof import('../../lambda/quarantine-release/process-request') {
  return sourceLoader(mutation, {})(join(RELEASE, 'process-request')) as typeof import('../../lambda/quarantine-release/process-request');
}

function sourceLoader(mutation: Mutation | undefined, globals: Readonly<Record<string, unknown>>) {
  const loaded = new Map<string, { exports: Record<string, unknown> }>();
  const load = (path: string): Record<string, unknown> => {
    const known = loaded.get(path);
    if (known !== undefined) return known.exports;
    const module = { exports: {} as Record<string, unknown> };
    loaded.set(path, module);
    const requireFrom = (name: string) => {
      const target = name.startsWith('.') ? join(dirname(path), name) : name;
      // The classes of errors are those of the test.
      return isMutable(target) ? load(target) : require(target);
    };
    const { code } = transformSync(sourceOf(path, mutation), { loader: 'ts', format: 'cjs', target: 'node20' });
    new Function('module', 'exports', 'require', ...Object.keys(globals), code)(
      module,
      module.exports,
      requireFrom,
      ...Object.values(globals),
    );
    return module.exports;
  };
  return load;
}

function isMutable(path: string): boolean {
  return [LAMBDA, DOMAIN].some((folder) => path.startsWith(folder)) && path !== join(SHARED, 'errors');
}

function sourceOf(path: string, mutation: Mutation | undefined): string {
  const source = readFileSync(`${path}.ts`, 'utf8');
  const isMutated = [ENFORCER, SHARED, RELEASE, DOMAIN].some((folder) => relative(folder, `${path}.ts`) === mutation?.file);
  if (mutation === undefined || !isMutated) return source;
  return mutation.replace.reduce((text, [before, after]) => {
    const parts = text.split(before);
    if (parts.length !== 2) throw new Error(`${mutation.file} holds ${parts.length - 1} times, not once: ${before}`);
    return parts.join(after);
  }, source);
}

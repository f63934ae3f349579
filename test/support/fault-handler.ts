import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { transformSync } from 'esbuild';
import type { rulesForInvocation } from '../../lambda/encryption-enforcer/bucket-rules';
import type { processBatch } from '../../lambda/encryption-enforcer/process-batch';
import type { VirtualClock } from './fault-clock';

const ENFORCER = join(__dirname, '../../lambda/encryption-enforcer');

/** A change of one source file: each text stands in it exactly once, or the mutant no longer says what it claims to say. */
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
  const loaded = new Map<string, { exports: Record<string, unknown> }>();
  const handler: { clock: VirtualClock | undefined } = { clock: undefined };
  const globals = () => {
    if (handler.clock === undefined) throw new Error('no schedule runs');
    return handler.clock.timerGlobals();
  };
  const late = {
    setTimeout: (act: () => void, millis: number) => globals().setTimeout(act, millis),
    clearTimeout: (timer: never) => globals().clearTimeout(timer),
    AbortSignal: { timeout: (millis: number) => globals().AbortSignal.timeout(millis) },
  };
  const load = (path: string): Record<string, unknown> => {
    const known = loaded.get(path);
    if (known !== undefined) return known.exports;
    const module = { exports: {} as Record<string, unknown> };
    loaded.set(path, module);
    const requireFrom = (name: string) => {
      const target = name.startsWith('.') ? join(dirname(path), name) : name;
      // What is shared with the test, such as the classes of errors, stays shared.
      return target.startsWith(ENFORCER) ? load(target) : require(target);
    };
    const { code } = transformSync(sourceOf(path, mutation), { loader: 'ts', format: 'cjs', target: 'node20' });
    new Function('module', 'exports', 'require', ...Object.keys(late), code)(module, module.exports, requireFrom, ...Object.values(late));
    return module.exports;
  };
  const rules = load(join(ENFORCER, 'bucket-rules'));
  return Object.assign(handler, load(join(ENFORCER, 'process-batch')), rules) as unknown as LoadedHandler;
}

function sourceOf(path: string, mutation: Mutation | undefined): string {
  const source = readFileSync(`${path}.ts`, 'utf8');
  if (mutation === undefined || relative(ENFORCER, `${path}.ts`) !== mutation.file) return source;
  return mutation.replace.reduce((text, [before, after]) => {
    const parts = text.split(before);
    if (parts.length !== 2) throw new Error(`${mutation.file} holds ${parts.length - 1} times, not once: ${before}`);
    return parts.join(after);
  }, source);
}

import { app } from './app';
import type { Benchmark } from './benchmark';
import { bundle } from './bundle';
import { clientSide } from './client-side';
import { demo } from './demo';
import { handler } from './handler';
import { policy } from './policy';
import { reencrypt } from './reencrypt';
import { synth } from './synth';

/** In the order of docs/benchmarks.md. */
export const BENCHMARKS: readonly Benchmark[] = [synth, app, policy, bundle, handler, clientSide, reencrypt, demo];

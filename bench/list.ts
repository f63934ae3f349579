import type { Benchmark } from './benchmark';
import { bundle } from './bundle';
import { demo } from './demo';
import { synth } from './synth';

/** In the order of docs/benchmarks.md. */
export const BENCHMARKS: readonly Benchmark[] = [synth, bundle, demo];

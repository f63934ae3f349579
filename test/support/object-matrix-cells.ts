import { ACTIONS, type Action } from '../../lib/domain/action';
import matrix from '../lambda/object-matrix.json';
import type { Refusals } from './object-matrix-store';
import type { KindOfObject } from './object-matrix-walk';
import type { Since } from './object-matrix-way-out';

/** What becomes of one kind of object under one action. */
export interface Cell {
  readonly outcome: 'reported' | 'tagged' | 'quarantined' | 're-encrypted' | 'not verified';
  readonly original: 'stays' | 'hidden' | 'gone';
  /** There is a copy in quarantine, with its receipt. */
  readonly copy?: boolean;
  /** The original has the violation tag. */
  readonly tag?: boolean;
  readonly mended?: 'in place' | 'by a copy';
  readonly annotations?: 'copied' | 'lost';
  /** The report names an older version that readers see from now on. */
  readonly uncovers?: boolean;
  readonly alarm?: 'ReducedActions' | 'dead letters';
  /** What its reason says, in this order, beside what S3 says. */
  readonly because?: readonly string[];
  /** What a release of that copy comes to. */
  readonly release?: Release;
  /** What a discard of that copy comes to. */
  readonly discard?: Discard;
}

export interface Release {
  readonly status: 'released' | 'refused';
  /** Told where it is refused. */
  readonly because?: readonly string[];
  /** A dry run asks S3 for nothing that changes anything, so that some refusals are met with only later. */
  readonly dryRun?: 'would-release';
  /** What lies under its key, where that is in its way. */
  readonly inTheWay?: 'the original' | 'the re-encrypted object' | 'a newer object';
  /** It takes more than one invocation. */
  readonly inParts?: boolean;
  /** What it comes to with `overwrite`, where that is another thing. */
  readonly overwriting?: Release;
}

export interface Discard {
  readonly status: 'discarded' | 'refused';
  readonly because?: readonly string[];
}

export interface Kind {
  readonly kind: string;
  readonly object: KindOfObject;
  readonly s3?: Refusals;
  readonly says?: string;
  readonly page: string;
  /** What happens after it was enforced, before anybody asks for its release. */
  readonly since?: Since;
}

export const chains = matrix.chains;
export const kinds = matrix.kinds as unknown as readonly (Kind & Readonly<Record<Action, Cell>>)[];
export const cells = kinds.flatMap((kind) =>
  ACTIONS.map((action) => ({ name: `${kind.kind}, ${action}`, ...kind, action, cell: kind[action] })),
);

/** Of SSE-C the store knows by itself. */
export function refusalsOf({ object, s3 = {} }: Kind): Refusals {
  return object.encryption === 'SSE-C' ? {} : s3;
}

export function saying(parts: readonly string[]) {
  return expect.stringMatching(new RegExp(parts.map((part) => part.replace(/[().]/g, '\\$&')).join('.*; ')));
}

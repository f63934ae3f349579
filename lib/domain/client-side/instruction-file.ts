import type { ClientSideEvidence } from './evidence';
import type { ObjectFacts } from './metadata';

export const MAX_INSTRUCTION_FILE_BYTES = 16 * 1024;

/** What the Amazon S3 Encryption Client appends to the key of an object, unless told otherwise. */
export const DEFAULT_INSTRUCTION_FILE_SUFFIX = '.instruction';

/** Where the instruction file of an object lies. */
export function instructionFileKey(key: string, suffix: string): string {
  return `${key}${suffix}`;
}

/** The envelope of an object whose instruction file has this body. */
export function classifyInstructionFile(_body: string, _object: ObjectFacts): ClientSideEvidence {
  return { kind: 'malformed', why: 'not judged yet' };
}

/** An object that says, or whose key says, that it is an instruction file: it has to be a strict one. */
export function classifySidecar(_sidecar: ObjectFacts, _body: string, _suffix: string): ClientSideEvidence {
  return { kind: 'malformed', why: 'not judged yet' };
}

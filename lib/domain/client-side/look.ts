import { MAX_KEY_BYTES } from '../prefix';
import type { ClientSideEvidence } from './evidence';
import { instructionFileKey, MAX_INSTRUCTION_FILE_BYTES, sidecarFault } from './instruction-file';
import { classifyMetadata, type MetadataFinding, type ObjectFacts } from './metadata';
import type { EnvelopePlaces } from './requirement';

/** What to do to learn of the envelope of an object, once HEAD has told its metadata. */
export type NextLook =
  | { readonly kind: 'done'; readonly evidence: ClientSideEvidence }
  /** The first bytes of the object. */
  | { readonly kind: 'message' }
  /** The object beside it that holds its envelope. */
  | { readonly kind: 'instruction-file'; readonly key: string }
  /** The object itself, which is such an object: then what it belongs to. */
  | { readonly kind: 'sidecar'; readonly suffix: string };

/** One more look at most, and none where metadata decide. */
export function nextLook(object: ObjectFacts, places: EnvelopePlaces): NextLook {
  const finding = classifyMetadata(object);
  // Metadata are no part of a message: without the other format, nothing in them can make one malformed.
  if (!places.metadata && finding.kind !== 'envelope') return { kind: 'message' };
  switch (finding.kind) {
    case 'none':
      return withoutMetadata(object, places);
    case 'needs-instruction-file':
    case 'claims-instruction-file':
      return withInstructionFile(finding.kind, object, places.instructionFileSuffix);
    default:
      return { kind: 'done', evidence: finding };
  }
}

function withoutMetadata(object: ObjectFacts, { message, instructionFileSuffix: suffix }: EnvelopePlaces): NextLook {
  if (message) return { kind: 'message' };
  if (suffix === undefined) return { kind: 'done', evidence: { kind: 'none' } };
  if (object.key.endsWith(suffix)) return asSidecar(object, suffix);
  return beside(object, suffix);
}

/** Of a key that leaves no room for the suffix, there can be none, now or later; S3 refuses to look. */
function beside({ key }: ObjectFacts, suffix: string): NextLook {
  const file = instructionFileKey(key, suffix);
  if (Buffer.byteLength(file) > MAX_KEY_BYTES) return { kind: 'done', evidence: { kind: 'instruction-file-missing', key: file } };
  return { kind: 'instruction-file', key: file };
}

function withInstructionFile(
  finding: Extract<MetadataFinding['kind'], 'needs-instruction-file' | 'claims-instruction-file'>,
  object: ObjectFacts,
  suffix: string | undefined,
): NextLook {
  if (suffix === undefined) {
    const why = finding === 'claims-instruction-file' ? 'it says that it is an instruction file' : 'its envelope is in an instruction file';
    return { kind: 'done', evidence: { kind: 'malformed', why: `${why}, and such are not accepted here` } };
  }
  return finding === 'claims-instruction-file' ? asSidecar(object, suffix) : beside(object, suffix);
}

/** What it holds is read only where that can still make it one. */
function asSidecar(object: ObjectFacts, suffix: string): NextLook {
  const why = sidecarFault(object, suffix);
  return why === undefined ? { kind: 'sidecar', suffix } : { kind: 'done', evidence: { kind: 'malformed', why } };
}

/** What an instruction file says, as text; or why it cannot be one. */
export function instructionFileText(bytes: Uint8Array, size: number): { readonly text: string } | { readonly why: string } {
  if (size > MAX_INSTRUCTION_FILE_BYTES) return { why: `instruction file: it has more than ${MAX_INSTRUCTION_FILE_BYTES} bytes` };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { why: 'instruction file: it is no text in UTF-8' };
  }
}

/**
 * How long an object may wait for its instruction file, or an instruction file for its object: clients write one after the other, in no
 * order that is promised. Counted from when the object was there.
 */
const GRACE_MILLIS = 10 * 60_000;
const SHORTEST_WAIT_SECONDS = 10;

/** Until somebody should look again: as long as it has waited already. 0 once the grace is over. */
export function secondsToWait(writtenAt: Date | undefined, now: Date): number {
  if (writtenAt === undefined) return 0;
  const waited = Math.max(0, now.getTime() - writtenAt.getTime());
  const left = GRACE_MILLIS - waited;
  if (left <= 0) return 0;
  return Math.ceil(Math.min(Math.max(SHORTEST_WAIT_SECONDS, waited / 1000), Math.max(1, left / 1000)));
}

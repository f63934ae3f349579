import type { ClientSideEvidence } from '../../lib/domain/client-side/evidence';
import { classifyInstructionFile, classifySidecar, MAX_INSTRUCTION_FILE_BYTES } from '../../lib/domain/client-side/instruction-file';
import { instructionFileText, nextLook } from '../../lib/domain/client-side/look';
import { classifyMessage, MESSAGE_HEAD_BYTES } from '../../lib/domain/client-side/message';
import type { ObjectFacts } from '../../lib/domain/client-side/metadata';
import type { EnvelopePlaces } from '../../lib/domain/client-side/requirement';
import { RetryableError } from './errors';
import type { ObjectHead, ObjectStore, ObjectVersion } from './object-store';

/** An object, wherever its bytes lie: the copy of one in quarantine is judged as what it was where it came from. */
export interface SealedObject {
  /** Where it belongs, and beside which its instruction file lies. */
  readonly bucket: string;
  readonly key: string;
  /** Where it can be read. */
  readonly content: ObjectVersion;
  readonly head: ObjectHead | undefined;
}

/** What an object says of its client-side encryption. */
export interface Found {
  readonly evidence: ClientSideEvidence;
  /** It is what another object says, which may be about to be written, or written anew. */
  readonly restsOnAnother: boolean;
}

const found = (evidence: ClientSideEvidence): Found => ({ evidence, restsOnAnother: false });
const foundBeside = (evidence: ClientSideEvidence): Found => ({ evidence, restsOnAnother: true });

/** Looks where an envelope may lie: one request more than HEAD at most, two for an instruction file itself, none where metadata decide. */
export async function evidenceOf(object: SealedObject, places: EnvelopePlaces, store: ObjectStore): Promise<Found> {
  const facts = factsOf(object);
  if (facts === undefined) return found({ kind: 'unreadable', why: 'S3 does not describe the object' });
  const next = nextLook(facts, places);
  switch (next.kind) {
    case 'done':
      return found(next.evidence);
    case 'message':
      return found(await messageIn(object, facts, store));
    case 'instruction-file':
      return foundBeside(await instructionFileAt({ bucket: object.bucket, key: next.key }, facts, store));
    case 'sidecar':
      return sidecarIn(object, facts, next.suffix, store);
  }
}

function factsOf({ key, head }: Pick<SealedObject, 'key' | 'head'>): ObjectFacts | undefined {
  return head && { key, size: head.size, metadata: head.metadata ?? {} };
}

async function messageIn(object: SealedObject, { size }: ObjectFacts, store: ObjectStore): Promise<ClientSideEvidence> {
  const start = await startOfSeen(object, MESSAGE_HEAD_BYTES, store);
  return start.status === 'refused' ? { kind: 'unreadable', why: start.why } : classifyMessage(start.bytes, size);
}

/** The newest one: nothing says which of its versions belongs to which of the object's. */
async function instructionFileAt(file: ObjectVersion, facts: ObjectFacts, store: ObjectStore): Promise<ClientSideEvidence> {
  const start = await store.readStart(file, MAX_INSTRUCTION_FILE_BYTES);
  switch (start.status) {
    case 'gone':
    case 'changed':
      return { kind: 'instruction-file-missing', key: file.key };
    case 'refused':
      return { kind: 'unreadable', why: start.why };
    case 'read': {
      const body = instructionFileText(start.bytes, start.size);
      return 'why' in body ? { kind: 'malformed', why: body.why } : classifyInstructionFile(body.text, facts);
    }
  }
}

/** An instruction file is judged as the envelope that it is: whoever writes it anew changes who can decrypt its object. */
async function sidecarIn(object: SealedObject, facts: ObjectFacts, suffix: string, store: ObjectStore): Promise<Found> {
  const start = await startOfSeen(object, MAX_INSTRUCTION_FILE_BYTES, store);
  if (start.status === 'refused') return found({ kind: 'unreadable', why: start.why });
  const body = instructionFileText(start.bytes, facts.size);
  if ('why' in body) return found({ kind: 'malformed', why: body.why });
  const own = classifySidecar(facts, body.text, suffix);
  if (own.kind !== 'instruction-file') return found(own);
  const partner = await store.head({ bucket: object.bucket, key: own.of });
  const partnerFacts = partner.status === 'found' ? factsOf({ key: own.of, head: partner.head }) : undefined;
  const together = partnerFacts && classifyInstructionFile(body.text, partnerFacts);
  // What does not fit may be of the object that is there still: the one it belongs to may be about to take its place.
  return foundBeside(together?.kind === 'envelope' ? together : own);
}

/** Of the very object that was seen. */
async function startOfSeen({ content, head }: SealedObject, bytes: number, store: ObjectStore) {
  const start = await store.readStart(content, bytes, head?.etag);
  if (start.status === 'read' || start.status === 'refused') return start;
  throw new RetryableError('The object was overwritten or deleted while its envelope was looked for; it is looked at anew');
}

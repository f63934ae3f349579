/** What must hold in every schedule, whatever goes wrong in it. */
export const INVARIANTS = {
  'bytes lost': 'no version’s bytes are ever lost',
  'deleted unjudged': 'nothing is deleted, hidden or replaced that the rule of now accepts, or whose instruction file may still come',
  'deleted unconfirmed': 'nothing is deleted or replaced before HEAD was answered for its copy',
  'deleted without receipt': 'nothing is deleted or replaced before its receipt is written',
  'left behind': 'metadata, tags and annotations that an object had when the invocation that moved it began are those of a copy',
  'compliant touched': 'a compliant object is neither copied nor tagged nor moved nor encrypted anew',
  'newer overwritten': 'no copy is laid on what somebody else has written meanwhile',
  'not as original': 'what takes the place of an object has its bytes, metadata, tags, annotations and storage class, and is as required',
  'tagged though right': 'nothing that is as required has the tag of a violation, unless its writer put it there',
  'not mended': 'what can be encrypted anew where it is, and is to be, is, and stays where it is',
  'own write not known': 'what the enforcer wrote itself costs one look for each event about it',
  'receipt lies': 'a receipt names a copy of the very object that it says it is of, and what took its place',
  'not in one place': 'no version ends in both places, or in neither, or stays where it must not',
  'message without verdict': 'no message is taken off the queue before a verdict on each of its objects was told, or passed on whole',
  'false verdict': 'no verdict says what is not so, or says it before it can be known',
  untold: 'what was moved or encrypted anew was announced, and every violation once at least',
  'dead for no reason': 'without faults, only what is no event ends in the dead-letter queue',
  'left open': 'without faults, no copy in parts is left open',
  'worked on after its end': 'nothing is asked of S3 for an invocation that Lambda has its answer of',
  'never quiet': 'there is an end to it',
} as const;

export type Invariant = keyof typeof INVARIANTS;

export interface Breach {
  readonly invariant: Invariant;
  readonly what: string;
}

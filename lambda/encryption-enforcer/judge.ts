import { placesOf } from '../../lib/domain/client-side/requirement';
import type { AcceptedEncryption } from '../../lib/domain/requirement';
import { envelopesThatMatter, evaluate, type Verdict } from '../../lib/domain/verdict';
import type { ObjectStore } from '../shared/object-store';
import { evidenceOf, type Found } from './client-side-evidence';
import type { SeenObject } from './observe';

export interface Judgement {
  readonly verdict: Verdict;
  /** It may become another by itself, as the instruction file or the object that it belongs to arrives. */
  readonly mayChange: boolean;
}

export type Judge = (accepted: AcceptedEncryption) => Promise<Judgement>;

/** Judges one object by any rules; what has to be looked at is looked at once, and only where it matters. */
export function judgeOf(object: SeenObject, store: ObjectStore): Judge {
  const looks = new Map<string, Promise<Found>>();
  return async (accepted) => {
    const verdict = evaluate(accepted, object.encryption);
    if (verdict.compliant) return { verdict, mayChange: false };
    const envelopes = envelopesThatMatter(accepted, object.encryption);
    if (envelopes.length === 0) return { verdict, mayChange: false };
    const places = placesOf(envelopes);
    const name = JSON.stringify(places);
    const look = looks.get(name) ?? evidenceOf(object, places, store);
    looks.set(name, look);
    const { evidence, restsOnAnother } = await look;
    const informed = evaluate(accepted, object.encryption, evidence);
    return { verdict: informed, mayChange: restsOnAnother && !informed.compliant };
  };
}

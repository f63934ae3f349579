import { type EnvelopeRequirement, envelopeViolation, placesOf } from '../../lib/domain/client-side/requirement';
import { envelopesToReencrypt, reencryptionTarget } from '../../lib/domain/reencryption';
import type { AcceptedEncryption } from '../../lib/domain/requirement';
import { isEncryptedAs, type TargetEncryption } from '../../lib/domain/target-encryption';
import { envelopesThatMatter, evaluate, type Verdict } from '../../lib/domain/verdict';
import { evidenceOf, type Found } from '../shared/client-side-evidence';
import type { ObjectStore } from '../shared/object-store';
import type { SeenObject } from './observe';

export interface Judgement {
  readonly verdict: Verdict;
  /** It may become another by itself, as the instruction file or the object that it belongs to arrives. */
  readonly mayChange: boolean;
}

/** How S3 could make the object compliant; undefined where it cannot. */
export interface Prospect {
  readonly target: TargetEncryption | undefined;
  /** As of a verdict. */
  readonly mayChange: boolean;
}

/** Judges one object by any rules; what has to be looked at is looked at once, and only where it matters. */
export class Judge {
  private readonly looks = new Map<string, Promise<Found>>();

  constructor(
    private readonly object: SeenObject,
    private readonly store: ObjectStore,
  ) {}

  async judge(accepted: AcceptedEncryption): Promise<Judgement> {
    const { encryption } = this.object;
    const verdict = evaluate(accepted, encryption);
    const found = verdict.compliant ? undefined : await this.lookFor(envelopesThatMatter(accepted, encryption));
    if (found === undefined) return { verdict, mayChange: false };
    const informed = evaluate(accepted, encryption, found.evidence);
    return { verdict: informed, mayChange: found.restsOnAnother && !informed.compliant };
  }

  async prospect(accepted: AcceptedEncryption): Promise<Prospect> {
    const envelopes = envelopesToReencrypt(accepted);
    const found = await this.lookFor(envelopes);
    const target = reencryptionTarget(accepted, found?.evidence);
    const isMet = envelopes.some((each) => envelopeViolation(each, found?.evidence) === undefined);
    // What is encrypted so already, and wrong all the same, would be so again, and again.
    const leadsOn = target !== undefined && !isEncryptedAs(target, this.object.encryption);
    return { target: leadsOn ? target : undefined, mayChange: found?.restsOnAnother === true && !isMet };
  }

  private async lookFor(envelopes: readonly EnvelopeRequirement[]): Promise<Found | undefined> {
    if (envelopes.length === 0) return undefined;
    const { bucket, key, versionId, head } = this.object;
    const places = placesOf(envelopes);
    const name = JSON.stringify(places);
    const look = this.looks.get(name) ?? evidenceOf({ bucket, key, content: { bucket, key, versionId }, head }, places, this.store);
    this.looks.set(name, look);
    return look;
  }
}

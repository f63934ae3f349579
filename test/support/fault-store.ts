import type { CopiedPart, MultipartCopy, TargetCondition } from '../../lambda/shared/object-store';
import { InMemoryObjectStore } from './in-memory-object-store';

/** The parts of a copy may be named in any order: S3 wants them in theirs, and `S3ObjectStore` puts them so. */
export class FaultStore extends InMemoryObjectStore {
  override completeCopy(copy: MultipartCopy, parts: readonly CopiedPart[], abort?: AbortSignal, condition?: TargetCondition) {
    return super.completeCopy(
      copy,
      [...parts].sort((a, b) => a.number - b.number),
      abort,
      condition,
    );
  }
}

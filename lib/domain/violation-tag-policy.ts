import { VIOLATION_TAG } from './contract';
import { denyStatement, exceptBy, type PolicyStatementJson } from './policy-statement';

/** By ARN, since a reference to a role of another stack would be cyclic. */
export interface ViolationTagPrincipals {
  /** It sets and removes the tag. */
  readonly enforcer: string;
  /** They read tagged objects; the enforcer is one of them. */
  readonly readers: readonly string[];
  /** They bring tags along with replicas, from buckets where anybody may have set them. */
  readonly replicationRoles: readonly string[];
}

/** Reads of content; S3 asks for GetObject when object attributes or torrents are read, too. */
const READS = ['s3:GetObject', 's3:GetObjectVersion', 's3:GetObjectAnnotation', 's3:GetObjectVersionAnnotation'] as const;
const PUT_TAGS = ['s3:PutObjectTagging', 's3:PutObjectVersionTagging'] as const;
const DELETE_TAGS = ['s3:DeleteObjectTagging', 's3:DeleteObjectVersionTagging'] as const;

/**
 * Quarantine in place: an object with the violation tag is closed, and the tag is the enforcer's alone. What S3 has no such
 * condition for stays open: deleting, overwriting, and replicating the object (`s3:GetObjectVersionForReplication`).
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/tagging-and-policies.html
 */
export function violationTagStatements(bucketArn: string, principals: ViolationTagPrincipals): PolicyStatementJson[] {
  const { enforcer, readers, replicationRoles } = principals;
  const objects = { Resource: [`${bucketArn}/*`] };
  const tagged = { Null: { [`s3:ExistingObjectTag/${VIOLATION_TAG}`]: 'false' } };
  // Names of condition keys are read without regard to case, so a tag in other case would close the object as well.
  const tagging = { 'ForAnyValue:StringEqualsIgnoreCase': { 's3:RequestObjectTagKeys': [VIOLATION_TAG] } };
  const deny = (sid: string, actions: readonly string[], condition: object, allowed: readonly string[]) =>
    denyStatement({ sid, actions, condition: { ...condition, ...exceptBy(allowed) } }, objects);
  return [
    deny('DenyReadsOfTaggedObjects', READS, tagged, readers),
    deny('DenyTaggingOfTaggedObjects', [...PUT_TAGS, ...DELETE_TAGS], tagged, [enforcer]),
    deny('DenyViolationTagByOthers', ['s3:PutObject', ...PUT_TAGS], tagging, [enforcer]),
    replicationRoles.length > 0
      ? deny('DenyReplicatedTagsByOthers', ['s3:ReplicateTags'], {}, replicationRoles)
      : denyStatement({ sid: 'DenyReplicatedTagsByOthers', actions: ['s3:ReplicateTags'] }, objects),
  ];
}

import { denyStatement, exceptBy, type PolicyStatementJson, type StatementResource } from './policy-statement';

/**
 * Who may touch a quarantine bucket: only the enforcer writes, and what releases its records; only named roles read. Objects leave by lifecycle, which
 * no bucket policy binds. Principals are compared by `aws:PrincipalArn`, which for a session is its role's ARN.
 */
export function quarantinePolicyStatements(
  bucketArn: string,
  changerArns: readonly string[],
  readerArns: readonly string[],
): PolicyStatementJson[] {
  return [
    denyOthers('DenyChangesByOthers', CHANGES, `${bucketArn}/*`, changerArns),
    denyOthers('DenyReadsByOthers', ['s3:GetObject*', 's3:ListMultipartUploadParts'], `${bucketArn}/*`, readerArns),
    // Keys in quarantine contain the names of the originals.
    denyOthers('DenyListingByOthers', ['s3:ListBucket', 's3:ListBucketVersions', 's3:ListBucketMultipartUploads'], bucketArn, readerArns),
  ];
}

/**
 * What the role that releases and discards may change, once it is among those who may at all: it writes records, of which it is the only writer,
 * and deletes versions of copies. Receipts stay the enforcer's alone, so that one that is there is one that the enforcer wrote.
 */
export function releasePolicyStatements(bucketArn: string, releaseArn: string): PolicyStatementJson[] {
  const records = [`${bucketArn}/releases/*`, `${bucketArn}/discards/*`];
  const byRelease = { ArnEquals: { 'aws:PrincipalArn': releaseArn } };
  const deny = (sid: string, actions: readonly string[], where: StatementResource) =>
    denyStatement({ sid, actions, condition: byRelease }, where);
  return [
    deny('DenyReleaseToWriteElsewhere', WRITES, { NotResource: records }),
    deny('DenyReleaseToDeleteElsewhere', ['s3:DeleteObjectVersion'], { NotResource: [`${bucketArn}/objects/*`] }),
    deny('DenyReleaseToDeleteOtherwise', ['s3:DeleteObject', 's3:DeleteObjectTagging', 's3:DeleteObjectVersionTagging'], {
      Resource: [`${bucketArn}/*`],
    }),
    denyStatement({ sid: 'DenyRecordsByOthers', actions: CHANGES, condition: exceptBy([releaseArn]) }, { Resource: records }),
  ];
}

const WRITES = ['s3:PutObject*', 's3:Replicate*', 's3:AbortMultipartUpload', 's3:UpdateObjectEncryption'] as const;
const CHANGES = ['s3:PutObject*', 's3:DeleteObject*', 's3:Replicate*', 's3:AbortMultipartUpload', 's3:UpdateObjectEncryption'] as const;

function denyOthers(sid: string, actions: readonly string[], resource: string, allowed: readonly string[]): PolicyStatementJson {
  return denyStatement({ sid, actions, condition: exceptBy(allowed) }, { Resource: [resource] });
}

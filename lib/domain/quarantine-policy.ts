import { denyStatement, exceptBy, type PolicyStatementJson } from './policy-statement';

/**
 * Who may touch a quarantine bucket: only the enforcer writes, only named roles read. Objects leave by lifecycle, which
 * no bucket policy binds. Principals are compared by `aws:PrincipalArn`, which for a session is its role's ARN.
 */
export function quarantinePolicyStatements(bucketArn: string, enforcerArn: string, readerArns: readonly string[]): PolicyStatementJson[] {
  const changes = ['s3:PutObject*', 's3:DeleteObject*', 's3:Replicate*', 's3:AbortMultipartUpload', 's3:UpdateObjectEncryption'];
  return [
    denyOthers('DenyChangesByOthers', changes, `${bucketArn}/*`, [enforcerArn]),
    denyOthers('DenyReadsByOthers', ['s3:GetObject*', 's3:ListMultipartUploadParts'], `${bucketArn}/*`, readerArns),
    // Keys in quarantine contain the names of the originals.
    denyOthers('DenyListingByOthers', ['s3:ListBucket', 's3:ListBucketVersions', 's3:ListBucketMultipartUploads'], bucketArn, readerArns),
  ];
}

function denyOthers(sid: string, actions: string[], resource: string, allowed: readonly string[]): PolicyStatementJson {
  return denyStatement({ sid, actions, condition: exceptBy(allowed) }, { Resource: [resource] });
}

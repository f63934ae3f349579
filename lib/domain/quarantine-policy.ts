import type { PolicyStatementJson } from './bucket-policy';

/**
 * Who may touch a quarantine bucket: only the enforcer writes, only named roles read. Objects leave by lifecycle, which
 * no bucket policy binds. Principals are compared by `aws:PrincipalArn`, which for a session is its role's ARN.
 */
export function quarantinePolicyStatements(bucketArn: string, enforcerArn: string, readerArns: readonly string[]): PolicyStatementJson[] {
  const changes = ['s3:PutObject*', 's3:DeleteObject*', 's3:ReplicateObject', 's3:ReplicateDelete', 's3:UpdateObjectEncryption'];
  return [
    denyOthers('DenyChangesByOthers', changes, bucketArn, [enforcerArn]),
    denyOthers('DenyReadsByOthers', ['s3:GetObject*'], bucketArn, readerArns),
  ];
}

function denyOthers(sid: string, actions: string[], bucketArn: string, allowed: readonly string[]): PolicyStatementJson {
  return {
    Sid: sid,
    Effect: 'Deny',
    Principal: { AWS: '*' },
    Action: actions,
    Resource: [`${bucketArn}/*`],
    Condition: { ArnNotEquals: { 'aws:PrincipalArn': allowed } },
  };
}

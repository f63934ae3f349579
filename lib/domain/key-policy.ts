/**
 * A grant lets its holder use a key past the key policy. S3 needs none, so grants are left to AWS services; Control Tower's
 * rule CT.KMS.PR.3 wants exactly this condition.
 */
export function denyGrantsStatement() {
  return {
    Sid: 'DenyGrantsNotForAwsServices',
    Effect: 'Deny',
    Principal: { AWS: '*' },
    Action: ['kms:CreateGrant'],
    Resource: ['*'],
    Condition: { BoolIfExists: { 'kms:GrantIsForAWSResource': 'false', 'aws:PrincipalIsAWSService': 'false' } },
  } as const;
}

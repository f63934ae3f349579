import type { CfnKey } from 'aws-cdk-lib/aws-kms';
import { CrossAccountKey, type CrossAccountKeyProps } from '../../lib';
import { findingsOf } from '../support/judges';
import { DATA_ACCOUNT, KEY_ACCOUNT, stackIn } from '../support/key-world';
import { newApp } from '../support/stacks';

const BUCKETS = ['arn:aws:s3:::records'];
const KEYS: readonly (readonly [string, CrossAccountKeyProps])[] = [
  ['accounts', { bucketArns: BUCKETS, consumerAccounts: [DATA_ACCOUNT, KEY_ACCOUNT] }],
  ['an organization', { bucketArns: BUCKETS, organizationId: 'o-a1b2c3d4e5', alias: 'records' }],
  [
    'accounts, with all that can be said',
    {
      bucketArns: BUCKETS,
      consumerAccounts: [DATA_ACCOUNT],
      keyAdministrators: [`arn:aws:iam::${KEY_ACCOUNT}:role/admin`],
      trailingDaysWithoutKeyUsage: 90,
      multiRegion: true,
      replicaRegions: ['us-east-1', 'ap-southeast-2'],
    },
  ],
];

/** cdk-nag's six packs and Control Tower's rules, KMS.PR.1 and KMS.PR.3 among them. */
const findings = (props: CrossAccountKeyProps, change?: (key: CfnKey) => void) => {
  const app = newApp();
  const { node } = new CrossAccountKey(stackIn(app, 'Keys', KEY_ACCOUNT), 'Key', props);
  change?.(node.findChild('Resource') as CfnKey);
  return findingsOf(app);
};

test.each(KEYS)('cdk-nag and Control Tower find nothing in a key for %s', (_, props) => {
  expect(findings(props)).toEqual([]);
});

test('they look: a key that does not rotate, or lets grants be given, is found', () => {
  const [[, props]] = KEYS as [(typeof KEYS)[number]];
  const found = findings(props, (key) => {
    key.enableKeyRotation = false;
    key.keyPolicy = { Version: '2012-10-17', Statement: [] };
  });
  const rules = new Set(found.map(({ id }) => id));
  expect([...rules].sort()).toEqual([
    'AwsSolutions-KMS5',
    'NIST.800.53.R4-KMSBackingKeyRotationEnabled',
    'NIST.800.53.R5-KMSBackingKeyRotationEnabled',
    'PCI.DSS.321-KMSBackingKeyRotationEnabled',
    'cdk-validator-cfnguard::kms_create_grant_aws_service_check',
    'cdk-validator-cfnguard::kms_key_rotation_enabled_check',
  ]);
});

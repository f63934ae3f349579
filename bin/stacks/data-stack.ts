import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { EncryptedBucket } from '../../lib';

/** The data account: one guarded bucket with all defaults. */
export class DataStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    const data = new EncryptedBucket(this, 'Data');
    new CfnOutput(this, 'BucketName', { value: data.bucket.bucketName });
    new CfnOutput(this, 'QuarantineBucketName', { value: data.enforcer.quarantineBucket.bucketName });
  }
}

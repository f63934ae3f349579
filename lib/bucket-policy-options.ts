/** The oldest version of TLS that clients may use. */
export enum MinimumTlsVersion {
  /** What S3 offers everywhere. */
  TLS_1_2 = '1.2',
  /**
   * Locks out clients that reach S3 by AWS PrivateLink or a Multi-Region Access Point, which do not offer it
   * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingEncryptionInTransit.html).
   */
  TLS_1_3 = '1.3',
}

/** What a bucket policy says besides encryption. */
export interface BucketPolicyOptions {
  /**
   * The oldest version of TLS that clients may use.
   *
   * @default MinimumTlsVersion.TLS_1_2
   */
  readonly minimumTlsVersion?: MinimumTlsVersion;

  /**
   * ARNs of the roles and users that may change what protects the bucket: its policy, default encryption, versioning, notifications, public access
   * block, ownership controls, lifecycle and replication, and that may delete the bucket. Nobody else may, except the role that deploys the
   * bucket's stack, and the account's root user, who can always delete the policy. For a bucket that is not part of this app, name the role
   * that deploys it as well; to deploy with another role from now on, name that role one deployment before.
   *
   * @default - whoever IAM allows
   */
  readonly configurationAdmins?: string[];
}

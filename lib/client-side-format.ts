/** How a client leaves word that it has encrypted an object: what `ObjectEncryption.clientSide()` looks for. */
export enum ClientSideFormat {
  /**
   * The Amazon S3 Encryption Client: its envelope lies in the metadata of the object, or in an instruction file beside it.
   * (https://docs.aws.amazon.com/amazon-s3-encryption-client/latest/developerguide/what-is-s3-encryption-client.html)
   */
  S3_ENCRYPTION_CLIENT = 'Amazon S3 Encryption Client',

  /**
   * The AWS Encryption SDK: the object is one message, whose header says how it is encrypted.
   * (https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/message-format.html)
   */
  ENCRYPTION_SDK = 'AWS Encryption SDK',
}

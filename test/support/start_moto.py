"""Starts the moto server with one thing that AWS does and moto 5.2.5 does not.

On AWS, HEAD and GET of a DSSE-KMS object name its key, as they do under SSE-KMS
(https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html, x-amz-server-side-encryption-aws-kms-key-id). moto takes
the key from the upload or from the default of the bucket and keeps it with the object, but names it under `aws:kms` only.
Where it is missing it is added here, from what moto keeps, and said so, once.
"""

from moto.s3.models import FakeKey
from moto.server import main

KEY_HEADER = "x-amz-server-side-encryption-aws-kms-key-id"
headers_of = FakeKey.response_dict.fget
told = False


def headers_with_key(self):
    global told
    headers = headers_of(self)
    if self.encryption != "aws:kms:dsse" or self.kms_key_id is None or KEY_HEADER in headers:
        return headers
    if not told:
        print("worked around: moto keeps the key of a DSSE-KMS object, and does not report it; added (test/support/start_moto.py)", flush=True)
        told = True
    return {**headers, KEY_HEADER: self.kms_key_id}


FakeKey.response_dict = property(headers_with_key)
main()

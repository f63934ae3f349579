import type { EventBridgeClientConfig } from '@aws-sdk/client-eventbridge';

/**
 * The function's credentials, and nobody else's. In the bundle this stands in for `@aws-sdk/credential-provider-node`
 * (lambda/replaced-modules.mjs), hence its name. Read at each request: nothing here can grow old.
 *
 * Lambda puts them here: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
export const defaultProvider = (() => async () => {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken } = process.env;
  const missing = Object.entries({ AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }).filter(([, value]) => !value);
  if (!accessKeyId || !secretAccessKey) {
    throw new Error(
      `There are no AWS credentials: ${missing.map(([name]) => name).join(' and ')} not set. This bundle reads them from the ` +
        'environment, where Lambda puts them, and knows no profile, SSO, container or instance credentials. Set both variables.',
    );
  }
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
}) satisfies EventBridgeClientConfig['credentialDefaultProvider'];

import { devNull } from 'node:os';
import { delimiter, dirname } from 'node:path';

/** Twelve digits as access key id make an account of their own in the engine. */
export const ENGINE_ACCOUNT = '111111111111';
/** Neighbour of that account, for keys that are not its own. */
export const FOREIGN_ACCOUNT = '222222222222';
/** Where key and data are in accounts of their own, neither of them. */
export const THIRD_ACCOUNT = '333333333333';
export const ENGINE_REGION = 'eu-west-1';
/** The engine takes any. */
const SECRET = 'local-engine';

/** Node 20 is supported here for as long as the SDK runs on it; each of its warnings would stand in the midst of the output. */
const NO_SDK_WARNING = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };

/**
 * What a client needs to reach the engine, and nothing of the person's own AWS setting: with no profile, no real
 * credentials and no configuration file left, a real account cannot be touched by mistake.
 */
export function clientEnvironment(endpoint: string, own: NodeJS.ProcessEnv = process.env, region = ENGINE_REGION): NodeJS.ProcessEnv {
  const kept = Object.entries(own).filter(([name]) => !/^(AWS|CDK)_/.test(name));
  const noProxy = [own['NO_PROXY'], '127.0.0.1', new URL(endpoint).hostname].filter(Boolean).join(',');
  return {
    ...Object.fromEntries(kept),
    AWS_ENDPOINT_URL: endpoint,
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: ENGINE_ACCOUNT,
    AWS_SECRET_ACCESS_KEY: SECRET,
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: 'true',
    ...NO_SDK_WARNING,
    NO_PROXY: noProxy,
    no_proxy: noProxy,
  };
}

/** Makes an environment that of this process: clients in it read theirs from there. */
export function useEnvironment(environment: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) {
    if (!(name in environment)) delete process.env[name];
  }
  Object.assign(process.env, environment);
}

/** From then on, clients of this process are of that account. */
export function useAccount(account: string): void {
  process.env['AWS_ACCESS_KEY_ID'] = account;
}

/** For one client of another account. */
export function credentialsOf(account: string): { readonly accessKeyId: string; readonly secretAccessKey: string } {
  return { accessKeyId: account, secretAccessKey: SECRET };
}

/** The engine gets a short list instead: its functions inherit what it has. */
export function engineProcessEnvironment(port: number, temp: string): NodeJS.ProcessEnv {
  return {
    // It runs functions with the first `node` it finds: ours.
    PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter),
    HOME: temp,
    TMPDIR: temp,
    LANG: 'C.UTF-8',
    PYTHONUNBUFFERED: '1',
    GATEWAY_PORT: String(port),
    BIND_HOST: '127.0.0.1',
    MINISTACK_REGION: ENGINE_REGION,
    // It would listen on 0.0.0.0:8883, where a second engine gets in its way.
    IOT_MTLS_ENABLED: '0',
    LAMBDA_EXECUTOR: 'local',
    ...NO_SDK_WARNING,
  };
}

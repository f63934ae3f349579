import { defaultProvider } from '../../lambda/shared/environment-credentials';

const LAMBDA = { AWS_ACCESS_KEY_ID: 'ASIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'token' };
const NAMES = Object.keys(LAMBDA);
const before = { ...process.env };

/** Nothing else of the machine's environment may matter, so it is set to what would tempt the SDK's own chain. */
function environment(values: Partial<typeof LAMBDA>) {
  for (const name of NAMES) delete process.env[name];
  Object.assign(process.env, values, { AWS_PROFILE: 'somebody', AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://127.0.0.1:9/' });
}

afterEach(() => {
  for (const name of [...NAMES, 'AWS_PROFILE', 'AWS_CONTAINER_CREDENTIALS_FULL_URI']) delete process.env[name];
  Object.assign(process.env, before);
});

test("the function's own credentials are those of its environment", async () => {
  environment(LAMBDA);
  expect(await defaultProvider()()).toEqual({ accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' });
});

test('credentials of a user have no session token', async () => {
  environment({ AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' });
  expect(await defaultProvider()()).toEqual({ accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' });
});

test('they are read anew each time', async () => {
  const provider = defaultProvider();
  environment(LAMBDA);
  await provider();
  environment({ ...LAMBDA, AWS_ACCESS_KEY_ID: 'ASIALATER' });
  expect(await provider()).toMatchObject({ accessKeyId: 'ASIALATER' });
});

test.each([
  ['AWS_ACCESS_KEY_ID', { AWS_SECRET_ACCESS_KEY: 'secret' }],
  ['AWS_SECRET_ACCESS_KEY', { AWS_ACCESS_KEY_ID: 'ASIAEXAMPLE', AWS_SECRET_ACCESS_KEY: '' }],
  ['AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY', {}],
])('without %s the error says so, where they come from, and what is not looked at', async (missing, values) => {
  environment(values);
  await expect(defaultProvider()()).rejects.toThrow(
    new RegExp(`${missing} not set\\..*environment, where Lambda puts them.*no profile, SSO, container or instance`),
  );
});

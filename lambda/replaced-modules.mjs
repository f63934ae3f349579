// What a bundle has instead of a module of the SDK, and the proof that it has: an upgrade of the SDK that moves such a
// module must fail the build, not let the bundle grow again or do without.
import { join } from 'node:path';

/** Module → file of ours with the same exports, from the folder `lambda`. Reasons: docs/decisions/0006-slim-bundle.md. */
const REPLACEMENTS = { '@aws-sdk/credential-provider-node': 'shared/environment-credentials.ts' };

/** What those modules alone bring along. */
const GONE = [
  ...Object.keys(REPLACEMENTS),
  ...['ini', 'process', 'sso', 'web-identity', 'login', 'http'].map((name) => `@aws-sdk/credential-provider-${name}`),
  '@aws-sdk/nested-clients',
  '@aws-sdk/token-providers',
  '@smithy/credential-provider-imds',
  // Comes with the CommonJS build of the SDK only: if it is here, `mainFields` has lost its effect.
  'bowser',
];

/** esbuild's plugin. */
export function replaceModules(folder) {
  return {
    name: 'replace-modules',
    setup(build) {
      for (const [module, file] of Object.entries(REPLACEMENTS)) {
        build.onResolve({ filter: new RegExp(`^${module}(/|$)`) }, ({ path, importer }) => {
          if (path === module) return { path: join(folder, file) };
          // Part of a replaced module, which its replacement does not have.
          return { errors: [{ text: `${importer} imports ${path}, for which lambda/replaced-modules.mjs has nothing.` }] };
        });
      }
    },
  };
}

/** @throws Error that says what is in the bundle and should not be, or the other way round */
export function requireReplaced(name, { outputs }) {
  // What was read and left out again counts for nothing.
  const used = Object.values(outputs).flatMap(({ inputs }) => Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0));
  const paths = used.map(([path]) => path);
  const has = (module) => paths.some((path) => path.includes(`node_modules/${module}/`));
  const back = GONE.filter(has);
  if (back.length > 0) {
    throw new Error(`The bundle of ${name} contains ${back.join(', ')} (see lambda/replaced-modules.mjs). Has the SDK moved a module?`);
  }
  if (!paths.some((path) => path.includes('node_modules/@aws-sdk/client-'))) return;
  const idle = Object.entries(REPLACEMENTS).filter(([, file]) => !paths.includes(`lambda/${file}`));
  if (idle.length > 0) {
    const modules = idle.map(([module]) => module).join(', ');
    throw new Error(`No client in the bundle of ${name} imports ${modules} any more. Mend lambda/replaced-modules.mjs.`);
  }
}

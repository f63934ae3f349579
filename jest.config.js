const common = {
  moduleFileExtensions: ['ts', 'js', 'json', 'node'],
  transform: { '^.+\\.ts$': '<rootDir>/test/support/esbuild-transform.js' },
  testEnvironment: 'node',
};

/** Two projects: `unit` needs nothing but Node, `emulator` runs the real bundle on a local engine. */
module.exports = {
  // Each processor its worker; and a fresh one once many suites have grown its heap, which makes the long ones several times as slow.
  maxWorkers: '100%',
  workerIdleMemoryLimit: '700MB',
  testSequencer: '<rootDir>/test/support/long-suites-first.js',
  // Machines differ; a test that hangs still ends.
  testTimeout: 60_000,
  projects: [
    { ...common, displayName: 'unit', testMatch: ['<rootDir>/test/**/*.test.ts'], testPathIgnorePatterns: ['\\.emulator\\.test\\.ts$'] },
    {
      ...common,
      displayName: 'emulator',
      testMatch: ['<rootDir>/test/**/*.emulator.test.ts'],
      globalSetup: '<rootDir>/test/emulator/start-engine.ts',
      globalTeardown: '<rootDir>/test/emulator/stop-engine.ts',
    },
  ],
};

/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/cdk.out', '<rootDir>/dist', '<rootDir>/test/lambda-runtime'],
  // Jest leaves a core unused, which on a machine with two is half of it.
  maxWorkers: '100%',
  // Room, not a limit: no test may depend on how fast the machine is, or how busy.
  testTimeout: 300_000,
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
};

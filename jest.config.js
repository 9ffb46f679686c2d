const shared = {
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': '@swc/jest' },
};

/** Tiers, which test/run.ts runs one after another, each with limits of its own. */
export default {
  projects: ['unit', 'integration', 'e2e', 'e2e-redpanda'].map((tier) => ({
    ...shared,
    testEnvironment: tier === 'integration' ? '<rootDir>/test/runner/integration-environment.mts' : 'node',
    displayName: tier,
    testMatch: [`<rootDir>/test/${tier}/**/*.test.ts`],
  })),
  testTimeout: 60_000,
};

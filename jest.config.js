const shared = {
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': '@swc/jest' },
};

/** The tiers that test/run.ts runs one after another, each with its own limits. */
export default {
  projects: ['unit', 'integration', 'e2e', 'e2e-redpanda', 'gitops'].map((tier) => ({
    ...shared,
    testEnvironment: tier === 'integration' ? '<rootDir>/test/runner/integration-environment.mts' : 'node',
    displayName: tier,
    testMatch: [`<rootDir>/test/${tier}/**/*.test.ts`],
  })),
  testTimeout: 60_000,
};

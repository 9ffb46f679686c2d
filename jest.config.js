const shared = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': '@swc/jest' },
};

/** Three tiers, which test/run.ts runs one after another, each with limits of its own. */
export default {
  projects: ['unit', 'integration', 'e2e'].map((tier) => ({
    ...shared,
    displayName: tier,
    testMatch: [`<rootDir>/test/${tier}/**/*.test.ts`],
  })),
  testTimeout: 60_000,
};

const shared = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': '@swc/jest' },
};

/** How long a test and a hook may take. It ends what hangs, and says nothing about how fast anything should be. */
const limits = { unit: 60_000, integration: 60_000, e2e: 180_000 };

/** Three tiers, which test/run.ts runs one after another. */
export default {
  projects: Object.entries(limits).map(([tier, testTimeout]) => ({
    ...shared,
    displayName: tier,
    testMatch: [`<rootDir>/test/${tier}/**/*.test.ts`],
    testTimeout,
  })),
};

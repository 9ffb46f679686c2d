import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

export default defineConfig(
  globalIgnores(['dist/', 'build/', 'coverage/']),
  tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: ['*.config.js'] } } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
      eqeqeq: 'error',
    },
  },
  {
    // The environment is read in one place each: the programs' configuration, and the local cluster's settings.
    files: ['src/**/*.ts', 'localcluster/**/*.ts'],
    ignores: ['src/*/configuration.ts', 'localcluster/settings.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'Read it in configuration.ts of the program, or in localcluster/settings.ts.',
        },
      ],
    },
  },
  // Jest takes its configuration, its reporters, its sequencer and its environments as default exports only.
  {
    files: ['*.config.js', 'test/runner/{reporter,longest-first}.ts', 'test/runner/integration-environment.mts'],
    rules: { 'no-restricted-exports': 'off' },
  },
);

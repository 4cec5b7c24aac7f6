import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['lib', 'node_modules'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { project: './tsconfig.tests.json', tsconfigRootDir: import.meta.dirname }
    },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      'no-eval': 'error',
      'no-implied-eval': 'off',
      '@typescript-eslint/no-implied-eval': 'error',
      'max-lines': ['error', 400],
      'max-lines-per-function': ['error', 50],
      'max-params': ['error', 4],
      // Nothing that is rendered is markup.
      'no-restricted-properties': [
        'error',
        ...['innerHTML', 'outerHTML', 'insertAdjacentHTML'].map(property => ({ property })),
        { object: 'document', property: 'write' }
      ],
      // A signal's slot is given its `this` beside it.
      '@typescript-eslint/unbound-method': 'off',
      // Numbers read well in a template as they are.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // A handler that gives nothing back may be one expression.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true, ignoreVoidOperator: true }]
    }
  },
  // A test's cases stand beside each other.
  { files: ['tests/**'], rules: { 'max-lines-per-function': 'off' } },
  { files: ['**/*.mjs', '**/*.js', '**/*.cjs', 'vitest.config.ts'], extends: [tseslint.configs.disableTypeChecked], languageOptions: { parserOptions: { project: null } } }
);

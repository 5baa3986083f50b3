import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const worldBans = [
  { name: 'fetch', message: 'The network comes in through a port.' },
  { name: 'Date', message: 'Time comes in through the clock port.' },
  { name: 'setTimeout', message: 'Time comes in through the clock port.' },
  { name: 'setInterval', message: 'Time comes in through the clock port.' },
  { name: 'document', message: 'No DOM here.' },
  { name: 'window', message: 'No DOM here.' },
  { name: 'localStorage', message: 'No DOM here.' },
];

/** `import { type B }` alone still loads the module: types come by a statement of their own. */
const INLINE_TYPE_IMPORT = {
  selector: 'ImportDeclaration[importKind="value"] ImportSpecifier[importKind="type"]',
  message: 'Import types by a statement of their own: import type { ... }.',
};

export default defineConfig(
  { ignores: ['out', 'dist', 'coverage', 'reports', 'node_modules'] },
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        // It loads the window's components, so the renderer's tsconfig checks it.
        projectService: { allowDefaultProject: ['test/renderer/gallery/main.ts'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportAllDeclaration', message: 'No barrel files: they hide direction.' },
        { selector: 'TSEnumDeclaration', message: 'Literal unions instead of enums.' },
        INLINE_TYPE_IMPORT,
      ],
      'no-console': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: ['main/util/**/*.ts', 'main/protocol/**/*.ts', 'main/accounts/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', ...worldBans],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Chance comes in through the random port.' },
      ],
    },
  },
  {
    // It says moments in local time, so it may make a Date of a given one; what time it is comes in as an argument.
    files: ['common/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', ...worldBans.filter(({ name }) => name !== 'Date')],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'The time comes in as an argument.' },
        { object: 'Math', property: 'random', message: 'Chance comes in as an argument.' },
      ],
    },
  },
  {
    files: ['test/**/*.ts', 'tools/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'MemberExpression[object.name=/^(test|it|describe)$/][property.name=/^(only|skip|todo)$/]',
          message: 'No focused or disabled tests.',
        },
        INLINE_TYPE_IMPORT,
      ],
    },
  },
  {
    // A test file's describe is as long as its tests.
    files: ['**/*.{ts,tsx}'],
    ignores: ['**/*.{test,spec}.ts'],
    rules: {
      'max-lines-per-function': ['error', { max: 50, skipBlankLines: true, skipComments: true }],
    },
  },
  { files: ['**/*.{js,cjs}'], extends: [tseslint.configs.disableTypeChecked] },
);

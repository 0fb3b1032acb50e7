import tseslint from 'typescript-eslint';

// VS Code's own calls answer `Thenable`s, which the floating-promise rule sees only with `checkThenables`.
const promises = {
  '@typescript-eslint/no-floating-promises': ['error', { checkThenables: true }],
  '@typescript-eslint/no-misused-promises': 'error',
};

const text = ':matches(CallExpression[callee.name="t"], CallExpression[callee.property.name="t"])';

/** What a text needs: the exporter reads literals only, and a translator sees neither the code nor the screen. */
const translatable = [
  {
    selector: `${text}:not([arguments.0.type=/^(Literal|ObjectExpression)$/])`,
    message: 'Pass the text as a literal, or as { message, args, comment }: the exporter reads nothing else.',
  },
  {
    selector: `${text} > ObjectExpression.arguments:not(:has(> Property[key.name="message"][value.type="Literal"] ~ Property[key.name="comment"][value.type=/^(ArrayExpression|Literal)$/]))`,
    message:
      'Give message as a literal and, after it, a literal comment: the exporter reads no other object.',
  },
  {
    selector: `${text} > Literal:first-child[value=/\\{\\w+\\}[^]*\\{\\w+\\}/]`,
    message: 'Two placeholders need names and a comment for translators: t({ message, args, comment }).',
  },
  {
    selector: `${text} > Literal:first-child[value=/^\\S+(\\s+\\S+)?$/]`,
    message:
      'One or two words need a comment for translators that says where they are shown: t({ message, comment }).',
  },
];

export default tseslint.config(
  { ignores: ['dist/', 'out/', 'node_modules/', '.vscode-test/', 'scripts/', '*.js', '*.mjs', '*.cjs'] },
  {
    files: ['src/**/*.ts', 'simulator/**/*.ts', 'test/**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        project: [
          './tsconfig.json',
          './simulator/tsconfig.json',
          './src/webview/tsconfig.json',
          './test/integration/tsconfig.json',
        ],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error', noInlineConfig: true },
    rules: {
      ...promises,
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'no-console': 'error',
      eqeqeq: 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: ['src/core/**/*.ts'],
    rules: {
      // core could run in a browser, and in a test that moves its clock by hand.
      'no-restricted-globals': [
        'error',
        'process',
        'Buffer',
        'setTimeout',
        'setInterval',
        'setImmediate',
        'clearTimeout',
        'clearInterval',
        'fetch',
        'console',
        'require',
        '__dirname',
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Ask the Clock.' },
        { object: 'Math', property: 'random', message: 'Take randomness as an argument.' },
      ],
    },
  },
  { files: ['src/**/*.ts'], rules: { 'no-restricted-syntax': ['error', ...translatable] } },
);

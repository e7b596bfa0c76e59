import next from "@next/eslint-plugin-next";
import parser from "@typescript-eslint/parser";

export default [
  {
    files: ["**/*.{ts,tsx,js,jsx,mjs,cjs}"],
    languageOptions: { parser, parserOptions: { ecmaFeatures: { jsx: true } } },
    plugins: { "@next/next": next },
    rules: next.configs.recommended.rules,
  },
];

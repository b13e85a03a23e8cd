import type { CodegenConfig } from "@graphql-codegen/cli";

// Types of every document in src/, from the server's own schema. Not committed: `npm run generate` makes them.
const config: CodegenConfig = {
  schema: "../api/schema.graphql",
  documents: ["src/**/*.{ts,tsx}", "!src/api/generated/**"],
  ignoreNoDocuments: true,
  generates: {
    "src/api/generated/": {
      preset: "client",
      presetConfig: { fragmentMasking: false },
      config: {
        documentMode: "string",
        useTypeImports: true,
        enumsAsTypes: true,
        strictScalars: true,
        scalars: { BigInt: "number", DateTime: "string", JSON: "unknown" },
      },
    },
  },
};

export default config;

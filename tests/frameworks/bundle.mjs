// Bundles an app for the browser: `node bundle.mjs APP OUT`, run where the frameworks are installed.
// SOURCES names the repository's folder, PACKAGE that of the package.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(join(process.cwd(), "package.json"));
const { build } = require("esbuild");
const { compileScript, parse } = require("vue/compiler-sfc");
const [app, outfile] = process.argv.slice(2);

// What a bundler's Vue plugin does, for a component without a style.
const vue = {
  name: "vue",
  setup({ onLoad }) {
    onLoad({ filter: /\.vue$/ }, async ({ path }) => {
      const { descriptor } = parse(await readFile(path, "utf8"));
      const isCustomElement = (tag) => tag === "article-widget";
      const templateOptions = { compilerOptions: { isCustomElement } };
      const { content } = compileScript(descriptor, { id: "article", inlineTemplate: true, templateOptions });
      return { contents: content, loader: "ts" };
    });
  },
};

await build({
  entryPoints: [app],
  outfile,
  bundle: true,
  format: "iife",
  jsx: "automatic",
  define: { "process.env.NODE_ENV": '"development"', __VUE_OPTIONS_API__: "true", __VUE_PROD_DEVTOOLS__: "false", __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false" },
  alias: { "article-widget": join(process.env.PACKAGE, "index.js") },
  nodePaths: [join(process.cwd(), "node_modules")],
  plugins: [vue],
  logLevel: "warning",
});

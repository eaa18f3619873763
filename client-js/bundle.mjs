// Makes roomcast.js from src/: one module, as small as it gets.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { minify } from "terser";

const HERE = new URL("./", import.meta.url);

/** @returns {Promise<string>} what roomcast.js should be */
export async function bundle() {
  const entry = fileURLToPath(new URL("src/roomcast.js", HERE));
  const { outputFiles } = await build({ entryPoints: [entry], bundle: true, write: false, format: "esm", target: "es2022" });
  const options = { module: true, ecma: 2022, compress: { passes: 2 }, mangle: { properties: { regex: /^_/ } } };
  const { code } = await minify(outputFiles[0].text, options);
  return `${code}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(new URL("roomcast.js", HERE), await bundle());
}

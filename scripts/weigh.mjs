// Weighs what a browser loads of a built site before the first label: for each module of pages its script, the module and the
// style sheet, compressed. Fails where a project of texts loads more than the limit.
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** What everything before the first label may weigh, in bytes; pages and answers are added by end2end/tests/modules.spec.ts. */
const LIMIT = 600_000;

const folder = join(process.argv[2] ?? "target/site", "pkg");
const files = readdirSync(folder);

/** Bytes over the line of the one file that begins and ends so. */
function weight(stem, ending) {
  const [name, ...more] = files.filter((name) => name.startsWith(`${stem}.`) && name.endsWith(ending));
  if (!name || more.length > 0) throw new Error(`${folder} should hold one ${stem}.*${ending}`);
  return statSync(join(folder, files.includes(`${name}.br`) ? `${name}.br` : name)).size;
}

const number = (bytes) => bytes.toLocaleString("en-GB");
const style = weight("terrace", ".css");
const rows = [
  ["a project of texts", "work"],
  ["a project of images", "picture"],
  ["every page", "terrace"],
].map(([what, module]) => {
  const [wasm, script] = [weight(module, "_bg.wasm"), weight(module, ".js")];
  return { what, module, wasm, script, sum: wasm + script + style };
});

console.log("| loaded for | module | its bytes | script | style | together |\n|---|---|---:|---:|---:|---:|");
for (const { what, module, wasm, script, sum } of rows) {
  console.log(`| ${what} | \`${module}\` | ${number(wasm)} | ${number(script)} | ${number(style)} | ${number(sum)} |`);
}
const [texts] = rows;
if (texts.sum > LIMIT) {
  console.error(`A project of texts loads ${number(texts.sum)} bytes, more than ${number(LIMIT)}.`);
  process.exit(1);
}

// Writes a brotli twin (.br) beside each file of a folder that gets at least a tenth smaller by it.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const [folder] = process.argv.slice(2);
let plain = 0;
let sent = 0;
for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const path = join(entry.parentPath ?? entry.path, entry.name);
  const content = readFileSync(path);
  const small = brotliCompressSync(content, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    },
  });
  const worth = small.length <= content.length * 0.9;
  if (worth) writeFileSync(`${path}.br`, small);
  plain += content.length;
  sent += worth ? small.length : content.length;
}
console.log(`site: ${Math.round(plain / 1024)} kB, ${Math.round(sent / 1024)} kB compressed`);

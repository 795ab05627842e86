// Parses every .sdp file below a folder with the npm package sdp-transform and prints, a line each, its path and
// a hash of the JSON with sorted keys (FNV-1a, 64 bit). `--json FILE` prints the JSON of one file instead;
// `--speed FOLDER` prints megabytes a second over its files of 5 to 9 kB.
//
//     npm install --no-save sdp-transform@3.0.0
//     node tests/sdp_transform/run.mjs "$RTCSCOPE_CORPUS/sdp" > tests/sdp_transform/results.txt

import { createRequire } from 'node:module';
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

const transform = createRequire(resolve('package.json'))('sdp-transform');

const sorted = (value) => {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
};

const hash = (text) => {
  let state = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(text, 'utf8')) {
    state = ((state ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
  }
  return state.toString(16).padStart(16, '0');
};

const files = (folder) =>
  readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? files(join(folder, entry.name)) : [join(folder, entry.name)]))
    .filter((path) => path.endsWith('.sdp'));

const [option, argument] = process.argv.slice(2);
if (option === '--json') {
  console.log(JSON.stringify(sorted(transform.parse(readFileSync(argument, 'utf8'))), null, 1));
} else if (option === '--speed') {
  const texts = files(argument).map((path) => readFileSync(path, 'utf8')).filter((t) => t.length >= 5000 && t.length <= 9000);
  const bytes = texts.reduce((sum, text) => sum + text.length, 0);
  for (const [name, work] of [['parse', (t) => transform.parse(t)], ['parse and write', (t) => transform.write(transform.parse(t))]]) {
    let best = 0;
    for (let round = 0; round < 12; round += 1) {
      const start = process.hrtime.bigint();
      texts.forEach(work);
      best = Math.max(best, bytes / (Number(process.hrtime.bigint() - start) / 1e3));
    }
    console.log(`sdp-transform (node): ${name} ${best.toFixed(1)}`);
  }
} else {
  for (const path of files(option)) {
    const json = JSON.stringify(sorted(transform.parse(readFileSync(path, 'utf8'))));
    console.log(`${relative(option, path)} ${hash(json)}`);
  }
}

// Shows every case to a browser and writes what it said.
//
//     node tests/browser/verdicts.mjs chromium|firefox [--only part-of-a-name] [--print]
//
// writes `chromium.json` or `firefox.json` beside this file; with `--only` or `--print` nothing is written, and the
// results go to standard output.

import { readFileSync, writeFileSync } from 'node:fs';
import * as browsers from './browsers.mjs';
import { judge } from './facts.mjs';
import { CODECS, SETUPS } from './setups.mjs';

const here = (path) => new URL(path, import.meta.url);
const [which, ...rest] = process.argv.slice(2);
const only = rest.includes('--only') ? rest[rest.indexOf('--only') + 1] : '';
if (!['chromium', 'firefox'].includes(which)) throw new Error('which browser: chromium or firefox?');

const page = readFileSync(here('page.js'), 'utf8').replace(/^(?:\/\/.*\n)+/, '');
const table = JSON.parse(readFileSync(here('cases.json'), 'utf8'));
const body = (file) => (file ? readFileSync(here(`cases/${file}`), 'utf8') : undefined);

/** How many cases one run of a browser is given: it keeps something of every connection. */
const PER_RUN = 150;

/** A case with its texts in place of their files. */
function told(kase) {
  const setup = kase.kind === 'answer' || kase.kind === 'local' || kase.kind === 'candidate' ? SETUPS[kase.base] : {};
  return {
    kind: kase.kind, offer: body(kase.offer), answer: body(kase.answer), first: body(kase.first), second: body(kase.second), candidate: kase.candidate,
    prepare: { audio: setup.audio, video: setup.video, data: setup.data }, codecs: setup.codecs || CODECS, configuration: setup.configuration,
    rewrite: kase.kind === 'local' ? [...(setup.rewrite || []), ...kase.rewrite] : setup.rewrite,
  };
}

/** The name of the sound case that a case is held against. */
function sound(kase) {
  const names = { offer: [`good-base-${kase.base}`], reoffer: [`good-base-${kase.base}`, `good-${kase.base}`], answer: [`good-answer-${kase.base}`, 'good-answer-call'] };
  return (names[kase.kind] || []).find((name) => table.some((one) => one.name === name)) || null;
}

let browser = await browsers[which]();
let used = 0;
async function show(kase) {
  if (used >= PER_RUN) {
    await browser.close();
    browser = await browsers[which]();
    used = 0;
  }
  used += 1;
  try {
    return await browser.run(page, told(kase));
  } catch (error) {
    await browser.close().catch(() => {});
    browser = await browsers[which]();
    used = 0;
    return { crashed: error.message };
  }
}

const said = new Map();
const wanted = table.filter((kase) => kase.name.includes(only));
const needed = new Set([...wanted.map((kase) => kase.name), ...wanted.map(sound)]);
for (const kase of table) if (needed.has(kase.name)) said.set(kase.name, await show(kase));
const cases = wanted.map((kase) => judge(kase, said.get(kase.name), sound(kase) === null || said.get(sound(kase)).crashed ? null : said.get(sound(kase))));
const { name, version } = browser;
await browser.close();

if (only || rest.includes('--print')) {
  for (const one of cases) process.stdout.write(JSON.stringify(one, null, 1) + '\n');
} else {
  const rows = cases.map((one) => JSON.stringify(one)).join(',\n');
  writeFileSync(here(`${name}.json`), `{"browser":${JSON.stringify(name)},"version":${JSON.stringify(version)},"cases":[\n${rows}\n]}\n`);
  const count = (verdict) => cases.filter((one) => one.verdict === verdict).length;
  const ignored = cases.filter((one) => one.ignored).length;
  process.stdout.write(`${name} ${version}: ${count('rejects')} rejected, ${count('accepts')} accepted (${ignored} with something ignored), ${count('unseen')} unseen, ${count('crashes')} crashes\n`);
}

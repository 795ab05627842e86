// Makes the cases of the bases and the mutations.
//
//     node tests/browser/make_cases.mjs
//
// writes `cases/*.sdp` and `cases.json`, the table of all cases. The same bases give the same cases, byte for byte.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { SETUPS } from './setups.mjs';
import lines from './mutations/lines.mjs';
import codecs from './mutations/codecs.mjs';
import transport from './mutations/transport.mjs';
import streams from './mutations/streams.mjs';
import good from './mutations/good.mjs';
import answers from './mutations/answers.mjs';
import { candidates, locals, reoffers } from './mutations/later.mjs';

const here = (path) => new URL(path, import.meta.url);
const base = (name) => readFileSync(here(`bases/${name}.sdp`), 'utf8');
const rewritten = (text, table) => table.reduce((made, [pattern, put]) => made.replace(new RegExp(pattern, 'gm'), put), text);

const call = base('call.offer');
const [head, audio, video] = call.split(/^(?=m=)/m);
const second = video.replace('a=mid:1', 'a=mid:0').replace(/^a=(?:ssrc|msid).*\r\n/gm, '');
const offered = base('layers.offer');
/** The descriptions that offers are made of, by name. */
const BASES = {
  call,
  audio: head.replace('BUNDLE 0 1 2', 'BUNDLE 0') + audio,
  bare: head.replace(/^a=group.*\r\n/m, '') + audio,
  unbundled: call.replace(/^a=group.*\r\n/m, ''),
  'two-videos': head.replace('BUNDLE 0 1 2', 'BUNDLE 0 1') + second + video,
  offered,
  wanted: offered.replace('a=sendonly', 'a=recvonly').replace(/^(a=rid:\S+) send/gm, '$1 recv').replace('simulcast:send', 'simulcast:recv').replace(/^a=msid:.*\r\n/m, ''),
};

/** What an answer is edited from, and the offer that it is written for. */
const pair = (name) => {
  const { like = name, rewrite = [] } = SETUPS[name];
  return { offer: rewritten(base(`${like}.offer`), rewrite), answer: base(`${like}.answer`) };
};

// An answer that has to take something of the offer, which no edit of the answer alone can do.
const echo = {
  'p-ice-echo': (answer, offer) => ['ice-ufrag', 'ice-pwd'].reduce((made, name) => made.replace(new RegExp(`^a=${name}:.*`, 'gm'), new RegExp(`^a=${name}:.*`, 'm').exec(offer)[0]), answer),
  'p-ssrc-collision': (answer, offer) => answer.replace(/^a=ssrc:\d+/gm, /^a=ssrc:\d+/m.exec(offer)[0]),
};

const cases = [];
const named = (rule, special) => [rule, special].filter(Boolean).join('-');
const write = (file, text) => { writeFileSync(here(`cases/${file}`), text); return file; };
// Faults that no rule of the linter is named after.
const NAMELESS = new Set(['good', 't-syntax', 'm-proto-unknown', 'direction-unknown', 'cand-foundation-long', 'cand-prefix', 'bundle-empty', 'ssrc-group-semantics', 'simulcast-rid-twice',
  'simulcast-no-mid-extmap', 'p-mid-missing', 'p-bundle-absent', 'p-bundle-order', 'p-setup-missing', 'p-setup-differs', 'p-simulcast-fewer', 'p-simulcast-unasked', 'r-ufrag-only',
  'r-bundle-removed', 'r-ssrc-changed', 'munge-dtls-fingerprint', 'munge-bundle', 'munge-rtcp-mux', 'munge-bandwidth', 'munge-session-name', 'munge-unknown-attribute']);
const note = (kind, rule, special, rest) => cases.push({ name: named(rule, special), kind, rule: NAMELESS.has(rule) ? null : rule, ...rest });

rmSync(here('cases'), { recursive: true, force: true });
mkdirSync(here('cases'));
for (const [rule, special, from, edit] of [...good, ...lines, ...codecs, ...transport, ...streams]) {
  note('offer', rule, special, { base: from, offer: write(`${named(rule, special)}.sdp`, edit(BASES[from])) });
}
for (const [rule, special, setup, edit] of answers) {
  const { offer, answer } = pair(setup), name = named(rule, special);
  const made = echo[rule] ? echo[rule](answer, offer) : edit(answer);
  note('answer', rule, special, { base: setup, offer: write(`${setup}.offer.sdp`, offer), answer: write(`${name}.answer.sdp`, made) });
}
for (const [rule, special, from, edit] of reoffers) {
  const name = named(rule, special);
  note('reoffer', rule, special, { base: from, first: write(`${from}.first.sdp`, BASES[from]), second: write(`${name}.second.sdp`, edit(BASES[from])) });
}
for (const [rule, special, setup, rewrite] of locals) {
  const { offer } = pair(setup), name = named(rule, special);
  note('local', rule, special, { base: setup, rewrite, created: write(`${setup}.offer.sdp`, offer), local: write(`${name}.local.sdp`, rewritten(offer, rewrite)) });
}
for (const [rule, special, candidate] of candidates) {
  const { offer, answer } = pair('call');
  note('candidate', rule, special, { base: 'call', candidate, offer: write('call.offer.sdp', offer), answer: write('good-answer-call.answer.sdp', answer) });
}

const names = new Set();
for (const { name, kind } of cases) {
  if (names.has(name)) throw new Error(`two cases are called ${name} (${kind})`);
  names.add(name);
}
writeFileSync(here('cases/.gitattributes'), '*.sdp -text\n');
writeFileSync(here('cases.json'), `[\n${cases.map((one) => JSON.stringify(one)).join(',\n')}\n]\n`);
const kinds = [...new Set(cases.map((one) => one.kind))].map((kind) => `${cases.filter((one) => one.kind === kind).length} ${kind}`);
process.stdout.write(`${cases.length} cases: ${kinds.join(', ')}\n`);

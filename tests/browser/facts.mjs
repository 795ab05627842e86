// What is kept of a case: the verdict, and in short what came of a description that was accepted.

/** The call whose success or failure is the verdict, for each kind of case. */
const DECISIVE = { offer: 'setRemoteDescription', reoffer: 'setRemoteDescription', answer: 'setRemoteDescription', local: 'setLocalDescription', candidate: 'addIceCandidate' };
/** The calls that come before it: where one of these fails, the case could not be shown to the browser. */
const EARLIER = ['createOffer', 'first offer', 'first answer', 'answer'];

const sections = (text) => text.split(/^(?=m=)/m);

// One way to write what a browser may write in many: order of parameters, white space, case of digits. Where a browser
// would send is not compared at all, since a description that is held names other ports than one that was given.
const plain = (line) => {
  if (/^(?:o=|c=|a=rtcp:)/.test(line)) return null;
  const fmtp = /^(a=fmtp:\S+) (.*)$/.exec(line);
  if (fmtp) return `${fmtp[1]} ${fmtp[2].split(';').map((one) => one.trim()).filter(Boolean).sort().join(';')}`;
  if (/^m=/.test(line)) return line.replace(/^(m=\S+) +(\d+)/, (all, head, port) => `${head} ${Number(port) === 0 ? 0 : 9}`);
  if (/^a=candidate:/.test(line)) return line.toLowerCase().replace(/ (?:generation|network-id|network-cost|ufrag) \S+/g, '');
  if (/^a=fingerprint:/.test(line)) return line.toUpperCase();
  return line.replace(/^(a=msid-semantic:) ?/, '$1').replace(/^(a=rtpmap:\S+ \S+?\/\d+)\/1$/, '$1');
};
const plainLines = (section) => section.split(/\r\n|\r|\n/).filter((line) => line !== '').map((line) => [plain(line), line]).filter(([key]) => key !== null);

/** Lines that were given and that the browser does not hold: in the same section, or as one of the session. */
function lost(given, held) {
  if (!given || !held) return [];
  const heldSections = sections(held).map((section) => new Set(plainLines(section).map(([key]) => key)));
  const anywhere = new Set(heldSections.flatMap((section) => [...section]));
  const missing = [];
  sections(given).forEach((section, place) => {
    for (const [key, line] of plainLines(section)) {
      const kept = place === 0 ? anywhere.has(key) : heldSections[place]?.has(key) || heldSections[0].has(key);
      if (!kept) missing.push(place === 0 ? line : `${place}: ${line}`);
    }
  });
  return missing;
}

/** One line for each section of an answer: its name, state and formats, and what is special. */
function outline(text) {
  if (!text) return [];
  const [session, ...media] = sections(text);
  const group = [...session.matchAll(/^a=group:(.*?)\r?$/gm)].map((found) => found[1]);
  const rows = media.map((section) => {
    const one = (pattern) => (new RegExp(pattern, 'm').exec(section) || [])[1];
    const codecs = [...section.matchAll(/^a=rtpmap:(\d+) ([^\s]+)/gm)].map(([, number, name]) => `${number}=${name}`);
    const extensions = [...section.matchAll(/^a=extmap:(\S+) \S*?([^/:\s]+)\s*$/gm)].map(([, id, name]) => `${id}=${name}`);
    const rids = [...section.matchAll(/^a=rid:(\S+ \S+)/gm)].map((found) => found[1].replace(' ', '='));
    const [, kind, port] = /^m=(\S+) (\d+)/.exec(section) || [];
    return [kind, port === '0' ? 'refused' : 'open', `mid=${one('^a=mid:(\\S+)') ?? 'none'}`, one('^a=(sendrecv|sendonly|recvonly|inactive)\\s*$'),
      one('^a=setup:(\\S+)') && `setup=${one('^a=setup:(\\S+)')}`, /^a=rtcp-mux\s*$/m.test(section) && 'mux', codecs.length && `codecs ${codecs.join(',')}`,
      extensions.length && `extensions ${extensions.join(',')}`, rids.length && `rids ${rids.join(',')}`, one('^a=(simulcast:.*?)\\r?$'),
      one('^a=(sctp-port:.*?)\\r?$'), one('^a=(max-message-size:.*?)\\r?$')].filter(Boolean).join(' ');
  });
  return [...group, ...rows];
}

/** The first lines of a list, and how many there are beyond them. */
const short = (list, most = 6) => (list.length > most ? [...list.slice(0, most), `and ${list.length - most} more`] : list);

/** The result of a case; `base` is what the browser said of the description that the case was made of, or null. */
export function judge(kase, said, base) {
  const row = { name: kase.name, kind: kase.kind };
  if (said.crashed) return { ...row, verdict: 'crashes', error: said.crashed, effect: {}, ignored: false, detail: '' };
  const decisive = DECISIVE[kase.kind];
  const error = said.error && `${said.error.name}: ${said.error.message.trim().replace(/^Failed to execute '\w+' on 'RTCPeerConnection': /, '')}`;
  const unseen = said.error && said.stage !== decisive && (EARLIER.includes(said.stage) || (kase.kind === 'answer' && said.stage === 'setLocalDescription'));
  if (unseen) return { ...row, verdict: 'unseen', error: `${said.stage}: ${error}`, effect: {}, ignored: false, detail: 'the browser did not get as far as this case' };
  if (said.error && said.stage === decisive) return { ...row, verdict: 'rejects', error, effect: {}, ignored: false, detail: '' };

  const applied = kase.kind === 'local' ? said.offer : said.applied;
  const held = kase.kind === 'local' ? said.local : said.remote;
  const bare = (line) => line.replace(/^\d+: /, '');
  const usual = new Set((base ? lost(base.applied, base.remote) : []).map(bare));
  const gone = lost(applied, held).filter((line) => !usual.has(bare(line)));
  const effect = { transceivers: said.transceivers.map((one) => [one.mid ?? 'none', one.kind, one.direction, one.current ?? 'unsettled'].join(' ')) };
  if (said.reply) effect.answer = outline(said.reply);
  if (said.rids.length > 0) effect.rids = said.rids.map((rids) => rids.join(','));
  effect.data = said.data;
  if (said.error) effect.later = `${said.stage}: ${error}`;
  if (gone.length > 0) effect.lost = short(gone);
  if (said.rids.length === 0 && base && base.rids.length > 0) effect.noRids = true;

  const before = base ? outline(base.reply) : [], now = effect.answer || [];
  const differs = base && said.reply ? now.filter((line) => !before.includes(line)) : [];
  if (base && said.reply) effect.differs = differs.length > 0 || now.length !== before.length;
  const told = [gone.length > 0 && `not held: ${short(gone, 3).join(' | ')}`, effect.noRids && 'the sender has no layers', effect.later].filter(Boolean);
  return { ...row, verdict: 'accepts', error: null, effect, ignored: gone.length > 0 || Boolean(effect.noRids), detail: told.join('; ') };
}

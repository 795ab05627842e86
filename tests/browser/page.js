// What runs inside the browser: one case is applied to a fresh RTCPeerConnection, and what came of it is told.
//
// The text of this file is an expression, a function of one case; `verdicts.mjs` hands it to either browser. It only
// looks, it draws no conclusions: those are drawn outside, in `facts.mjs`, the same way for both browsers.
async (kase) => {
  // Only relayed candidates, and no relay: nothing that a description names is ever sent a packet.
  const peer = () => new RTCPeerConnection({ iceTransportPolicy: 'relay', ...(kase.configuration || {}) });

  // Tracks without a device: a canvas that never changes, and an audio graph without a source.
  const tracks = () => {
    const video = document.createElement('canvas');
    video.getContext('2d');
    const audio = new AudioContext();
    const made = [audio.createMediaStreamDestination().stream.getAudioTracks()[0], video.captureStream(1).getVideoTracks()[0]];
    return { audio: made[0], video: made[1], close: () => audio.close() };
  };

  // The formats that a section maps, by name, in order; a second format of a name is that name with its place.
  const formats = (section) => {
    const names = new Map();
    for (const [, number, name] of section.matchAll(/^a=rtpmap:(\d+) ([^/\s]+)/gm)) {
      let key = name.toLowerCase();
      while (names.has(key)) key += '+';
      names.set(key, number);
    }
    return names;
  };
  const extensions = (section) => new Map([...section.matchAll(/^a=extmap:(\d+)\S* (\S+)/gm)].map(([, id, uri]) => [uri, id]));
  const sections = (text) => text.split(/^(?=m=)/m);

  // An answer says payload types and extension ids as the offer that it was written for says them. Another browser
  // numbers its offer otherwise: what both offers have is renumbered, by name. Extensions of that offer that this browser
  // did not offer go, since a sound answer must not have them. Nothing else is touched.
  const renumber = (answer, written, own) => {
    const [before, after] = [sections(written), sections(own)];
    return sections(answer).map((section, place) => {
      if (place === 0 || !before[place] || !after[place]) return section;
      const types = new Map(), ids = new Map();
      const [mine, theirs] = [formats(after[place]), formats(before[place])];
      for (const [name, number] of theirs) if (mine.has(name)) types.set(number, mine.get(name));
      const uris = extensions(after[place]);
      const offered = extensions(before[place]);
      for (const [uri, id] of offered) if (uris.has(uri)) ids.set(id, uris.get(uri));
      const type = (number) => types.get(number) || number;
      return section
        .replace(/^(m=\S+ \S+ \S*RTP\S*)((?: \d+)+)/m, (all, head, list) => head + list.replace(/\d+/g, type))
        .replace(/^(a=(?:rtpmap|fmtp|rtcp-fb):)(\d+)/gm, (all, head, number) => head + type(number))
        .replace(/\bapt=(\d+)/g, (all, number) => 'apt=' + type(number))
        .replace(/^(a=fmtp:\d+ )(\d+(?:\/\d+)+)$/gm, (all, head, list) => head + list.replace(/\d+/g, type))
        .replace(/^a=extmap:\d+\S* (\S+).*\r?\n/gm, (line, uri) => (offered.has(uri) && !uris.has(uri) ? '' : line))
        .replace(/^(a=extmap:)(\d+)/gm, (all, head, id) => head + (ids.get(id) || id));
    }).join('');
  };

  const facts = { stage: null, error: null, remote: null, reply: null, transceivers: [], rids: [], data: false };
  const rewrite = (text, table) => table.reduce((sdp, [pattern, put]) => sdp.replace(new RegExp(pattern, 'gm'), put), text);
  const within = (promise, stage) => {
    facts.stage = stage;
    let timer;
    const late = new Promise((_, fail) => { timer = setTimeout(() => fail(new DOMException('no answer within 8 s', 'Late')), 8000); });
    return Promise.race([promise, late]).finally(() => clearTimeout(timer));
  };

  const pc = peer(), media = tracks();
  try {
    if (kase.kind === 'answer' || kase.kind === 'local' || kase.kind === 'candidate') {
      const wanted = kase.prepare || {};
      for (const of of ['audio', 'video']) {
        const said = wanted[of];
        if (said === null) continue;
        const made = pc.addTransceiver(media[of], { direction: 'sendrecv', ...(said || {}) });
        const preferred = kase.codecs && kase.codecs[of];
        if (preferred && made.setCodecPreferences) {
          const able = RTCRtpReceiver.getCapabilities(of).codecs;
          const chosen = preferred.map((name) => able.find((codec) => (codec.mimeType + ' ' + (codec.sdpFmtpLine || '')).toLowerCase().includes(name.toLowerCase()))).filter(Boolean);
          made.setCodecPreferences(chosen);
        }
      }
      if (wanted.data !== null) pc.createDataChannel('data');
      const offer = await within(pc.createOffer(), 'createOffer');
      const own = rewrite(offer.sdp, kase.rewrite || []);
      facts.offer = own;
      if (kase.kind === 'local') facts.created = offer.sdp;
      await within(pc.setLocalDescription({ type: 'offer', sdp: own }), 'setLocalDescription');
      if (kase.kind === 'answer') {
        const answer = renumber(kase.answer, kase.offer, own);
        facts.applied = answer;
        await within(pc.setRemoteDescription({ type: 'answer', sdp: answer }), 'setRemoteDescription');
      } else if (kase.kind === 'candidate') {
        await within(pc.setRemoteDescription({ type: 'answer', sdp: renumber(kase.answer, kase.offer, own) }), 'answer');
        await within(pc.addIceCandidate(kase.candidate), 'addIceCandidate');
      }
    } else {
      pc.addTrack(media.audio, new MediaStream([media.audio]));
      pc.addTrack(media.video, new MediaStream([media.video]));
      if (kase.kind === 'reoffer') {
        await within(pc.setRemoteDescription({ type: 'offer', sdp: kase.first }), 'first offer');
        await within(pc.createAnswer().then((answer) => pc.setLocalDescription(answer)), 'first answer');
      }
      const offer = kase.kind === 'reoffer' ? kase.second : kase.offer;
      facts.applied = offer;
      await within(pc.setRemoteDescription({ type: 'offer', sdp: offer }), 'setRemoteDescription');
      facts.remote = pc.remoteDescription.sdp;
      const answer = await within(pc.createAnswer(), 'createAnswer');
      facts.reply = answer.sdp;
      await within(pc.setLocalDescription(answer), 'setLocalDescription');
    }
    facts.stage = null;
  } catch (error) {
    facts.error = { name: error.name, message: error.message };
  }
  facts.remote = facts.remote || (pc.remoteDescription && pc.remoteDescription.sdp);
  facts.local = kase.kind === 'local' && pc.localDescription ? pc.localDescription.sdp : null;
  facts.transceivers = pc.getTransceivers().map((one) => ({ mid: one.mid, kind: one.receiver.track.kind, direction: one.direction, current: one.currentDirection }));
  facts.rids = pc.getSenders().map((sender) => (sender.getParameters().encodings || []).map((encoding) => encoding.rid).filter(Boolean)).filter((rids) => rids.length > 0);
  facts.data = Boolean(pc.sctp);
  facts.state = pc.signalingState;
  pc.close();
  await media.close().catch(() => {});
  return facts;
}

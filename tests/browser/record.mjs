// Records the descriptions that all cases are made of: what Chromium offers and answers, for some set-ups.
//
//     node tests/browser/record.mjs
//
// writes `bases/<set-up>.offer.sdp` and `bases/<set-up>.answer.sdp`. Run it only to begin anew: every case changes with
// it, since each recording has random names and keys.

import { writeFileSync } from 'node:fs';
import { chromium } from './browsers.mjs';
import { CODECS, SETUPS } from './setups.mjs';

const record = `async ({ codecs, setup }) => {
  const audio = new AudioContext(), canvas = document.createElement('canvas');
  canvas.getContext('2d');
  const media = { audio: audio.createMediaStreamDestination().stream.getAudioTracks()[0], video: canvas.captureStream(1).getVideoTracks()[0] };
  const one = new RTCPeerConnection(), two = new RTCPeerConnection();
  for (const kind of ['audio', 'video']) {
    two.addTrack(media[kind], new MediaStream([media[kind]]));
    const wanted = setup[kind];
    if (wanted === null) continue;
    const made = one.addTransceiver(media[kind], { direction: 'sendrecv', streams: [new MediaStream([media[kind]])], ...wanted });
    const able = RTCRtpReceiver.getCapabilities(kind).codecs;
    made.setCodecPreferences(codecs[kind].map((name) => able.find((codec) => (codec.mimeType + ' ' + (codec.sdpFmtpLine || '')).toLowerCase().includes(name))));
  }
  if (setup.data !== null) one.createDataChannel('data');
  const offer = await one.createOffer();
  await two.setRemoteDescription(offer);
  const answer = await two.createAnswer();
  one.close(); two.close();
  return { offer: offer.sdp, answer: answer.sdp };
}`;

// Extensions that no rule speaks of make every case longer, and nothing else.
const spared = /^a=extmap:\d+ \S*(?:abs-send-time|video-orientation|playout-delay|video-content-type|video-timing|color-space|toffset|dependency-descriptor|video-layers)\S*\r\n/gm;

const browser = await chromium();
for (const [name, setup] of Object.entries(SETUPS)) {
  if (setup.like) continue;
  const made = await browser.run(record, { codecs: setup.codecs || CODECS, setup });
  for (const kind of ['offer', 'answer']) writeFileSync(new URL(`bases/${name}.${kind}.sdp`, import.meta.url), made[kind].replace(spared, ''));
}
await browser.close();

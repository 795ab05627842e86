// How a browser is set up before it makes the offer that a case answers.
//
// `audio`, `video` and `data` say what is offered (`null`: not), `codecs` with which formats, and `rewrite` what is changed
// in the text of the offer before the browser takes it as its own; `like` names the set-up whose recording serves too.

/** The formats that every offer is restricted to: what both browsers can do, and enough to break every rule. */
export const CODECS = { audio: ['audio/opus', 'audio/pcmu', 'audio/telephone-event'], video: ['video/vp8', 'video/vp9', 'video/rtx'] };

const H264 = { audio: CODECS.audio, video: ['video/h264 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f', 'video/vp8'] };
const LAYERS = [{ rid: 'h' }, { rid: 'm', scaleResolutionDownBy: 2 }, { rid: 'l', scaleResolutionDownBy: 4 }];

/** The set-ups, by name. */
export const SETUPS = {
  call: {},
  sending: { audio: { direction: 'sendonly' }, video: null, data: null },
  receiving: { audio: { direction: 'recvonly' }, video: null, data: null },
  layers: { audio: null, data: null, video: { direction: 'sendonly', sendEncodings: LAYERS } },
  h264: { audio: null, data: null, codecs: H264 },
  unbundled: { like: 'call', rewrite: [['^a=group:BUNDLE.*\\r\\n', '']] },
  alone: { like: 'call', rewrite: [['^(a=group:BUNDLE 0 1) 2', '$1']] },
  unmixed: { like: 'call', rewrite: [['^a=extmap-allow-mixed\\r\\n', '']] },
  'full-size': { like: 'call', rewrite: [['^a=rtcp-rsize\\r\\n', '']] },
  'mux-only': { like: 'call', configuration: { rtcpMuxPolicy: 'require' } },
};

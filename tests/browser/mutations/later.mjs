// What comes later: offers that follow another, offers that were changed before they were set, candidates.

import { add, after, at, both, drop, every, put, without } from '../edit.mjs';

const again = put('^(o=- \\d+) 2', '$1 3');
const next = (edit) => both(again, edit);
const ufrag = every('^a=ice-ufrag:.*\\r', 'a=ice-ufrag:next\r');
const pwd = every('^a=ice-pwd:.*\\r', 'a=ice-pwd:nextnextnextnextnextnext\r');
const print = every('^(a=fingerprint:sha-256) ..', '$1 5A');

/** Each row: rule, what is special (or ''), base of the first offer, edit that makes the second of it. */
export const reoffers = [
  ['good', 'again-same', 'call', again],
  ['good', 'again-restart', 'call', next(both(ufrag, pwd))],
  ['good', 'again-inactive', 'call', next(every('^a=sendrecv', 'a=inactive'))],
  ['good', 'again-more', 'audio', next((all) => all.replace('BUNDLE 0', 'BUNDLE 0 5') + all.split(/^(?=m=)/m)[1].replace('a=mid:0', 'a=mid:5').replace(/^a=(?:ssrc|msid).*\r\n/gm, ''))],
  ['good', 'again-rejected', 'call', next(both(put('BUNDLE 0 1 2', 'BUNDLE 0 2'), at(2, put('^m=video 9', 'm=video 0'))))],
  ['good', 'again-restart-fingerprint', 'call', next(both(ufrag, pwd, print))],
  ['r-mline-removed', '', 'call', next(both(without(3), put('BUNDLE 0 1 2', 'BUNDLE 0 1')))],
  ['r-version-not-bumped', '', 'call', every('^a=sendrecv', 'a=inactive')],
  ['r-version-jump', '', 'call', put('^(o=- \\d+) 2', '$1 9')],
  ['r-version-jump', 'back', 'call', put('^(o=- \\d+) 2', '$1 1')],
  ['r-origin-changed', '', 'call', put('^o=- \\d+', 'o=- 77')],
  ['r-mid-or-type-changed', '', 'call', next(both(at(2, put('^a=mid:1', 'a=mid:v')), put('BUNDLE 0 1 2', 'BUNDLE 0 v 2')))],
  ['r-mid-or-type-changed', 'type', 'call', next(at(1, (part) => part.replace('m=audio', 'm=video').replace('111 0 110', '96').replace(/^a=(?:rtpmap|fmtp|rtcp-fb|ssrc).*\r\n/gm, '') + 'a=rtpmap:96 VP8/90000\r\n'))],
  ['r-mid-or-type-changed', 'swapped', 'call', next(both(at(1, put('^a=mid:0', 'a=mid:1')), at(2, put('^a=mid:1', 'a=mid:0'))))],
  ['r-extmap-remapped', '', 'call', next(at(1, put('^a=extmap:1 \\S+', 'a=extmap:1 urn:ietf:params:rtp-hdrext:csrc-audio-level')))],
  ['r-extmap-remapped', 'swapped', 'call', next((all) => all.replace(/^a=extmap:([34]) /gm, (_, id) => `a=extmap:${7 - id} `))],
  ['r-pt-remapped', '', 'call', next(at(1, put('^a=rtpmap:111 .*\\r', 'a=rtpmap:111 G722/8000\r')))],
  ['r-pt-remapped', 'video', 'call', next(at(2, (part) => part.replace('rtpmap:96 VP8', 'rtpmap:96 VPX').replace('rtpmap:98 VP9', 'rtpmap:98 VP8').replace('VPX', 'VP9')))],
  ['r-partial-ice-restart', '', 'call', next(at(2, both(ufrag, pwd)))],
  ['r-partial-ice-restart', 'tag', 'call', next(at(1, both(ufrag, pwd)))],
  ['r-partial-ice-restart', 'unbundled', 'unbundled', next(at(2, both(ufrag, pwd)))],
  ['r-fingerprint-without-restart', '', 'call', next(print)],
  ['r-ufrag-only', '', 'call', next(ufrag)],
  ['r-bundle-group-moved', '', 'call', next(both(put('BUNDLE 0 1 2', 'BUNDLE 0'), after('a=group', 'a=group:BUNDLE 1 2')))],
  ['r-bundle-removed', '', 'call', next(put('BUNDLE 0 1 2', 'BUNDLE 0 1'))],
  ['r-bundle-removed', 'all', 'call', next(drop('a=group'))],
  ['r-dtls-role-flip', '', 'call', next(every('a=setup:actpass', 'a=setup:active'))],
  ['r-dtls-role-flip', 'passive', 'call', next(every('a=setup:actpass', 'a=setup:passive'))],
  ['r-rtcp-mux-state', '', 'bare', next(drop('a=rtcp-mux'))],
  ['r-msid-changed', '', 'audio', next(both(drop('a=ssrc:\\d+ msid'), put('^a=msid:.*\\r', 'a=msid:new track\r')))],
  ['r-rid-simulcast-changed', '', 'wanted', next(both(drop('a=rid:l'), put('h;m;l', 'h;m')))],
  ['r-rid-simulcast-changed', 'renamed', 'wanted', next((all) => all.replace('a=rid:l ', 'a=rid:x ').replace('h;m;l', 'h;m;x'))],
  ['r-rid-simulcast-changed', 'gone', 'wanted', next(drop('a=rid|a=simulcast'))],
  ['r-ssrc-changed', '', 'audio', next((all) => all.replace(/^a=ssrc:\d+/gm, 'a=ssrc:4711'))],
];

/** Each row: rule, what is special, set-up, rewriting of the browser's own offer before it is set. */
export const locals = [
  ['good', 'local-unchanged', 'call', []],
  ['munge-transport-ice', 'ufrag', 'call', [['^a=ice-ufrag:.*', 'a=ice-ufrag:munged']]],
  ['munge-transport-ice', 'pwd', 'call', [['^a=ice-pwd:.*', 'a=ice-pwd:mungedmungedmungedmunged']]],
  ['munge-transport-ice', 'options', 'call', [['^a=ice-options:.*', 'a=ice-options:renomination']]],
  ['munge-dtls-setup', 'active', 'call', [['^a=setup:actpass', 'a=setup:active']]],
  ['munge-dtls-setup', 'missing', 'call', [['^a=setup.*\\r\\n', '']]],
  ['munge-dtls-fingerprint', '', 'call', [['^(a=fingerprint:sha-256) .*', '$1 AA:1B:82:2E:67:A9:67:E8:92:FD:11:B0:F4:05:7A:1D:51:5A:65:97:61:06:59:56:8E:1E:71:D4:28:31:AB:89']]],
  ['munge-mid-or-section-count', 'mid', 'call', [['^a=mid:0', 'a=mid:x'], ['BUNDLE 0', 'BUNDLE x']]],
  ['munge-mid-or-section-count', 'removed', 'call', [['^m=application[\\s\\S]*', ''], ['BUNDLE 0 1 2', 'BUNDLE 0 1']]],
  ['munge-direction', '', 'call', [['^a=sendrecv', 'a=sendonly']]],
  ['munge-header-extensions', 'removed', 'call', [['^a=extmap:\\d+ urn:ietf:params:rtp-hdrext:ssrc-audio-level\\r\\n', '']]],
  ['munge-header-extensions', 'added', 'call', [['^(a=extmap:\\d+ urn:ietf:params:rtp-hdrext:ssrc-audio-level\\r\\n)', '$1a=extmap:12 urn:x\\r\\n'.replaceAll('\\r\\n', '\r\n')]]],
  ['munge-codecs', 'removed', 'call', [['^(m=audio.*) 0\\b', '$1'], ['^a=(?:rtpmap|rtcp-fb):0 .*\\r\\n', '']]],
  ['munge-codecs', 'added', 'call', [['^(m=audio.*)$', '$1 9'], ['^(a=rtpmap:0 .*)$', '$1\r\na=rtpmap:9 G722/8000']]],
  ['munge-opus-fmtp', 'stereo', 'call', [['^(a=fmtp:\\d+ .*useinbandfec=1)', '$1;stereo=1']]],
  ['munge-opus-fmtp', 'dtx', 'call', [['^(a=fmtp:\\d+ .*useinbandfec=1)', '$1;usedtx=1']]],
  ['munge-rtcp-fb', 'audio-nack', 'call', [['^(a=rtpmap:(\\d+) opus.*)$', '$1\r\na=rtcp-fb:$2 nack']]],
  ['munge-h264-sps-pps-idr', '', 'h264', [['^(a=fmtp:\\d+ .*profile-level-id=42e01f)', '$1;sps-pps-idr-in-keyframe=1']]],
  ['munge-raw-packetization', '', 'call', [['^(a=rtpmap:(\\d+) VP8.*)$', '$1\r\na=packetization:$2 raw']]],
  ['munge-payload-type-or-ssrc', 'type', 'call', [['\\b(m=audio \\d+ \\S+) (?:111|109)\\b', '$1 121'], ['^a=(rtpmap|fmtp|rtcp-fb):(?:111|109)\\b', 'a=$1:121']]],
  ['munge-payload-type-or-ssrc', 'ssrc', 'sending', [['^a=ssrc:\\d+', 'a=ssrc:4711']]],
  ['munge-candidates-added', '', 'call', [['^a=mid:0', 'a=mid:0\r\na=candidate:1 1 udp 2130706431 192.0.2.7 5000 typ host']]],
  ['munge-bundle', 'removed', 'call', [['^a=group:BUNDLE.*\\r\\n', '']]],
  ['munge-rtcp-mux', 'removed', 'unbundled', [['^a=group:BUNDLE.*\\r\\n', ''], ['^a=rtcp-mux\\r\\n', '']]],
  ['munge-bandwidth', '', 'call', [['^(c=IN .*)$', '$1\r\nb=AS:500']]],
  ['munge-session-name', '', 'call', [['^s=.*', 's=other']]],
  ['munge-unknown-attribute', '', 'call', [['^a=mid:0', 'a=mid:0\r\na=x-google-munged:1']]],
];

const host = 'candidate:1 1 udp 2130706431 192.0.2.7 5000 typ host';

/** Each row: rule, what is special, what is given to `addIceCandidate` after a good answer. */
export const candidates = [
  ['good', 'candidate-mid', { candidate: host, sdpMid: '0' }],
  ['good', 'candidate-index', { candidate: host, sdpMLineIndex: 0 }],
  ['good', 'candidate-end', { candidate: '', sdpMid: '0' }],
  ['good', 'candidate-bundled', { candidate: host, sdpMid: '1' }],
  ['t-candidate-unknown-mid', '', { candidate: host, sdpMid: '9' }],
  ['t-candidate-unknown-mid', 'index', { candidate: host, sdpMLineIndex: 9 }],
  ['t-candidate-unknown-mid', 'index-ignored', { candidate: host, sdpMid: '9', sdpMLineIndex: 0 }],
  ['t-candidate-ufrag', '', { candidate: host, sdpMid: '0', usernameFragment: 'nope' }],
  ['t-candidate-ufrag', 'in-line', { candidate: `${host} ufrag nope`, sdpMid: '0' }],
  ['cand-syntax', 'trickled', { candidate: 'candidate:1 1 udp', sdpMid: '0' }],
  ['cand-type-unknown', 'trickled', { candidate: host.replace('host', 'unknown'), sdpMid: '0' }],
  ['cand-transport-unknown', 'trickled', { candidate: host.replace('udp', 'sctp'), sdpMid: '0' }],
  ['cand-port-range', 'trickled', { candidate: host.replace('5000', '12345678'), sdpMid: '0' }],
  ['cand-prefix', 'trickled', { candidate: `a=${host}`, sdpMid: '0' }],
];

//! The examples of RFC 3264, RFC 4317 and RFC 9429, by their facts.

use super::super::{MediaFate, Negotiation, Side};
use super::{contradictions, lines, told, with};
use crate::sdp::{Direction, Document};

#[test]
fn rfc_3264_section_10_1_basic_exchange() {
    let offer = "m=audio 49170 RTP/AVP 0\na=rtpmap:0 PCMU/8000\nm=video 51372 RTP/AVP 31\na=rtpmap:31 H261/90000\n\
        m=video 53000 RTP/AVP 32\na=rtpmap:32 MPV/90000\n";
    let answer = "m=audio 49920 RTP/AVP 0\na=rtpmap:0 PCMU/8000\nm=video 0 RTP/AVP 31\nm=video 53000 RTP/AVP 32\n\
        a=rtpmap:32 MPV/90000\n";
    assert_eq!(
        lines(offer, answer),
        ["audio sendrecv/sendrecv PCMU=0:0", "video port-zero", "video sendrecv/sendrecv MPV=32:32"]
    );
    assert_eq!(contradictions(offer, answer), []);

    // Bob adds a stream on which he wants DTMF, and moves his port.
    let again = "m=audio 65422 RTP/AVP 0\na=rtpmap:0 PCMU/8000\nm=video 0 RTP/AVP 31\nm=video 53000 RTP/AVP 32\n\
        a=rtpmap:32 MPV/90000\nm=audio 51434 RTP/AVP 110\na=rtpmap:110 telephone-events/8000\na=recvonly\n";
    let accepted = "m=audio 49170 RTP/AVP 0\na=rtpmap:0 PCMU/8000\nm=video 0 RTP/AVP 31\na=rtpmap:31 H261/90000\n\
        m=video 53000 RTP/AVP 32\na=rtpmap:32 MPV/90000\nm=audio 53122 RTP/AVP 110\na=rtpmap:110 telephone-events/8000\n\
        a=sendonly\n";
    let told = lines(again, accepted);
    assert_eq!(told[1], "video stopped");
    assert_eq!(told[3], "audio recvonly/sendonly telephone-events=110:110");
    let texts = [offer, answer, again, accepted].map(|text| Document::parse(text.as_bytes()));
    let mut negotiation = Negotiation::new();
    negotiation.round(&texts[0], &texts[1]);
    let round = negotiation.round(&texts[2], &texts[3]);
    let changes: Vec<_> = round.changes.into_iter().map(|change| (change.index, change.fate)).collect();
    assert_eq!((round.number, changes), (2, vec![(3, MediaFate::Added)]));
}

#[test]
fn rfc_3264_section_10_2_one_of_n_codecs() {
    let offer =
        "m=audio 62986 RTP/AVP 0 4 18\na=rtpmap:0 PCMU/8000\na=rtpmap:4 G723/8000\na=rtpmap:18 G729/8000\na=inactive\n";
    let answer = "m=audio 54344 RTP/AVP 0 4\na=rtpmap:0 PCMU/8000\na=rtpmap:4 G723/8000\na=inactive\n";
    assert_eq!(lines(offer, answer), ["audio inactive/inactive PCMU=0:0 G723=4:4"]);
    with(offer, answer, |agreement| {
        let refused: Vec<_> =
            agreement.media[0].refused_codecs.iter().map(|codec| (codec.name, codec.reason)).collect();
        assert_eq!(refused, [("G729", super::super::CodecRefusal::NotNamed)]);
    });
    let one = "m=audio 62986 RTP/AVP 4\na=rtpmap:4 G723/8000\na=sendrecv\n";
    assert_eq!(lines(one, one), ["audio sendrecv/sendrecv G723=4:4"]);
}

#[test]
fn rfc_4317_section_2_1_and_2_2_one_codec_of_many() {
    let offer = "m=audio 49170 RTP/AVP 0 8 97\na=rtpmap:0 PCMU/8000\na=rtpmap:8 PCMA/8000\na=rtpmap:97 iLBC/8000\n\
        m=video 51372 RTP/AVP 31 32\na=rtpmap:31 H261/90000\na=rtpmap:32 MPV/90000\n";
    let answer = "m=audio 49174 RTP/AVP 0\na=rtpmap:0 PCMU/8000\nm=video 49170 RTP/AVP 32\na=rtpmap:32 MPV/90000\n";
    assert_eq!(lines(offer, answer), ["audio sendrecv/sendrecv PCMU=0:0", "video sendrecv/sendrecv MPV=32:32"]);
    let audio = "m=audio 49172 RTP/AVP 0 8\na=rtpmap:0 PCMU/8000\na=rtpmap:8 PCMA/8000\nm=video 0 RTP/AVP 31\n";
    assert_eq!(lines(offer, audio), ["audio sendrecv/sendrecv PCMU=0:0 PCMA=8:8", "video port-zero"]);
}

#[test]
fn rfc_4317_section_2_4_a_line_for_dtmf_one_way() {
    let offer = "m=audio 49170 RTP/AVP 0 97\na=rtpmap:97 iLBC/8000\nm=audio 49172 RTP/AVP 98\n\
        a=rtpmap:98 telephone-event/8000\na=sendonly\n";
    let answer = "m=audio 49172 RTP/AVP 97\na=rtpmap:97 iLBC/8000\nm=audio 49174 RTP/AVP 98\n\
        a=rtpmap:98 telephone-event/8000\na=recvonly\n";
    assert_eq!(
        lines(offer, answer),
        ["audio sendrecv/sendrecv iLBC=97:97", "audio sendonly/recvonly telephone-event=98:98"]
    );
}

#[test]
fn rfc_4317_section_3_1_a_second_line_refuses_the_first() {
    let offer = "m=audio 49170 RTP/AVP 0\nm=audio 51372 RTP/AVP 97 101\na=rtpmap:97 iLBC/8000\na=rtpmap:101 telephone-event/8000\n";
    let answer =
        "m=audio 0 RTP/AVP 0\nm=audio 49170 RTP/AVP 97 101\na=rtpmap:97 iLBC/8000\na=rtpmap:101 telephone-event/8000\n";
    assert_eq!(lines(offer, answer), ["audio port-zero", "audio sendrecv/sendrecv iLBC=97:97 telephone-event=101:101"]);
}

/// The second round of RFC 9429, section 7.2: a bundle of four, simulcast offered and not taken, FlexFEC refused.
const OFFER_B2: &str = "a=ice-options:trickle ice2\na=group:BUNDLE a1 d1 v1 v2\na=group:LS a1 v1\n\
    m=audio 12200 UDP/TLS/RTP/SAVPF 96 0 8 97 98\na=mid:a1\na=sendrecv\na=rtpmap:96 opus/48000/2\n\
    a=rtpmap:97 telephone-event/8000\na=rtpmap:98 telephone-event/48000\n\
    a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid\na=extmap:2 urn:ietf:params:rtp-hdrext:ssrc-audio-level\n\
    a=ice-ufrag:7sFv\na=ice-pwd:dOTZKZNVlO9RSGsEGM63JXT2\n\
    a=fingerprint:sha-1 7B:8B:F0:65:5F:78:E2:51:3B:AC:6F:F3:3F:46:1B:35:DC:B8:5F:64\na=setup:actpass\n\
    a=rtcp-mux\na=rtcp-mux-only\na=rtcp-rsize\n\
    m=application 12200 UDP/DTLS/SCTP webrtc-datachannel\na=mid:d1\na=sctp-port:5000\na=max-message-size:65536\n\
    m=video 12200 UDP/TLS/RTP/SAVPF 100 101 102 103 104\na=mid:v1\na=sendrecv\na=rtpmap:100 VP8/90000\n\
    a=rtpmap:101 H264/90000\na=fmtp:101 packetization-mode=1;profile-level-id=42e01f\na=rtpmap:102 rtx/90000\n\
    a=fmtp:102 apt=100\na=rtpmap:103 rtx/90000\na=fmtp:103 apt=101\na=rtpmap:104 flexfec/90000\n\
    a=rtcp-fb:100 ccm fir\na=rtcp-fb:100 nack\na=rtcp-fb:100 nack pli\na=rid:1 send\na=rid:2 send\na=rid:3 send\n\
    a=simulcast:send 1;2;3\nm=video 12200 UDP/TLS/RTP/SAVPF 100\na=mid:v2\na=rtpmap:100 VP8/90000\n";
const ANSWER_B2: &str = "a=ice-options:trickle ice2\na=group:BUNDLE a1 d1 v1 v2\na=group:LS a1 v1\n\
    m=audio 12100 UDP/TLS/RTP/SAVPF 96 0 8 97 98\na=mid:a1\na=sendrecv\na=rtpmap:96 opus/48000/2\n\
    a=rtpmap:97 telephone-event/8000\na=rtpmap:98 telephone-event/48000\n\
    a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid\na=extmap:2 urn:ietf:params:rtp-hdrext:ssrc-audio-level\n\
    a=ice-ufrag:ATEn\na=ice-pwd:AtSK0WpNtpUjkY4+86js7ZQl\n\
    a=fingerprint:sha-1 29:E2:1C:3B:4B:9F:81:E6:B8:5C:F4:A5:A8:D8:73:04:BB:05:2F:70\na=setup:passive\n\
    a=rtcp-mux\na=rtcp-mux-only\na=rtcp-rsize\n\
    m=application 12100 UDP/DTLS/SCTP webrtc-datachannel\na=mid:d1\na=sctp-port:5000\na=max-message-size:65536\n\
    m=video 12100 UDP/TLS/RTP/SAVPF 100 101 102 103\na=mid:v1\na=recvonly\na=rtpmap:100 VP8/90000\n\
    a=rtpmap:101 H264/90000\na=fmtp:101 packetization-mode=1;profile-level-id=42e01f\na=rtpmap:102 rtx/90000\n\
    a=fmtp:102 apt=100\na=rtpmap:103 rtx/90000\na=fmtp:103 apt=101\n\
    a=rtcp-fb:100 ccm fir\na=rtcp-fb:100 nack\na=rtcp-fb:100 nack pli\n\
    m=video 12100 UDP/TLS/RTP/SAVPF 100\na=mid:v2\na=recvonly\na=rtpmap:100 VP8/90000\n";

#[test]
fn rfc_9429_section_7_2_a_bundle_with_simulcast_offered() {
    with(OFFER_B2, ANSWER_B2, |agreement| {
        assert_eq!(
            agreement.media.iter().map(told).collect::<Vec<_>>(),
            [
                "audio sendrecv/sendrecv opus=96:96 PCMU=0:0 PCMA=8:8 telephone-event=97:97 telephone-event=98:98",
                "application",
                "video sendonly/recvonly VP8=100:100 H264=101:101 rtx=102:102 rtx=103:103",
                "video sendonly/recvonly VP8=100:100",
            ]
        );
        assert_eq!(agreement.contradictions, []);
        let [transport] = agreement.transports.as_slice() else { panic!("one transport") };
        assert_eq!((transport.owner, transport.media.as_slice()), (0, &[0, 1, 2, 3][..]));
        let (ice, dtls) = (transport.ice.as_ref().unwrap(), transport.dtls.as_ref().unwrap());
        assert_eq!((ice.username_fragments.offerer, ice.username_fragments.answerer), (Some("7sFv"), Some("ATEn")));
        assert!(ice.has_option("trickle") && ice.controlling == Side::Offerer);
        assert_eq!(dtls.client, Some(Side::Offerer));
        let [audio, data, video, _] = agreement.media.as_slice() else { panic!("four m-lines") };
        assert_eq!((audio.rtcp_mux, audio.rtcp_rsize, video.rtcp_mux), (Some(true), Some(true), Some(true)));
        assert_eq!(audio.extensions.iter().map(|extension| extension.id).collect::<Vec<_>>(), [1, 2]);
        let sctp = data.sctp.unwrap();
        assert_eq!((sctp.ports.offerer, sctp.max_message_sizes.answerer), (Some(5000), 65536));
        let feedback: Vec<String> = video.codecs[0].feedback.iter().map(ToString::to_string).collect();
        assert_eq!(feedback, ["ccm fir", "nack", "nack pli"]);
        assert_eq!(video.refused_codecs.iter().map(|codec| codec.name).collect::<Vec<_>>(), ["flexfec"]);
        assert_eq!((video.rids.len(), &video.simulcast), (0, &None));
        assert_eq!(video.directions.map(|both| both.offerer), Some(Direction::SendOnly));
    });
}

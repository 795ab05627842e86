//! The rules one by one.

use super::super::{CodecRefusal, ContradictionKind, Side};
use super::{contradictions, lines, with};

#[test]
fn numbers_may_differ_and_repairs_follow_what_they_repair() {
    let offer = "m=video 9 RTP/AVPF 96 97 98 99 100 101\na=rtpmap:96 VP8/90000\na=rtpmap:97 rtx/90000\na=fmtp:97 apt=96\n\
        a=rtpmap:98 VP9/90000\na=rtpmap:99 rtx/90000\na=fmtp:99 apt=98\na=rtpmap:100 red/90000\na=rtpmap:101 rtx/90000\n\
        a=fmtp:101 apt=100\n";
    // Here 97 is VP8 and its RTX has the number that VP9 had.
    let answer = "m=video 9 RTP/AVPF 97 98 120 121\na=rtpmap:97 VP8/90000\na=rtpmap:98 rtx/90000\na=fmtp:98 apt=97\n\
        a=rtpmap:120 red/90000\na=rtpmap:121 rtx/90000\na=fmtp:121 apt=120\n";
    assert_eq!(lines(offer, answer), ["video sendrecv/sendrecv VP8=96:97 rtx=97:98 red=100:120 rtx=101:121"]);
    with(offer, answer, |agreement| {
        let video = &agreement.media[0];
        let repairs = video.codecs[1].repairs.unwrap();
        assert_eq!((repairs.offerer, repairs.answerer), (96, 97));
        let refused: Vec<_> = video.refused_codecs.iter().map(|codec| (codec.payload_type, codec.reason)).collect();
        assert_eq!(refused, [(98, CodecRefusal::NotNamed), (99, CodecRefusal::RepairsOther)]);
    });
}

#[test]
fn a_codec_offered_twice_is_told_apart_by_its_number() {
    let h264 = |number: u8, mode: u8, id: &str| {
        format!("a=rtpmap:{number} H264/90000\na=fmtp:{number} packetization-mode={mode};profile-level-id={id}\n")
    };
    let offer = format!(
        "m=video 9 RTP/AVPF 102 104 106\n{}{}{}",
        h264(102, 1, "42e01f"),
        h264(104, 1, "42e034"),
        h264(106, 0, "42e01f")
    );
    let answer = format!("m=video 9 RTP/AVPF 104 102\n{}{}", h264(104, 1, "42e034"), h264(102, 1, "42e01f"));
    assert_eq!(lines(&offer, &answer), ["video sendrecv/sendrecv H264=104:104 H264=102:102"]);
    let other = format!("m=video 9 RTP/AVPF 106\n{}", h264(106, 1, "640c1f"));
    assert_eq!(lines(&offer, &other), ["video no-common-format"]);
    with(&offer, &answer, |agreement| {
        let refused = agreement.media[0].refused_codecs[0];
        assert_eq!((refused.payload_type, refused.named_by), (106, Side::Offerer));
        assert_eq!(refused.reason, CodecRefusal::ParametersDiffer);
    });
}

#[test]
fn opus_red_belongs_to_its_opus() {
    let offer = "m=audio 9 RTP/AVPF 111 63\na=rtpmap:111 opus/48000/2\na=rtpmap:63 red/48000/2\na=fmtp:63 111/111\n";
    let answer = "m=audio 9 RTP/AVPF 109 63\na=rtpmap:109 opus/48000/2\na=rtpmap:63 red/48000/2\na=fmtp:63 109/109\n";
    assert_eq!(lines(offer, answer), ["audio sendrecv/sendrecv opus=111:109 red=63:63"]);
    let wrong = answer.replace("109/109", "111/111");
    assert_eq!(lines(offer, &wrong), ["audio sendrecv/sendrecv opus=111:109"]);
}

#[test]
fn each_direction_is_what_one_sends_and_the_other_wants() {
    let media = |direction: &str| format!("m=audio 9 RTP/AVP 0\na={direction}\n");
    let beyond = ContradictionKind::DirectionBeyondOffer;
    for (offered, answered, told, against) in [
        ("sendrecv", "sendrecv", "sendrecv/sendrecv", false),
        ("sendrecv", "recvonly", "sendonly/recvonly", false),
        ("sendrecv", "inactive", "inactive/inactive", false),
        ("sendonly", "recvonly", "sendonly/recvonly", false),
        ("sendonly", "sendrecv", "sendonly/recvonly", true),
        ("recvonly", "recvonly", "inactive/inactive", true),
        ("inactive", "sendonly", "inactive/inactive", true),
    ] {
        let (offer, answer) = (media(offered), media(answered));
        assert_eq!(lines(&offer, &answer), [format!("audio {told} PCMU=0:0")], "{offered} {answered}");
        assert_eq!(contradictions(&offer, &answer), if against { vec![beyond] } else { vec![] });
    }
    // The session's direction holds where the m-line says none.
    assert_eq!(lines("a=sendonly\nm=audio 9 RTP/AVP 0\n", &media("recvonly")), ["audio sendonly/recvonly PCMU=0:0"]);
}

#[test]
fn what_refuses_an_m_line_is_told() {
    let audio = "m=audio 9 RTP/AVP 0\n";
    assert_eq!(lines("m=audio 0 RTP/AVP 0\n", audio), ["audio stopped"]);
    assert_eq!(contradictions("m=audio 0 RTP/AVP 0\n", audio), [ContradictionKind::StoppedAccepted]);
    assert_eq!(lines(audio, ""), ["audio missing"]);
    assert_eq!(contradictions(audio, ""), [ContradictionKind::MediaCount]);
    assert_eq!(lines("", audio), ["audio not-offered"]);
    assert_eq!(lines(audio, "m=video 9 RTP/AVP 31\n"), ["audio kind-differs"]);
    assert_eq!(lines(audio, "m=audio 9 udp 0\n"), ["audio protocol-differs"]);
    assert_eq!(lines(audio, "m=audio 9 RTP/AVP 8\n"), ["audio no-common-format"]);
    assert_eq!(lines(audio, "m=audio nine RTP/AVP 0\n"), ["audio unreadable"]);
    assert_eq!(lines(audio, "m=audio 9 RTP/AVPF 0\n"), ["audio sendrecv/sendrecv PCMU=0:0"]);
    assert_eq!(contradictions(audio, "m=audio 9 RTP/AVPF 0\n"), [ContradictionKind::ProtocolDiffers]);
    let message = "m=message 7394 TCP/MSRP *\n";
    assert_eq!(lines(message, message), ["message sendrecv/sendrecv"]);
    with(message, message, |agreement| assert_eq!(agreement.media[0].formats, ["*"]));
}

#[test]
fn only_what_both_bundle_shares_a_transport() {
    let media = |group: &str, port: u16, more: &str| {
        format!("a=group:BUNDLE {group}\nm=audio 9 RTP/AVP 0\na=mid:a\nm=video {port} RTP/AVP 31\na=mid:v\n{more}")
    };
    let owners = |offer: &str, answer: &str| {
        with(offer, answer, |agreement| agreement.media.iter().map(|media| media.transport).collect::<Vec<_>>())
    };
    let both = media("a v", 9, "");
    assert_eq!(owners(&both, &both), [Some(0), Some(0)]);
    assert_eq!(owners(&both, &media("v a", 9, "")), [Some(1), Some(1)], "the answer says who is first");
    assert_eq!(owners(&both, &media("v", 9, "")), [Some(0), Some(1)]);
    assert_eq!(owners(&both, &media("a v", 0, "")), [Some(0), None]);
    assert_eq!(contradictions(&media("a", 9, ""), &both), [ContradictionKind::BundleNotOffered]);
    assert_eq!(owners(&media("a", 9, ""), &both), [Some(0), Some(1)]);
    // A line that waits for the bundle has port 0 in the offer only.
    let waiting = media("a v", 0, "a=bundle-only\n");
    assert_eq!(owners(&waiting, &both), [Some(0), Some(0)]);
    assert_eq!(lines(&waiting, &media("a", 9, ""))[1], "video not-bundled");
    assert_eq!(lines(&waiting, &waiting)[1], "video sendrecv/sendrecv H261=31:31");
    assert_eq!(contradictions(&waiting, &waiting), [ContradictionKind::BundleOnlyAnswered]);
}

#[test]
fn the_client_is_who_says_that_it_opens() {
    let media = |setup: &str| {
        let fingerprint = "md5 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF";
        let setup = if setup.is_empty() { String::new() } else { format!("a=setup:{setup}\n") };
        format!("m=audio 9 UDP/TLS/RTP/SAVPF 0\na=fingerprint:{fingerprint}\n{setup}")
    };
    let client = |offered: &str, answered: &str| {
        with(&media(offered), &media(answered), |agreement| {
            let conflict = agreement.contradictions.iter().any(|one| one.kind == ContradictionKind::SetupConflict);
            (agreement.transports[0].dtls.as_ref().unwrap().client, conflict)
        })
    };
    assert_eq!(client("actpass", "active"), (Some(Side::Answerer), false));
    assert_eq!(client("actpass", "passive"), (Some(Side::Offerer), false));
    assert_eq!(client("active", "passive"), (Some(Side::Offerer), false));
    assert_eq!(client("passive", "active"), (Some(Side::Answerer), false));
    assert_eq!(client("active", "active"), (None, true));
    assert_eq!(client("actpass", "actpass"), (None, true));
    assert_eq!(client("actpass", ""), (None, false), "the answer does not say");
    assert_eq!(client("actpass", "holdconn"), (None, false));
    let plain = "m=audio 9 UDP/TLS/RTP/SAVPF 0\n";
    assert_eq!(contradictions(&media("actpass"), plain), [ContradictionKind::FingerprintMissing]);
}

#[test]
fn a_lite_agent_never_controls_a_full_one() {
    let ufrag = "m=audio 9 RTP/AVP 0\na=ice-ufrag:abcd\n";
    let lite = format!("a=ice-lite\n{ufrag}");
    let controlling =
        |offer: &str, answer: &str| with(offer, answer, |both| both.transports[0].ice.as_ref().unwrap().controlling);
    assert_eq!(controlling(ufrag, &lite), Side::Offerer);
    assert_eq!(controlling(&lite, ufrag), Side::Answerer);
    assert_eq!(controlling(&lite, &lite), Side::Offerer);
    assert_eq!(contradictions(ufrag, "m=audio 9 RTP/AVP 0\n"), [ContradictionKind::IceCredentialsMissing]);
}

#[test]
fn extensions_are_those_of_both_with_the_id_of_the_answer() {
    let offer = "m=audio 9 RTP/AVP 0\na=extmap:1 urn:one\na=extmap:2/sendonly urn:two\na=extmap:4096 urn:three\na=extmap:4 urn:four\n";
    let answer = "m=audio 9 RTP/AVP 0\na=extmap:1 urn:one\na=extmap:2/recvonly urn:two\na=extmap:7 urn:three\na=extmap:9 urn:new\n";
    with(offer, answer, |agreement| {
        let audio = &agreement.media[0];
        let found: Vec<_> = audio.extensions.iter().map(|one| (one.uri, one.id, one.offered_id)).collect();
        assert_eq!(found, [("urn:one", 1, None), ("urn:two", 2, None), ("urn:three", 7, Some(4096))]);
        assert_eq!(audio.extensions[1].directions.offerer.name(), "sendonly");
        assert_eq!(audio.refused_extensions, ["urn:four"]);
    });
    assert_eq!(contradictions(offer, answer), [ContradictionKind::ExtensionNotOffered]);
    let moved = "m=audio 9 RTP/AVP 0\na=extmap:5 urn:one\n";
    assert_eq!(contradictions(offer, moved), [ContradictionKind::ExtensionIdDiffers]);
}

#[test]
fn simulcast_is_what_one_sends_and_the_other_receives() {
    let offer =
        "m=video 9 RTP/AVP 31\na=rid:h send\na=rid:m send max-width=640\na=rid:l send\na=simulcast:send h;m;~l\n";
    let answer = "m=video 9 RTP/AVP 31\na=rid:h recv\na=rid:l recv\na=rid:x recv\na=simulcast:recv h,x;l\n";
    with(offer, answer, |agreement| {
        let video = &agreement.media[0];
        assert_eq!(
            video.rids.iter().map(|rid| (rid.id, rid.sender)).collect::<Vec<_>>(),
            [("h", Side::Offerer), ("l", Side::Offerer)]
        );
        let sends = &video.simulcast.as_ref().unwrap().sends;
        let sent: Vec<_> = sends.offerer.iter().flatten().map(|stream| (stream.id, stream.paused)).collect();
        assert_eq!((sent, sends.answerer.len()), (vec![("h", false), ("l", true)], 0));
    });
    assert_eq!(contradictions(offer, answer), [ContradictionKind::RidNotOffered]);
}

#[test]
fn rtcp_is_multiplexed_where_both_say_so() {
    let media = |more: &str| format!("m=audio 9 RTP/AVP 0\n{more}");
    let mux = |offer: &str, answer: &str| with(&media(offer), &media(answer), |both| both.media[0].rtcp_mux);
    assert_eq!(mux("a=rtcp-mux\n", "a=rtcp-mux\n"), Some(true));
    assert_eq!(mux("a=rtcp-mux\n", ""), Some(false));
    let only = ContradictionKind::RtcpMuxRefused;
    assert_eq!(contradictions(&media("a=rtcp-mux-only\n"), &media("")), [only]);
    assert_eq!(contradictions(&media(""), &media("a=rtcp-mux\n")), [ContradictionKind::RtcpMuxNotOffered]);
}

#[test]
fn keys_in_the_description_need_the_offered_number_and_name() {
    let media = |tag: u32| {
        format!(
            "m=audio 9 RTP/SAVP 0\na=crypto:{tag} AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz\n"
        )
    };
    let suite = |answer: &str| with(&media(1), answer, |both| both.media[0].crypto_suite.map(str::to_owned));
    assert_eq!(suite(&media(1)).as_deref(), Some("AES_CM_128_HMAC_SHA1_80"));
    assert_eq!(suite(&media(2)), None);
}

use super::*;

const INVITE: &str = "INVITE sip:b SIP/2.0|From: a<a>#tag=1;To: b;CSeq: 1 INVITE|";

fn run(messages: &[String]) -> Vec<String> {
    let mut dialogs = Dialogs::new(10);
    let mut found = Vec::new();
    for text in messages {
        let (first, rest) = text.split_once('|').unwrap();
        let (fields, body) = rest.split_once('|').unwrap();
        // `;` parts the fields here, `#` stands for the one before a tag.
        let head = fields.replace(';', "\r\n").replace('#', ";");
        let text = format!("{first}\r\nCall-ID: c\r\n{head}\r\nContent-Type: application/sdp\r\n\r\n{body}");
        for said in dialogs.observe(&Message::parse(text.as_bytes()).unwrap()) {
            let what = match said.what {
                Exchanged::Description(kind, sdp) => format!("{} {sdp}", kind.map_or("?", DescriptionType::name)),
                Exchanged::Word(word, said) => format!("{} {said}", word.name()),
            };
            found.push(
                format!("{:?} {what} {}", said.speaker, said.addressing.thread.unwrap_or_default())
                    .trim_end()
                    .to_owned(),
            );
        }
    }
    found
}

fn invite(body: &str) -> String {
    format!("{INVITE}{body}")
}

fn response(status: &str, to: &str, cseq: &str, more: &str, body: &str) -> String {
    format!("SIP/2.0 {status}|From: a<a>#tag=1;To: b#tag={to};CSeq: {cseq}{more}|{body}")
}

#[test]
fn an_invite_is_answered_by_its_2xx_and_early_media_comes_before() {
    let found = run(&[
        invite("v=0 o"),
        invite("v=0 o"),
        response("183 Progress", "2", "1 INVITE", "", "v=0 p"),
        response("183 Progress", "2", "1 INVITE", "", "v=0 p"),
        response("200 OK", "2", "1 INVITE", "", "v=0 a"),
        response("200 OK", "2", "1 INVITE", "", "v=0 a"),
        "BYE sip:a SIP/2.0|From: b#tag=2;To: a#tag=1;CSeq: 9 BYE|".to_owned(),
    ]);
    assert_eq!(found, ["Client offer v=0 o", "Server pranswer v=0 p 2", "Server answer v=0 a 2", "Server bye BYE 2"]);
}

#[test]
fn an_offer_in_the_2xx_is_answered_in_the_ack() {
    let found = run(&[
        invite(""),
        response("200 OK", "2", "1 INVITE", "", "v=0 o"),
        "ACK sip:b SIP/2.0|From: a#tag=1;To: b#tag=2;CSeq: 1 ACK|v=0 a".to_owned(),
    ]);
    assert_eq!(found, ["Server offer v=0 o 2", "Client answer v=0 a 2"]);
}

#[test]
fn a_reliable_18x_answers_and_prack_and_update_offer_anew() {
    let found = run(&[
        invite("v=0 o"),
        response("183 Progress", "2", "1 INVITE", ";RSeq: 1", "v=0 a"),
        "PRACK sip:b SIP/2.0|From: a#tag=1;To: b#tag=2;CSeq: 2 PRACK|v=0 o2".to_owned(),
        response("200 OK", "2", "2 PRACK", "", "v=0 a2"),
        "UPDATE sip:b SIP/2.0|From: a#tag=1;To: b#tag=2;CSeq: 3 UPDATE|v=0 o3".to_owned(),
        response("200 OK", "2", "3 UPDATE", "", "v=0 a3"),
        response("200 OK", "2", "1 INVITE", "", "v=0 a"),
    ]);
    let kinds: Vec<&str> = found.iter().map(|said| said.split(' ').nth(1).unwrap()).collect();
    assert_eq!(kinds, ["offer", "answer", "offer", "answer", "offer", "answer"]);
}

#[test]
fn each_fork_answers_and_a_refusal_takes_the_offer_back() {
    let found = run(&[
        invite("v=0 o"),
        response("183 Progress", "2", "1 INVITE", "", "v=0 p"),
        response("200 OK", "3", "1 INVITE", "", "v=0 a"),
    ]);
    assert_eq!(found, ["Client offer v=0 o", "Server pranswer v=0 p 2", "Server answer v=0 a 3"]);
    let found = run(&[
        invite("v=0 o"),
        response("407 Who", "2", "1 INVITE", "", ""),
        "INVITE sip:b SIP/2.0|From: a#tag=1;To: b;CSeq: 2 INVITE|v=0 o".to_owned(),
        response("486 Busy", "2", "2 INVITE", "", ""),
    ]);
    let kinds: Vec<&str> = found.iter().map(|said| said.split(' ').nth(1).unwrap()).collect();
    assert_eq!(kinds, ["offer", "rollback", "offer", "rollback", "refused"]);
}

#[test]
fn an_answer_to_what_was_not_captured_is_not_guessed() {
    let found = run(&[response("200 OK", "2", "1 INVITE", "", "v=0 a")]);
    assert_eq!(found, ["Server ? v=0 a 2"]);
    let found = run(&["ACK sip:b SIP/2.0|From: a#tag=1;To: b#tag=2;CSeq: 1 ACK|v=0 a".to_owned()]);
    assert_eq!(found, ["Client answer v=0 a 2"]);
}

#[test]
fn a_prack_offers_though_the_callee_has_offered_before() {
    let found = run(&[
        invite("v=0 o"),
        response("200 OK", "2", "1 INVITE", "", "v=0 a"),
        "INVITE sip:a SIP/2.0|From: b#tag=2;To: a#tag=1;CSeq: 1 INVITE|v=0 o2".to_owned(),
        "SIP/2.0 200 OK|From: b#tag=2;To: a#tag=1;CSeq: 1 INVITE|v=0 a2".to_owned(),
        "PRACK sip:b SIP/2.0|From: a#tag=1;To: b#tag=2;CSeq: 2 PRACK|v=0 o3".to_owned(),
    ]);
    let kinds: Vec<&str> = found.iter().map(|said| said.split(' ').nth(1).unwrap()).collect();
    assert_eq!(kinds, ["offer", "answer", "offer", "answer", "offer"]);
}

#[test]
fn a_description_is_found_in_a_body_in_a_body() {
    let text = "INVITE sip:b SIP/2.0\r\nCall-ID: 1\r\nFrom: a;tag=1\r\nTo: b\r\nCSeq: 1 INVITE\r\n\
        Content-Type: multipart/mixed;\r\n boundary=\"out;er\"\r\n\r\n--out;er\r\n\
        Content-Type: multipart/alternative;\r\n boundary=in\r\n\r\n--in\r\nContent-Type: text/plain\r\n\r\nno\r\n\
        --in\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n\r\n--in--\r\n--out;er--\r\n";
    let mut dialogs = Dialogs::new(10);
    let found = dialogs.observe(&Message::parse(text.as_bytes()).unwrap());
    assert_eq!(found[0].what, Exchanged::Description(Some(DescriptionType::Offer), "v=0\r\n".to_owned()));
}

#[test]
fn calls_are_bounded() {
    let mut dialogs = Dialogs::new(10);
    for number in 0..1000 {
        let text =
            format!("INVITE sip:b SIP/2.0\r\nCall-ID: {number}\r\nFrom: a;tag=1\r\nTo: b\r\nCSeq: 1 INVITE\r\n\r\n");
        dialogs.observe(&Message::parse(text.as_bytes()).unwrap());
    }
    assert_eq!((dialogs.calls.len(), dialogs.order.len()), (10, 10));
}

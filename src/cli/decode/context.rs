//! What is known of a stream that its packets do not say: `--extmap`, `--codec`, `--srtp`.

use crate::cli::args::{MediaArguments, SrtpLayout};
use crate::cli::fault::Fault;
use crate::cli::spelling::nearest;
use crate::wire::rtcp::{SecureLayout, SecureTrailer};
use crate::wire::rtp::extension::Kind;
use crate::wire::rtp::payload::Codec;

/// What the options of a stream say.
#[derive(Debug, Default)]
pub(super) struct MediaContext {
    extensions: Vec<(u8, Kind)>,
    /// The format of the payload.
    pub(super) codec: Option<Codec>,
    /// Whether all behind the header is encrypted, and how.
    pub(super) srtp: Option<SrtpLayout>,
}

impl MediaContext {
    /// Takes what `arguments` say.
    pub(super) fn new(arguments: &MediaArguments) -> Result<Self, Fault> {
        let mut context = Self { srtp: arguments.srtp, ..Self::default() };
        for text in &arguments.extmap {
            let (id, kind) = extension(text)?;
            if context.extension(id).is_some() {
                let expected = "every id once";
                return Err(Fault::Option { option: "--extmap", expected, found: text.clone() });
            }
            context.extensions.push((id, kind));
        }
        context.codec = arguments.codec.as_deref().map(codec).transpose()?;
        Ok(context)
    }

    /// What the id of a header extension stands for.
    pub(super) fn extension(&self, id: u8) -> Option<Kind> {
        self.extensions.iter().find(|(known, _)| *known == id).map(|(_, kind)| *kind)
    }

    /// Where the trailer of this SRTCP packet stands: as said, or as it seems.
    pub(super) fn trailer(&self, bytes: &[u8]) -> Result<Option<SecureTrailer>, Fault> {
        let layout = match self.srtp {
            None => return Ok(None),
            Some(SrtpLayout::Auto) => return Ok(SecureTrailer::infer(bytes)),
            Some(SrtpLayout::Hmac) => SecureLayout::Hmac,
            Some(SrtpLayout::Gcm) => SecureLayout::Gcm,
        };
        let wrong = |source| Fault::NotMessage { expected: "SRTCP", length: bytes.len(), source };
        SecureTrailer::parse(bytes, layout).map(Some).map_err(wrong)
    }

    /// Refuses options that say nothing of `found`, which is neither RTP nor RTCP.
    pub(super) fn refuse(arguments: &MediaArguments, found: &'static str) -> Result<(), Fault> {
        Self::refuse_rtp(arguments, found)?;
        match arguments.srtp {
            Some(_) => Err(Fault::Misplaced { option: "--srtp", expected: "RTP or RTCP", found }),
            None => Ok(()),
        }
    }

    /// Refuses options that only RTP has a use for.
    pub(super) fn refuse_rtp(arguments: &MediaArguments, found: &'static str) -> Result<(), Fault> {
        let misplaced = |option| Err(Fault::Misplaced { option, expected: "RTP", found });
        match (arguments.extmap.is_empty(), &arguments.codec) {
            (false, _) => misplaced("--extmap"),
            (true, Some(_)) => misplaced("--codec"),
            (true, None) => Ok(()),
        }
    }
}

/// `ID=URI` or `ID=NAME`.
fn extension(text: &str) -> Result<(u8, Kind), Fault> {
    let expected = "ID=URI or ID=NAME with an id from 1 to 255";
    let wrong = || Fault::Option { option: "--extmap", expected, found: text.to_owned() };
    let (id, name) = text.split_once('=').ok_or_else(wrong)?;
    let id = id.trim().parse().ok().filter(|id| *id > 0).ok_or_else(wrong)?;
    let name = name.trim();
    let named = Kind::ALL.iter().copied().find(|kind| kind.name().eq_ignore_ascii_case(name));
    let kind = Kind::from_uri(name).or(named).ok_or_else(|| {
        // A URI of another version or origin is compared by its last part.
        let tail = name.rsplit(['/', '#', ':']).next().unwrap_or(name);
        let names: Vec<_> = Kind::ALL.iter().map(|kind| kind.name()).collect();
        let expected = "the URI or the name of a known header extension";
        Fault::Name { option: "--extmap", expected, found: name.to_owned(), hint: hint(tail, &names) }
    })?;
    Ok((id, kind))
}

fn codec(name: &str) -> Result<Codec, Fault> {
    Codec::from_name(name).ok_or_else(|| {
        let names: Vec<_> = Codec::ALL.iter().map(|codec| codec.name()).collect();
        let expected = "a payload format whose header is read";
        Fault::Name { option: "--codec", expected, found: name.to_owned(), hint: hint(name, &names) }
    })
}

fn hint(found: &str, names: &[&str]) -> String {
    match nearest(found, names).as_slice() {
        [] => format!("known are {}", names.join(", ")),
        near => format!("is it {}?", near.join(" or ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(extmap: &[&str], codec: Option<&str>) -> MediaArguments {
        let extmap = extmap.iter().map(|text| (*text).to_owned()).collect();
        MediaArguments { extmap, codec: codec.map(str::to_owned), srtp: None }
    }

    #[test]
    fn an_extension_is_named_by_its_uri_or_its_name() {
        let uri = format!("3={}", Kind::AbsoluteSendTime.uri());
        let context = MediaContext::new(&arguments(&[&uri, "4=SDES:mid"], Some("vp8"))).unwrap();
        assert_eq!(context.extension(3), Some(Kind::AbsoluteSendTime));
        assert_eq!(context.extension(4), Some(Kind::Mid));
        assert_eq!(context.extension(5), None);
        assert_eq!(context.codec, Some(Codec::Vp8));
    }

    #[test]
    fn a_wrong_option_says_what_was_probably_meant() {
        let fault = |extmap: &[&str], codec| MediaContext::new(&arguments(extmap, codec)).unwrap_err().to_string();
        for (extmap, codec, part) in [
            (&["abs-send-time"][..], None, "expected ID=URI or ID=NAME"),
            (&["0=abs-send-time"], None, "1 to 255"),
            (&["256=abs-send-time"], None, "1 to 255"),
            (&["3=abs-sent-time"], None, "(is it abs-send-time?)"),
            (&["3=http://example.org/hdrext/toffset"], None, "(is it toffset?)"),
            (&["3=toffset", "3=abs-send-time"], None, "every id once"),
            (&[], Some("vp7"), "(is it VP8 or VP9?)"),
            (&[], Some("quicktime"), "(known are rtx, red, "),
        ] {
            assert!(fault(extmap, codec).contains(part), "{}", fault(extmap, codec));
        }
    }
}

//! The numbers that version 3 has for names. Numbers that are not here, and names, stand for themselves.

/// Methods and events.
const METHODS: &[(&str, &str)] = &[
    ("g", "getStats"),
    ("1", "getStats"),
    ("2", "createOffer"),
    ("3", "createOfferOnSuccess"),
    ("4", "createAnswer"),
    ("5", "createAnswerOnSuccess"),
    ("6", "setLocalDescription"),
    ("7", "setLocalDescriptionOnSuccess"),
    ("8", "setRemoteDescription"),
    ("9", "setRemoteDescriptionOnSuccess"),
    ("10", "addIceCandidate"),
    ("11", "addIceCandidateOnSuccess"),
    ("12", "createOfferOnFailure"),
    ("13", "createAnswerOnFailure"),
    ("14", "setLocalDescriptionOnFailure"),
    ("15", "setRemoteDescriptionOnFailure"),
    ("16", "addIceCandidateOnFailure"),
    ("20", "onicecandidate"),
    ("21", "onicecandidateerror"),
    ("23", "onsignalingstatechange"),
    ("24", "oniceconnectionstatechange"),
    ("25", "onconnectionstatechange"),
    ("26", "onicegatheringstatechange"),
    ("36", "close"),
];

/// Types of objects of statistics, by number from 1.
const KINDS: &[&str] = &[
    "inbound-rtp",
    "outbound-rtp",
    "remote-inbound-rtp",
    "remote-outbound-rtp",
    "transport",
    "candidate-pair",
    "local-candidate",
    "remote-candidate",
    "data-channel",
    "peer-connection",
    "certificate",
    "media-source",
    "media-playout",
    "codec",
];

/// Members of objects of statistics, by number from 0; empty where a number has none.
#[rustfmt::skip]
const PROPERTIES: &[&str] = &[
    "", "", "", "", "payloadType", "transportId", "mimeType", "clockRate", "channels", "sdpFmtpLine", "ssrc",
    "kind", "codecId", "", "packetsReceived", "packetsLost", "jitter", "trackIdentifier", "mid", "remoteId",
    "framesDecoded", "keyFramesDecoded", "framesDropped", "frameWidth", "frameHeight", "framesPerSecond",
    "qpSum", "totalDecodeTime", "totalInterFrameDelay", "totalSquaredInterFrameDelay", "pauseCount",
    "totalPausesDuration", "freezeCount", "totalFreezesDuration", "lastPacketReceivedTimestamp",
    "headerBytesReceived", "packetsDiscarded", "fecPacketsReceived", "fecPacketsDiscarded",
    "fecBytesReceived", "fecSsrc", "bytesReceived", "nackCount", "firCount", "pliCount",
    "totalProcessingDelay", "estimatedPlayoutTimestamp", "jitterBufferDelay", "jitterBufferTargetDelay",
    "jitterBufferEmittedCount", "jitterBufferMinimumDelay", "totalSamplesReceived", "concealedSamples",
    "silentConcealedSamples", "concealmentEvents", "insertedSamplesForDeceleration",
    "removedSamplesForAcceleration", "audioLevel", "totalAudioEnergy", "totalSamplesDuration",
    "framesReceived", "decoderImplementation", "playoutId", "powerEfficientDecoder",
    "framesAssembledFromMultiplePackets", "totalAssemblyTime", "contentType", "googTimingFrameInfo",
    "retransmittedPacketsReceived", "retransmittedBytesReceived", "rtxSsrc", "totalCorruptionProbability",
    "totalSquaredCorruptionProbability", "corruptionMeasurements", "localId", "roundTripTime",
    "totalRoundTripTime", "fractionLost", "roundTripTimeMeasurements", "packetsSent", "bytesSent",
    "mediaSourceId", "rid", "encodingIndex", "headerBytesSent", "retransmittedPacketsSent",
    "retransmittedBytesSent", "targetBitrate", "totalEncodedBytesTarget", "framesSent", "hugeFramesSent",
    "framesEncoded", "keyFramesEncoded", "totalEncodeTime", "totalPacketSendDelay", "qualityLimitationReason",
    "qualityLimitationDurations", "qualityLimitationResolutionChanges", "encoderImplementation",
    "powerEfficientEncoder", "active", "scalabilityMode", "remoteTimestamp", "reportsSent", "echoReturnLoss",
    "echoReturnLossEnhancement", "width", "height", "frames", "synthesizedSamplesDuration",
    "synthesizedSamplesEvents", "totalPlayoutDelay", "totalSamplesCount", "dataChannelsOpened",
    "dataChannelsClosed", "label", "protocol", "dataChannelIdentifier", "state", "messagesSent",
    "messagesReceived", "iceRole", "iceLocalUsernameFragment", "dtlsState", "iceState",
    "selectedCandidatePairId", "localCertificateId", "remoteCertificateId", "tlsVersion", "dtlsCipher",
    "dtlsRole", "srtpCipher", "selectedCandidatePairChanges", "rtcpTransportStatsId", "address", "port",
    "candidateType", "priority", "url", "relayProtocol", "foundation", "relatedAddress", "relatedPort",
    "usernameFragment", "tcpType", "networkType", "", "", "localCandidateId", "remoteCandidateId",
    "nominated", "lastPacketSentTimestamp", "currentRoundTripTime", "availableOutgoingBitrate",
    "availableIncomingBitrate", "requestsReceived", "requestsSent", "responsesReceived", "responsesSent",
    "consentRequestsSent", "packetsDiscardedOnSend", "bytesDiscardedOnSend", "", "fingerprint",
    "fingerprintAlgorithm", "base64Certificate", "issuerCertificateId", "psnrMeasurements", "psnrSum",
    "packetsReceivedWithEct1", "packetsReceivedWithCe", "packetsReportedAsLost",
    "packetsReportedAsLostButRecovered", "packetsWithBleachedEct1Marking", "packetsSentWithEct1",
    "ccfbMessagesSent", "ccfbMessagesReceived",
];

/// The name of a method.
pub(super) fn method_of(written: &str) -> &str {
    METHODS.iter().find(|(number, _)| *number == written).map_or(written, |(_, name)| name)
}

/// The name of a type.
pub(super) fn kind_of(written: &str) -> &str {
    let number = written.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    number.and_then(|number| KINDS.get(number)).map_or(written, |name| name)
}

/// The name of a member.
pub(super) fn property_of(written: &str) -> &str {
    if written == "t" {
        return "timestamp";
    }
    let number = written.parse::<usize>().ok();
    number.and_then(|number| PROPERTIES.get(number)).filter(|name| !name.is_empty()).map_or(written, |name| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_are_the_same() {
        assert_eq!((method_of("6"), method_of("close"), method_of("777")), ("setLocalDescription", "close", "777"));
        assert_eq!(
            (kind_of("1"), kind_of("14"), kind_of("0"), kind_of("codec")),
            ("inbound-rtp", "codec", "0", "codec")
        );
        assert_eq!((property_of("4"), property_of("123"), property_of("13")), ("payloadType", "dtlsState", "13"));
        assert_eq!(
            (property_of("176"), property_of("177"), property_of("mid")),
            ("ccfbMessagesReceived", "177", "mid")
        );
    }
}

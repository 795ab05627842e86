#!/usr/bin/env bash
# Wall time and peak memory of rtcscope, tcpdump and tshark on the same capture, in one run, file in the page cache.
#
#     benches/compare.sh [CAPTURE]            compare on CAPTURE
#     SECONDS_LONG=300 benches/compare.sh     and show that memory does not grow with the length of a capture
#
# Without CAPTURE one is synthesised (200 calls of 30 s, 1.8 million packets, 1.2 GB) by tools/synth_capture.py in the
# folder that RTCSCOPE_CORPUS names, and kept in ${TMPDIR:-/tmp}.  Needs python3, tcpdump and tshark.
set -euo pipefail
cd "$(dirname "$0")/.."
scratch=${TMPDIR:-/tmp}
program=${RTCSCOPE:-target/release/rtcscope}
[ -n "${RTCSCOPE:-}" ] || cargo build --release --quiet

synthesize() { # FILE SECONDS
    [ -s "$1" ] && return
    echo "synthesising $1 …" >&2
    python3 "${RTCSCOPE_CORPUS:?names the folder with tools/synth_capture.py}/tools/synth_capture.py" \
        --calls 200 --seconds "$2" --out "$1.part" --truth "$1.truth.json"
    mv "$1.part" "$1"
}

measure() { # LABEL COMMAND…: a row of wall seconds, peak resident MiB and the command
    python3 - "$@" <<'PYTHON'
import os, subprocess, sys, time
label, command = sys.argv[1], sys.argv[2:]
rounds = int(os.environ.get("ROUNDS", "3"))
walls, peaks = [], []
for _ in range(rounds):
    begun = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    walls.append(time.monotonic() - begun)
    peaks.append(usage.ru_maxrss / 1024)
    if status:
        sys.exit("%s failed: %s" % (label, " ".join(command)))
print("%-30s %9.2f s %9.1f MiB" % (label, min(walls), max(peaks)))
PYTHON
}

compare() { # FILE: the best of ROUNDS runs each
    cat "$1" >/dev/null
    echo "$1, $(($(stat -c %s "$1") / 1048576)) MiB, best of ${ROUNDS:-3}"
    printf '%-30s %11s %13s\n' program wall 'peak memory'
    measure 'tcpdump --count' tcpdump -r "$1" --count
    measure 'rtcscope analyze' "$program" analyze -o /dev/null "$1"
    measure 'rtcscope analyze, JSON' "$program" analyze --format json -o /dev/null "$1"
    if [ -z "${WITHOUT_TSHARK:-}" ]; then
        ROUNDS=1 measure 'tshark -z rtp,streams' tshark -n -r "$1" -q --enable-heuristic rtp_udp -z rtp,streams
        ROUNDS=1 measure 'tshark -Y stun' tshark -n -r "$1" -Y stun -T fields -e frame.number
    fi
}

capture=${1:-$scratch/rtcscope-synth-200x30.pcap}
[ -n "${1:-}" ] || synthesize "$capture" 30
compare "$capture"
if [ -n "${SECONDS_LONG:-}" ]; then
    long=$scratch/rtcscope-synth-200x$SECONDS_LONG.pcap
    synthesize "$long" "$SECONDS_LONG"
    echo "$long, $(($(stat -c %s "$long") / 1048576)) MiB"
    ROUNDS=1 measure 'rtcscope analyze' "$program" analyze -o /dev/null "$long"
fi

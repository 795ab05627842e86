#!/usr/bin/env bash
# Makes the program of the release that the action is of, and puts it on the path of the next steps.
set -euo pipefail
if command -v rtcscope >/dev/null; then
  exit 0
fi
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
cargo install --quiet --locked --path "$here/../../.." --root "${RUNNER_TEMP:-/tmp}/rtcscope"
echo "${RUNNER_TEMP:-/tmp}/rtcscope/bin" >> "${GITHUB_PATH:-/dev/null}"

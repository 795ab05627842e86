#!/usr/bin/env bash
# Annotates the lines at fault, writes SARIF where it is asked for, and fails as `rtcscope sdp lint` does.
#
# SDP_LINT_FILES      files, folders and globs, separated by white space
# SDP_LINT_ARGUMENTS  further arguments
# SDP_LINT_FAIL_ON    error, warning, info or never
# SDP_LINT_SARIF      a file for SARIF, or empty
set -uo pipefail
# Globs are the program's: it says where one matches nothing.
set -f
read -ra files <<< "${SDP_LINT_FILES:-.}"
read -ra arguments <<< "${SDP_LINT_ARGUMENTS:-}"
program="${RTCSCOPE:-rtcscope}"
fail_on=(--fail-on "${SDP_LINT_FAIL_ON:-error}")
written=0
if [ -n "${SDP_LINT_SARIF:-}" ]; then
  "$program" sdp lint --format sarif -o "$SDP_LINT_SARIF" "${fail_on[@]}" ${arguments[@]+"${arguments[@]}"} -- "${files[@]}"
  written=$?
fi
"$program" sdp lint --format github "${fail_on[@]}" ${arguments[@]+"${arguments[@]}"} -- "${files[@]}"
code=$?
# SARIF that could not be written is a failure of its own.
if [ "$written" -gt "$code" ]; then
  code=$written
fi
echo "exit-code=$code" >> "${GITHUB_OUTPUT:-/dev/null}"
exit "$code"

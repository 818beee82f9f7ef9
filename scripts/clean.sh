#!/usr/bin/env bash
# Deletes what was built; installed tools stay.
source "$(dirname "$0")/env.sh"
rm -rf target "$TERRACE_TARGET" end2end/test-results end2end/playwright-report

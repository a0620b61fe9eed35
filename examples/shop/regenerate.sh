#!/usr/bin/env bash
# Checks that the committed migrations say what the structs say, and that generating them anew
# gives the same SQL.
set -euo pipefail
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)
cargo build --quiet --manifest-path "$root/Cargo.toml" -p cargo-migrate
migrate=${CARGO_TARGET_DIR:-$root/target}/debug/cargo-migrate

"$migrate" migrate validate
"$migrate" migrate check
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
"$migrate" migrate generate create_shop --dir "$fresh"
diff <(cat migrations/*_create_shop.sql) <(cat "$fresh"/*_create_shop.sql)
echo 'the shop: generated again, no difference'

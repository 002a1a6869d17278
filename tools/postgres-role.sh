#!/usr/bin/env bash
# Run once by the PostgreSQL image of compose.yaml in its empty data folder: the login role and the database of Botyard.
# The role is no superuser (decisions.md 1): row-level security holds for it. CREATEROLE lets `botyard migrate` make its two
# NOLOGIN roles.
set -euo pipefail
password=$(cat "$POSTGRES_PASSWORD_FILE")
psql --set=ON_ERROR_STOP=1 --set=password="$password" --username postgres <<'SQL'
create role botyard login nosuperuser createrole password :'password';
create database botyard owner botyard;
SQL

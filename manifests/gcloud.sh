#!/usr/bin/env bash
# Sets up Threadline on Google Cloud, step by step; manifests/README.md explains
# each. Every step can be repeated. GCLOUD=echo shows what would be done.
set -euo pipefail
cd "$(dirname "$0")"

gcloud=${GCLOUD:-gcloud}
region=${REGION:-europe-west1}
database=${DATABASE:-threadline}

usage() {
  cat >&2 <<'END'
usage: PROJECT=… gcloud.sh STEP…
steps, in order: apis database rules indexes bucket key account pubsub deploy
also: key-file (prints a new key and changes nothing)
variables: PROJECT, REGION, DATABASE, BUCKET, IMAGE, PUBLIC_URL, OWN_DOMAIN, GCLOUD
END
  exit 2
}

need() { for name in "$@"; do [ -n "${!name:-}" ] || { echo "set $name" >&2; exit 2; }; done; }

g() { "$gcloud" "$@" --project="$PROJECT" --quiet; }

# there tells whether a thing exists, so that a step can be repeated.
there() { [ "$gcloud" != echo ] && g "$@" >/dev/null 2>&1; }

account() { echo "threadline@$PROJECT.iam.gserviceaccount.com"; }

step_apis() {
  g services enable firestore.googleapis.com firebaserules.googleapis.com run.googleapis.com \
    secretmanager.googleapis.com storage.googleapis.com pubsub.googleapis.com gmail.googleapis.com iam.googleapis.com
}

step_database() {
  there firestore databases describe --database="$database" && return
  g firestore databases create --database="$database" --location="$region" --type=firestore-native --delete-protection
}

# There is no gcloud command for rules: the Rules API takes the file.
step_rules() {
  local source api=https://firebaserules.googleapis.com/v1/projects/$PROJECT
  source=$(jq -n --rawfile text firestore.rules '{source: {files: [{name: "firestore.rules", content: $text}]}}')
  if [ "$gcloud" = echo ]; then echo "POST $api/rulesets"; return; fi
  local auth name
  auth="Authorization: Bearer $("$gcloud" auth print-access-token)"
  name=$(curl -fsS -H "$auth" -H 'Content-Type: application/json' -d "$source" "$api/rulesets" | jq -r .name)
  local release="projects/$PROJECT/releases/cloud.firestore/$database"
  local body; body=$(jq -n --arg r "$release" --arg n "$name" '{release: {name: $r, rulesetName: $n}}')
  curl -fsS -X PATCH -H "$auth" -H 'Content-Type: application/json' -d "$body" "https://firebaserules.googleapis.com/v1/$release" >/dev/null ||
    curl -fsS -H "$auth" -H 'Content-Type: application/json' -d "$(jq .release <<<"$body")" "$api/releases" >/dev/null
}

# Composite indexes, then the fields: "*" switches the automatic ones off.
step_indexes() {
  local line
  while IFS= read -r line; do
    # shellcheck disable=SC2086 # one word per flag
    g firestore indexes composite create --database="$database" --async $line || echo "(is there already)" >&2
  done < <(jq -r '.indexes[] | "--collection-group=\(.collectionGroup) --query-scope=\(.queryScope | ascii_downcase) " + ([.fields[]
    | "--field-config=field-path=\(.fieldPath)," + (if .arrayConfig then "array-config=\(.arrayConfig | ascii_downcase)" else "order=\(.order | ascii_downcase)" end)] | join(" "))' firestore.indexes.json)
  while IFS= read -r line; do
    set -f # a star is a star
    # shellcheck disable=SC2086 # one word per flag
    g firestore indexes fields update $line --database="$database" --async
    set +f
  done < <(jq -r '.fieldOverrides[] | "\(.fieldPath) --collection-group=\(.collectionGroup) " + (if .indexes == [] then "--disable-indexes" else ([.indexes[]
    | "--index=" + (if .arrayConfig then "array-config=\(.arrayConfig | ascii_downcase)" else "order=\(.order | ascii_downcase)" end)] | join(" ")) end)' firestore.indexes.json)
}

step_bucket() {
  need BUCKET
  there storage buckets describe "gs://$BUCKET" ||
    g storage buckets create "gs://$BUCKET" --location="$region" --uniform-bucket-level-access --public-access-prevention
}

key_file() {
  local id; id="k_$(head -c 10 /dev/urandom | base32 | tr 'A-Z' 'a-z' | tr -d '=')"
  printf '{"primary":"%s","keys":[{"id":"%s","key":"%s"}]}\n' "$id" "$id" "$(head -c 32 /dev/urandom | base64 | tr -d '\n')"
}

# The key seals mailbox passwords. It is made once and never leaves the secret.
step_key() {
  there secrets describe threadline-key && return
  local file; file=$(mktemp) # for its owner only
  key_file >"$file"
  g secrets create threadline-key --replication-policy=automatic --data-file="$file" || { rm -f "$file"; return 1; }
  rm -f "$file"
}

# The account may use documents of this database, objects of this bucket, and
# this secret; nothing else.
step_account() {
  need BUCKET
  there iam service-accounts describe "$(account)" || g iam service-accounts create threadline --display-name="Threadline servers"
  local member="serviceAccount:$(account)"
  g projects add-iam-policy-binding "$PROJECT" --member="$member" --role=roles/datastore.user \
    --condition="expression=resource.name=='projects/$PROJECT/databases/$database',title=threadline-database"
  g storage buckets add-iam-policy-binding "gs://$BUCKET" --member="$member" --role=roles/storage.objectUser
  g secrets add-iam-policy-binding threadline-key --member="$member" --role=roles/secretmanager.secretAccessor
}

# Gmail tells a topic about new mail; the subscription pushes it to us, signed.
step_pubsub() {
  need PUBLIC_URL
  there pubsub topics describe gmail || g pubsub topics create gmail
  g pubsub topics add-iam-policy-binding gmail --member=serviceAccount:gmail-api-push@system.gserviceaccount.com --role=roles/pubsub.publisher
  there pubsub subscriptions describe gmail-threadline ||
    g pubsub subscriptions create gmail-threadline --topic=gmail --push-endpoint="$PUBLIC_URL/push/gmail" \
      --push-auth-service-account="$(account)" --push-auth-token-audience="$PUBLIC_URL/push/gmail" \
      --ack-deadline=30 --min-retry-delay=10s --max-retry-delay=600s --message-retention-duration=1d --expiration-period=never
}

service_file() {
  need IMAGE PUBLIC_URL BUCKET OWN_DOMAIN
  sed -e "s|IMAGE|$IMAGE|; s|PUBLIC_URL\"|$PUBLIC_URL\"|; s|\"DATABASE\"|\"$database\"|; s|gs://BUCKET|gs://$BUCKET|; s|\"OWN_DOMAIN\"|\"$OWN_DOMAIN\"|" \
    -e "s|\"PROJECT\"|\"$PROJECT\"|; s|@PROJECT\.|@$PROJECT.|" cloudrun.service.yaml
}

step_deploy() {
  local file; file=$(mktemp)
  service_file >"$file"
  g run services replace "$file" --region="$region"
  rm -f "$file"
  g run services add-iam-policy-binding threadline --region="$region" --member=allUsers --role=roles/run.invoker
}

[ $# -gt 0 ] || usage
for step in "$@"; do
  case $step in
    key-file) key_file ;;
    service-file) need PROJECT; service_file ;;
    apis|database|rules|indexes|bucket|key|account|pubsub|deploy) need PROJECT; "step_$step" ;;
    *) usage ;;
  esac
done

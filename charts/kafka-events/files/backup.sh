# Writes a dump of $DATABASE_URI into $FOLDER, and keeps the newest $KEEP.
set -eu
file="$FOLDER/$(date -u +%Y-%m-%dT%H-%M-%SZ).dump"
# One that was interrupted has another ending, so that nobody takes it for whole.
rm -f "$FOLDER"/*.partial
pg_dump --dbname="$DATABASE_URI" --format=custom --no-owner --no-privileges --file="$file.partial"
# A list of its contents can be read: it is not cut off.
pg_restore --list "$file.partial" >/dev/null
mv "$file.partial" "$file"
# Their names begin with the time, so they sort by it.
ls -1 "$FOLDER" | grep '\.dump$' | sort -r | tail -n "+$((KEEP + 1))" | while read -r old; do rm -f "$FOLDER/$old"; done
echo "$file: $(wc -c <"$file") bytes"

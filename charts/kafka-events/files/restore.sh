# Restores $RESTORE_FILE, or the newest dump in $FOLDER, into $DATABASE_URI: all of it or, if anything fails, nothing.
set -eu
name=${RESTORE_FILE:-$(ls -1 "$FOLDER" | grep '\.dump$' | sort -r | head -n 1)}
file="$FOLDER/$name"
[ -f "$file" ] || { echo "There is no dump ${name:-at all} in $FOLDER" >&2; exit 1; }
echo "Restoring $file"
pg_restore --dbname="$DATABASE_URI" --clean --if-exists --no-owner --no-privileges --single-transaction --exit-on-error "$file"
echo "Restored $file"

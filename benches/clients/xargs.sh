# One curl for each row, 16 at a time. Usage: bash xargs.sh PEOPLE.CSV, with the GRADIENT_ variables set.
tail -n +2 "$1" | sed 's/\(.*\),\(.*\)/{"email": "\2", "name": "\1"}/' |
  xargs -d '\n' -P 16 -I BODY \
    curl -s -o /dev/null -X POST "$GRADIENT_API_URL/api/assessments/$GRADIENT_ASSESSMENT_ID/invite" \
    -H "Authorization: Bearer $GRADIENT_API_KEY" \
    -H "Content-Type: application/json" \
    -d BODY

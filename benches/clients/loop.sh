# The loop from the API's documentation. Usage: bash loop.sh PEOPLE.CSV, with the GRADIENT_ variables set.
tail -n +2 "$1" | while IFS=, read -r name email; do
  curl -s -X POST "$GRADIENT_API_URL/api/assessments/$GRADIENT_ASSESSMENT_ID/invite" \
    -H "Authorization: Bearer $GRADIENT_API_KEY" \
    -H "Content-Type: application/json" \
    -d "{\"email\": \"$email\", \"name\": \"$name\"}" | jq -r '.inviteUrl'
done

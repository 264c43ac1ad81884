curl.exe "https://api.example.com/a?x=1^&y=2" ^
  -H "Accept: application/json" ^
  -H "Authorization: Bearer %API_TOKEN%" ^
  --data-raw "{\"name\":\"Ada\",\"share\":\"50%\"}" -H "Content-Type: application/json"
curl "https://api.example.com/b c/%20" -G --data-urlencode "q=a&b" -u ada:hunter2hunter2

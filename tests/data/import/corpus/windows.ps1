# what documentation says to Windows PowerShell
curl.exe 'https://api.example.com/a' `
  -H 'Accept: application/json' `
  -H "Authorization: Bearer $env:API_TOKEN" `
  -d '{\"name\":\"Ada\",\"it''s\":true}' -H "Content-Type: application/json"
curl.exe --json "{`"tab`":`"a`tb`"}" "https://api.example.com/json/$id"; curl.exe -x "http://ada:hunter2hunter2@proxy.example:3128" --resolve "a:443:127.0.0.1" -E "C:\keys\ada.pem:hunter2hunter2" "https://api.example.com/c"

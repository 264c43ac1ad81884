# what browsers and documentation print
curl 'https://api.example.com/a' \
  -H 'accept: */*' \
  -H $'x-quote: it\'s' \
  --data-raw $'{"a":"b\\nc"}' \
  --compressed

curl -G https://api.example.com/search -d q=1 --data-urlencode 'name=a b&c'
curl -XDELETE -u ada:hunter2hunter2 "https://api.example.com/users/7?force=1"
curl --json '{"x":1}' https://api.example.com/json
curl -F 'pic=@a.png;type=image/png' -F note=hi https://api.example.com/up
curl -I https://api.example.com/head
curl -b 'a=1; b=2' -A agent/1 -e https://from.example.com/ https://api.example.com/cookies
curl -T file.bin https://api.example.com/put
curl https://api.example.com/one https://api.example.com/two

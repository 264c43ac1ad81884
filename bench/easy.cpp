// SPDX-License-Identifier: GPL-3.0-or-later
// N requests on one connection with libcurl's easy interface, the body kept: the yardstick for the transport.
#include <cstdio>
#include <cstdlib>
#include <curl/curl.h>
#include <string>

namespace {

std::size_t keep(char* data, std::size_t size, std::size_t count, void* into) {
    static_cast<std::string*>(into)->append(data, size * count);
    return size * count;
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 3) return 2;
    const int count = std::atoi(argv[2]);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    CURL* easy = curl_easy_init();
    curl_slist* headers = nullptr;
    for (const char* line :
         {"Accept: */*", "Accept-Encoding: gzip, deflate, br, zstd", "User-Agent: Keybearer/0.1.0"})
        headers = curl_slist_append(headers, line);
    std::string body;
    std::string head;
    curl_easy_setopt(easy, CURLOPT_URL, argv[1]);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &body);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, keep);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, &head);
    int bad = 0;
    for (int i = 0; i < count; ++i) {
        body.clear();
        head.clear();
        long status = 0;
        if (curl_easy_perform(easy) != CURLE_OK) ++bad;
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
        if (status != 200) ++bad;
    }
    curl_slist_free_all(headers);
    curl_easy_cleanup(easy);
    std::printf("%d requests, %d bad\n", count, bad);
    return bad == 0 ? 0 : 1;
}

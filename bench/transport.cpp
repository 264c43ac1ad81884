// SPDX-License-Identifier: GPL-3.0-or-later
// N requests one after the other through our transport, on one connection.
#include "io/network/curl_transport.h"

#include <QCoreApplication>
#include <QTimer>
#include <cstdio>

int main(int argc, char** argv) {
    QCoreApplication app(argc, argv);
    if (argc < 3) return 2;
    const kb::Result<kb::HttpUrl> url = kb::HttpUrl::parse(QString::fromLocal8Bit(argv[1]));
    if (!url) return 2;
    const int count = QByteArray(argv[2]).toInt();
    kb::CurlTransport transport;
    kb::Request request;
    request.method = "GET";
    request.url = *url;
    request.headers.append("Accept", "*/*");
    request.headers.append("Accept-Encoding", "gzip, deflate, br, zstd");
    request.headers.append("User-Agent", "Keybearer/0.1.0");
    int done = 0;
    int bad = 0;
    std::unique_ptr<kb::Transfer> transfer;
    std::unique_ptr<kb::Transfer> last; // the one whose callback starts the next
    std::function<void()> next = [&] {
        if (done == count) return QCoreApplication::quit();
        kb::TransferCallbacks callbacks;
        callbacks.finished = [&](const kb::Result<kb::TransportReply>& reply) {
            ++done;
            if (!reply || reply->response.status != 200) ++bad;
            last = std::move(transfer);
            next();
        };
        transfer = transport.send(request, {}, std::move(callbacks));
    };
    QTimer::singleShot(0, &app, [&] { next(); });
    QCoreApplication::exec();
    std::printf("%d requests, %d bad\n", count, bad);
    return bad == 0 ? 0 : 1;
}

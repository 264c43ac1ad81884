// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/network/curl_slot.h"

#include "io/network/curl_lane.h"
#include "io/network/curl_transfer.h"
#include "io/network/tls_facts.h"

#include <QFile>
#include <cstring>

namespace kb {
namespace {

constexpr long mostLegs = 4;

size_t onHeaderLine(char* data, size_t size, size_t count, void* slot) {
    return static_cast<CurlSlot*>(slot)->owner()->onHeaderLine(data, size * count);
}

size_t onBody(char* data, size_t size, size_t count, void* slot) {
    return static_cast<CurlSlot*>(slot)->owner()->onBody(data, size * count);
}

int onDebug(CURL*, curl_infotype type, char* data, size_t size, void* slot) {
    if (CurlTransfer* owner = static_cast<CurlSlot*>(slot)->owner()) owner->onDebug(type, data, size);
    return 0;
}

/// The connection stands and the request is next. The debug function is the only witness of the bytes that go
/// out; what libcurl has to say before, a CONNECT and its password among it, is neither wanted nor worth the
/// formatting.
int onConnected(void* slot, char*, char*, int, int) {
    curl_easy_setopt(static_cast<CurlSlot*>(slot)->easy(), CURLOPT_VERBOSE, 1L);
    return CURL_PREREQFUNC_OK;
}

CURLcode onSslContext(CURL*, void* context, void* slot) {
    return watchVerification(context, static_cast<CurlSlot*>(slot)->owner()->tlsFacts());
}

/// Where libcurl looks for the certificate authorities of the system.
struct SystemTrust {
    const char* file = nullptr;
    const char* folder = nullptr;
};

const SystemTrust& systemTrust() {
    static const SystemTrust trust = [] {
        const curl_version_info_data* info = curl_version_info(CURLVERSION_NOW);
        SystemTrust found{info->cainfo, info->capath};
        // libcurl keeps parsed authorities for the next connection only where they come from a file alone,
        // and parsing them takes longer than a handshake.
        if (found.file && QFile::exists(QString::fromLocal8Bit(found.file))) found.folder = nullptr;
        return found;
    }();
    return trust;
}

char* constant(const char* text) {
    return const_cast<char*>(text); // curl_slist is not const-correct; libcurl only reads
}

} // namespace

void ensureCurl() {
    static const CURLcode once = curl_global_init(CURL_GLOBAL_DEFAULT);
    Q_UNUSED(once)
}

CurlSlot::CurlSlot(void* lane) : m_easy(curl_easy_init()) {
    if (m_easy) setFixedOptions(lane);
}

CurlSlot::~CurlSlot() {
    curl_easy_cleanup(m_easy);
}

void CurlSlot::setFixedOptions(void* lane) {
    const auto set = [this](CURLoption option, auto value) { curl_easy_setopt(m_easy, option, value); };
    set(CURLOPT_ERRORBUFFER, m_errorBuffer);
    set(CURLOPT_HEADERFUNCTION, kb::onHeaderLine);
    set(CURLOPT_HEADERDATA, this);
    set(CURLOPT_WRITEFUNCTION, kb::onBody);
    set(CURLOPT_WRITEDATA, this);
    set(CURLOPT_DEBUGFUNCTION, kb::onDebug);
    set(CURLOPT_DEBUGDATA, this);
    set(CURLOPT_PREREQFUNCTION, kb::onConnected);
    set(CURLOPT_PREREQDATA, this);
    set(CURLOPT_PRIVATE, this);
    set(CURLOPT_SOCKOPTFUNCTION, &CurlLane::socketOpened);
    set(CURLOPT_SOCKOPTDATA, lane);
    set(CURLOPT_CLOSESOCKETFUNCTION, &CurlLane::closeSocket);
    set(CURLOPT_CLOSESOCKETDATA, lane);
    set(CURLOPT_NOSIGNAL, 1L);
#if LIBCURL_VERSION_NUM >= 0x075700
    // Without it, giving up during a name look-up waits for the look-up, and with it the window.
    set(CURLOPT_QUICK_EXIT, 1L);
#endif
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    // A 417 makes libcurl ask again, over and over where the request names Expect itself; it counts that as a
    // redirect.
    set(CURLOPT_MAXREDIRS, 0L);
    set(CURLOPT_PATH_AS_IS, 1L);
    set(CURLOPT_HTTP_VERSION, long(CURL_HTTP_VERSION_2TLS));
    set(CURLOPT_HTTP09_ALLOWED, 0L);
    set(CURLOPT_NETRC, long(CURL_NETRC_IGNORED));
    // A server that is handed the user's ticket could act in the user's name elsewhere (RFC 4120 §2.6).
    set(CURLOPT_GSSAPI_DELEGATION, long(CURLGSSAPI_DELEGATION_NONE));
    set(CURLOPT_HEADEROPT, long(CURLHEADER_SEPARATE));
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    set(CURLOPT_HTTP_CONTENT_DECODING, 0L); // BodyDecoder does it, and notices data that ends too early
    set(CURLOPT_NOPROXY, ""); // the proxy is settled before; libcurl is not to read the environment
    set(CURLOPT_PROXY, "");
    const SystemTrust& trust = systemTrust();
    set(CURLOPT_CAINFO, trust.file);
    set(CURLOPT_CAPATH, trust.folder);
    if (curlUsesOpenSsl()) {
        set(CURLOPT_SSL_CTX_FUNCTION, onSslContext);
        set(CURLOPT_SSL_CTX_DATA, this);
    }
}

void CurlSlot::setText(CURLoption option, QByteArray& last, const QByteArray& now) {
    if (last == now) return;
    curl_easy_setopt(m_easy, option, now.constData());
    last = now;
}

CURLcode CurlSlot::prepare(CurlTransfer* owner, const Request& request, const TransportOptions& options,
                           const ProxyChoice& proxy) {
    m_owner = owner;
    m_errorBuffer[0] = 0;
    const Origin& origin = request.url.origin();
    // libcurl gets the origin alone and the request target apart, so that its URL parser has nothing to tidy
    // up.
    const QByteArray url = origin.scheme + "://" + origin.host + ":" + QByteArray::number(origin.port) + "/";
    if (url != m_url) {
        const CURLcode code = curl_easy_setopt(m_easy, CURLOPT_URL, url.constData());
        if (code != CURLE_OK) return code;
        m_url = url;
    }
    setText(CURLOPT_REQUEST_TARGET, m_target,
            proxy.forwards ? request.url.text() : request.url.requestTarget());
    setText(CURLOPT_PROXY, m_proxy, proxy.url);
    setMethod(request);
    setTls(options);
    if (const CURLcode code = setLogin(options.login.get()); code != CURLE_OK) return code;
    if (const CURLcode code = setCertificate(options.clientCertificate.get()); code != CURLE_OK) return code;
    setTimeout(options.timeoutMs);
    setHeaders(request, proxy);
    return CURLE_OK;
}

void CurlSlot::release() {
    m_owner = nullptr;
    curl_easy_setopt(m_easy, CURLOPT_VERBOSE, 0L);
    setLogin(nullptr);
    setCertificate(nullptr);
    if (m_body) curl_easy_setopt(m_easy, CURLOPT_POSTFIELDS, nullptr);
}

void CurlSlot::setMethod(const Request& request) {
    // A HEAD with a body goes out as a POST by another name: libcurl sends no body with NOBODY. CurlTransfer
    // ends it after the header fields.
    const bool head = request.method == "HEAD" && !request.hasBody;
    if (request.hasBody) {
        if (m_head) curl_easy_setopt(m_easy, CURLOPT_NOBODY, 0L);
        if (!m_body) curl_easy_setopt(m_easy, CURLOPT_POST, 1L);
        curl_easy_setopt(m_easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.size()));
        curl_easy_setopt(m_easy, CURLOPT_POSTFIELDS, request.body.constData());
    } else if (m_body || head != m_head) {
        curl_easy_setopt(m_easy, CURLOPT_HTTPGET, 1L);
        if (head) curl_easy_setopt(m_easy, CURLOPT_NOBODY, 1L);
    }
    m_body = request.hasBody;
    m_head = head;
    setText(CURLOPT_CUSTOMREQUEST, m_method, request.method);
}

void CurlSlot::setTls(const TransportOptions& options) {
    if (options.verifyTls != m_verify) {
        m_verify = options.verifyTls;
        curl_easy_setopt(m_easy, CURLOPT_SSL_VERIFYPEER, m_verify ? 1L : 0L);
        curl_easy_setopt(m_easy, CURLOPT_SSL_VERIFYHOST, m_verify ? 2L : 0L);
    }
    const QByteArray file = QFile::encodeName(options.caFile);
    if (file == m_caFile) return;
    m_caFile = file;
    const SystemTrust& trust = systemTrust();
    const char* name = file.isEmpty() ? trust.file : file.constData();
    curl_easy_setopt(m_easy, CURLOPT_CAINFO, name);
    curl_easy_setopt(m_easy, CURLOPT_PROXY_CAINFO, name);
    curl_easy_setopt(m_easy, CURLOPT_CAPATH, file.isEmpty() ? trust.folder : nullptr);
#if LIBCURL_VERSION_NUM >= 0x075700
    // A day for the system's authorities. A file of the user's own is small, and may be mended between two
    // tries.
    curl_easy_setopt(m_easy, CURLOPT_CA_CACHE_TIMEOUT, file.isEmpty() ? 24L * 60 * 60 : 0L);
#endif
}

CURLcode CurlSlot::setLogin(const ConnectionLogin* login) {
    if (!login && !m_login) return CURLE_OK;
    m_login = login != nullptr;
    const auto set = [this](CURLoption option, auto value) { curl_easy_setopt(m_easy, option, value); };
    // Each exchange of a login counts as a redirect there, and the answer to the last one must come through.
    set(CURLOPT_MAXREDIRS, login ? mostLegs : 0L);
    // The login is the connection's, which HTTP/2 does not have.
    set(CURLOPT_HTTP_VERSION, long(login ? CURL_HTTP_VERSION_1_1 : CURL_HTTP_VERSION_2TLS));
    if (!login) {
        set(CURLOPT_HTTPAUTH, long(CURLAUTH_BASIC)); // libcurl's own default; without a user it does nothing
        set(CURLOPT_USERNAME, static_cast<const char*>(nullptr));
        set(CURLOPT_PASSWORD, static_cast<const char*>(nullptr));
        return CURLE_OK;
    }
    // libcurl widens each byte to UTF-16, so it is given ISO-8859-1, whose characters have the same numbers.
    const QByteArray user = login->user.toLatin1();
    const std::string_view secret = login->password.reveal();
    QString text = QString::fromUtf8(secret.data(), qsizetype(secret.size()));
    QByteArray password = text.toLatin1();
    wipeText(text);
    CURLcode code = curl_easy_setopt(m_easy, CURLOPT_HTTPAUTH,
                                     long(login->negotiate ? CURLAUTH_NEGOTIATE : CURLAUTH_NTLM));
    if (code == CURLE_OK) code = curl_easy_setopt(m_easy, CURLOPT_USERNAME, user.constData());
    if (code == CURLE_OK) code = curl_easy_setopt(m_easy, CURLOPT_PASSWORD, password.constData());
    wipeBytes(password);
    return code;
}

/// Copied by libcurl, which compares it with what a kept connection was made with: one without it, or with
/// another, is not used.
CURLcode CurlSlot::setCertificate(const Secret* pem) {
    if (!pem && !m_certificate) return CURLE_OK;
    m_certificate = pem != nullptr;
    curl_blob blob{};
    if (pem) {
        blob.data = const_cast<char*>(pem->reveal().data());
        blob.len = pem->size();
        blob.flags = CURL_BLOB_COPY;
    }
    curl_blob* given = pem ? &blob : nullptr;
    CURLcode code = curl_easy_setopt(m_easy, CURLOPT_SSLCERTTYPE, pem ? "PEM" : nullptr);
    if (code == CURLE_OK) code = curl_easy_setopt(m_easy, CURLOPT_SSLKEYTYPE, pem ? "PEM" : nullptr);
    if (code == CURLE_OK) code = curl_easy_setopt(m_easy, CURLOPT_SSLCERT_BLOB, given);
    if (code == CURLE_OK) code = curl_easy_setopt(m_easy, CURLOPT_SSLKEY_BLOB, given);
    return code;
}

void CurlSlot::setTimeout(int ms) {
    if (ms == m_timeoutMs) return;
    m_timeoutMs = ms;
    curl_easy_setopt(m_easy, CURLOPT_TIMEOUT_MS, long(ms));
    // 0 would mean libcurl's own five minutes for connecting.
    curl_easy_setopt(m_easy, CURLOPT_CONNECTTIMEOUT_MS, ms > 0 ? long(ms) : 0x7FFFFFFFL);
}

void CurlSlot::setHeaders(const Request& request, const ProxyChoice& proxy) {
    // "Name:" with nothing after it keeps libcurl from making that field itself. Of several lines with one
    // name it asks the first only, so "Host:" in front leaves every Host line of ours where and as often as
    // it stands.
    m_nodes.clear();
    const auto suppress = [this](const char* line) { m_nodes.push_back({constant(line), nullptr}); };
    suppress("Host:");
    if (!request.headers.contains("Accept")) suppress("Accept:");
    if (request.hasBody) {
        if (!request.headers.contains("Content-Type")) suppress("Content-Type:");
        if (!request.headers.contains("Expect")) suppress("Expect:");
    }
    if (proxy.forwards && !request.headers.contains("Proxy-Connection")) suppress("Proxy-Connection:");

    const bool addHost = !request.headers.contains("Host");
    const QByteArray host = addHost ? request.url.authority() : QByteArray();
    qsizetype size = host.size() + 8;
    for (const HeaderField& field : request.headers.fields)
        size += field.name.size() + field.value.size() + 3;
    m_lines.resize(size);
    char* at = m_lines.data();
    const auto put = [&at](QByteArrayView text) {
        std::memcpy(at, text.data(), std::size_t(text.size()));
        at += text.size();
    };
    if (addHost) {
        m_nodes.push_back({at, nullptr});
        put("Host: ");
        put(host);
        *at++ = 0;
    }
    for (const HeaderField& field : request.headers.fields) {
        m_nodes.push_back({at, nullptr});
        put(field.name);
        if (QByteArrayView(field.value).trimmed().isEmpty()) {
            *at++ = ';'; // libcurl's way to write a field without a value
        } else {
            put(": ");
            put(field.value);
        }
        *at++ = 0;
    }
    for (std::size_t i = 0; i + 1 < m_nodes.size(); ++i)
        m_nodes[i].next = &m_nodes[i + 1];
    curl_easy_setopt(m_easy, CURLOPT_HTTPHEADER, m_nodes.data());
}

} // namespace kb

// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/network/tls_facts.h"

#include <cstring>
#include <ctime>
#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace kb {
namespace {

QString nameText(const X509_NAME* name) {
    BIO* out = BIO_new(BIO_s_mem());
    if (!out) return {};
    X509_NAME_print_ex(out, name, 0,
                       (XN_FLAG_RFC2253 | XN_FLAG_SEP_CPLUS_SPC) & ~(XN_FLAG_DN_REV | ASN1_STRFLGS_ESC_MSB));
    char* data = nullptr;
    const long size = BIO_get_mem_data(out, &data);
    const QString text = QString::fromUtf8(data, size);
    BIO_free(out);
    return text;
}

qint64 unixSeconds(const ASN1_TIME* time) {
    std::tm parts{};
    if (!time || ASN1_TIME_to_tm(time, &parts) != 1) return 0;
    // Days since 1970 from the proleptic Gregorian calendar; there is no portable timegm().
    const qint64 year = parts.tm_year + 1900 - (parts.tm_mon < 2 ? 1 : 0);
    const qint64 era = year / 400;
    const qint64 yearOfEra = year - era * 400;
    const qint64 month = (parts.tm_mon + 10) % 12;
    const qint64 dayOfYear = (153 * month + 2) / 5 + parts.tm_mday - 1;
    const qint64 days = era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468;
    return ((days * 24 + parts.tm_hour) * 60 + parts.tm_min) * 60 + parts.tm_sec;
}

QStringList namesOf(X509* certificate) {
    QStringList names;
    auto* list =
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
    for (int i = 0; list && i < sk_GENERAL_NAME_num(list); ++i) {
        const GENERAL_NAME* name = sk_GENERAL_NAME_value(list, i);
        if (name->type == GEN_DNS) {
            names << QString::fromUtf8(reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName)),
                                       ASN1_STRING_length(name->d.dNSName));
        } else if (name->type == GEN_IPADD && ASN1_STRING_length(name->d.iPAddress) == 4) {
            const unsigned char* b = ASN1_STRING_get0_data(name->d.iPAddress);
            names << QStringLiteral("%1.%2.%3.%4").arg(b[0]).arg(b[1]).arg(b[2]).arg(b[3]);
        }
    }
    GENERAL_NAMES_free(list);
    if (names.isEmpty()) {
        char common[256] = {};
        if (X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, common,
                                      sizeof common) > 0)
            names << QString::fromUtf8(common);
    }
    return names;
}

void describe(X509* certificate, TlsFacts& facts) {
    facts.subject = nameText(X509_get_subject_name(certificate));
    facts.issuer = nameText(X509_get_issuer_name(certificate));
    facts.notBefore = unixSeconds(X509_get0_notBefore(certificate));
    facts.notAfter = unixSeconds(X509_get0_notAfter(certificate));
}

void freeFacts(void*, void* pointer, CRYPTO_EX_DATA*, int, long, void*) {
    delete static_cast<std::shared_ptr<TlsFacts>*>(pointer);
}

int factsIndex() {
    static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, freeFacts);
    return index;
}

/// Looks on while OpenSSL verifies, and never changes its verdict.
int onVerify(int good, X509_STORE_CTX* store) {
    auto* ssl = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
    auto* held =
        ssl ? static_cast<std::shared_ptr<TlsFacts>*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), factsIndex()))
            : nullptr;
    X509* current = X509_STORE_CTX_get_current_cert(store);
    if (!held || !current) return good;
    TlsFacts& facts = **held;
    const bool leaf = X509_STORE_CTX_get_error_depth(store) == 0;
    if (leaf) facts.names = namesOf(current);
    if (!good && facts.verifyError == 0) {
        facts.verifyError = X509_STORE_CTX_get_error(store);
        describe(current, facts);
    } else if (leaf && facts.verifyError == 0) {
        describe(current, facts);
    }
    return good;
}

} // namespace

bool curlUsesOpenSsl() {
    static const bool yes = [] {
        const curl_version_info_data* info = curl_version_info(CURLVERSION_NOW);
        return info->ssl_version && std::strncmp(info->ssl_version, "OpenSSL/", 8) == 0;
    }();
    return yes;
}

CURLcode watchVerification(void* sslContext, const std::shared_ptr<TlsFacts>& facts) {
    auto* context = static_cast<SSL_CTX*>(sslContext);
    auto* held = new std::shared_ptr<TlsFacts>(facts);
    if (SSL_CTX_set_ex_data(context, factsIndex(), held) != 1) {
        delete held;
        return CURLE_OUT_OF_MEMORY;
    }
    SSL_CTX_set_verify(context, SSL_CTX_get_verify_mode(context), onVerify);
    return CURLE_OK;
}

void* tlsSession(CURL* easy) {
    curl_tlssessioninfo* session = nullptr;
    if (curl_easy_getinfo(easy, CURLINFO_TLS_SSL_PTR, &session) != CURLE_OK || !session) return nullptr;
    return session->backend == CURLSSLBACKEND_OPENSSL ? session->internals : nullptr;
}

void readTlsConnection(CURL* easy, bool verified, ConnectionInfo& info) {
    auto* ssl = static_cast<SSL*>(tlsSession(easy));
    if (!ssl || !curlUsesOpenSsl()) return;
    info.tlsVersion = QString::fromLatin1(SSL_get_version(ssl));
    info.tlsCipher = QString::fromLatin1(SSL_get_cipher_name(ssl));
    info.certificateVerified = verified && SSL_get_verify_result(ssl) == X509_V_OK;
    X509* certificate = SSL_get1_peer_certificate(ssl);
    if (!certificate) return;
    info.certificateSubject = nameText(X509_get_subject_name(certificate));
    info.certificateIssuer = nameText(X509_get_issuer_name(certificate));
    info.certificateExpires = unixSeconds(X509_get0_notAfter(certificate));
    X509_free(certificate);
}

QString verifyErrorText(int verifyError) {
    return QString::fromLatin1(X509_verify_cert_error_string(verifyError));
}

} // namespace kb

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/client_certificate.h"

#include "core/auth/openssl_owners.h"

#include <QCoreApplication>
#include <QDateTime>
#include <ctime>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

namespace kb {

namespace {

struct ClientCertificateText {
    Q_DECLARE_TR_FUNCTIONS(ClientCertificate)
};

using PackagePtr = std::unique_ptr<PKCS12, OpensslRelease<PKCS12_free>>;

struct FileParts {
    PkeyPtr key;
    std::vector<X509Ptr> chain; ///< the client's own first
};

BioPtr bioOf(const Secret& bytes) {
    return BioPtr(BIO_new_mem_buf(bytes.reveal().data(), int(bytes.size())));
}

/// Whether OpenSSL asked for a passphrase, beside the passphrase.
struct Asked {
    const Secret& passphrase;
    bool was = false;
};

int givePassphrase(char* buffer, int size, int, void* data) {
    auto* asked = static_cast<Asked*>(data);
    asked->was = true;
    const std::string_view text = asked->passphrase.reveal();
    if (int(text.size()) > size || text.empty()) return -1;
    std::copy(text.begin(), text.end(), buffer);
    return int(text.size());
}

tl::unexpected<Error> passphraseError(const Secret& passphrase) {
    if (passphrase.isEmpty())
        return fail(ErrorCode::SecretMissing, ClientCertificateText::tr("The file is encrypted."), {},
                    ClientCertificateText::tr("Type its passphrase."));
    return fail(ErrorCode::InvalidInput, ClientCertificateText::tr("The passphrase does not open the file."),
                {}, ClientCertificateText::tr("Type the passphrase again."));
}

Result<PkeyPtr> keyIn(const Secret& file, const Secret& passphrase) {
    Asked asked{passphrase};
    const BioPtr bio = bioOf(file);
    PkeyPtr key(PEM_read_bio_PrivateKey(bio.get(), nullptr, givePassphrase, &asked));
    if (!key && asked.was) return passphraseError(passphrase);
    return key;
}

Result<FileParts> readPem(const Secret& file, const Secret& key, const Secret& passphrase) {
    FileParts parts;
    const BioPtr bio = bioOf(file);
    while (X509* certificate = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr))
        parts.chain.emplace_back(certificate);
    Result<PkeyPtr> found = keyIn(key.isEmpty() ? file : key, passphrase);
    if (!found) return tl::unexpected(found.error());
    parts.key = std::move(*found);
    return parts;
}

Result<FileParts> readPackage(PKCS12& package, const Secret& passphrase) {
    // Without a passphrase it may be written as none or as an empty one.
    QByteArray bytes(passphrase.reveal().data(), qsizetype(passphrase.size()));
    bytes.append('\0');
    const Secret ended = Secret::take(bytes);
    const char* words = ended.reveal().data();
    const bool opens = PKCS12_verify_mac(&package, words, int(passphrase.size())) == 1 ||
                       (passphrase.isEmpty() && PKCS12_verify_mac(&package, nullptr, 0) == 1);
    if (!opens) return passphraseError(passphrase);
    EVP_PKEY* key = nullptr;
    X509* certificate = nullptr;
    STACK_OF(X509)* above = nullptr;
    const int read = PKCS12_parse(&package, words, &key, &certificate, &above);
    FileParts parts;
    parts.key.reset(key);
    if (certificate) parts.chain.emplace_back(certificate);
    while (above && sk_X509_num(above) > 0)
        parts.chain.emplace_back(sk_X509_shift(above));
    sk_X509_free(above);
    if (read != 1)
        return fail(ErrorCode::Unsupported,
                    ClientCertificateText::tr(
                        "The PKCS#12 file is encrypted in a way that is not supported any more."),
                    {},
                    ClientCertificateText::tr("Write it anew with a current program, or convert it to PEM."));
    return parts;
}

/// The client's own certificate is the one that the key belongs to.
bool putOwnFirst(FileParts& parts) {
    for (std::size_t i = 0; i < parts.chain.size(); ++i) {
        if (X509_check_private_key(parts.chain[i].get(), parts.key.get()) != 1) continue;
        std::swap(parts.chain[0], parts.chain[i]);
        return true;
    }
    return false;
}

QString oneLine(const X509_NAME* name) {
    const BioPtr bio(BIO_new(BIO_s_mem()));
    X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return QString::fromUtf8(data, size);
}

qint64 seconds(const ASN1_TIME* time) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(time, &parts) != 1) return 0;
    const QDateTime utc(QDate(parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday),
                        QTime(parts.tm_hour, parts.tm_min, qMin(parts.tm_sec, 59)), Qt::UTC);
    return utc.toSecsSinceEpoch();
}

CertificateFacts certificateFactsOf(X509& certificate) {
    CertificateFacts facts;
    facts.subject = oneLine(X509_get_subject_name(&certificate));
    facts.issuer = oneLine(X509_get_issuer_name(&certificate));
    facts.notBefore = seconds(X509_get0_notBefore(&certificate));
    facts.notAfter = seconds(X509_get0_notAfter(&certificate));
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    if (X509_digest(&certificate, EVP_sha256(), digest, &size) == 1)
        facts.thumbprint = QByteArray(reinterpret_cast<const char*>(digest), qsizetype(size))
                               .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
    return facts;
}

Secret written(const FileParts& parts) {
    const BioPtr bio(BIO_new(BIO_s_secmem()));
    for (const X509Ptr& each : parts.chain)
        PEM_write_bio_X509(bio.get(), each.get());
    PEM_write_bio_PKCS8PrivateKey(bio.get(), parts.key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    Secret pem(std::string_view(data, std::size_t(size)));
    OPENSSL_cleanse(data, std::size_t(size));
    return pem;
}

} // namespace

Result<ClientCertificate> readClientCertificate(const Secret& file, const Secret& key,
                                                const Secret& passphrase) {
    const QuietOpenssl quiet;
    const BioPtr bio = bioOf(file);
    const PackagePtr package(d2i_PKCS12_bio(bio.get(), nullptr));
    Result<FileParts> parts = package ? readPackage(*package, passphrase) : readPem(file, key, passphrase);
    if (!parts) return tl::unexpected(parts.error());
    if (parts->chain.empty())
        return fail(
            ErrorCode::InvalidInput, ClientCertificateText::tr("The file holds no certificate."), {},
            ClientCertificateText::tr("Choose a PEM or PKCS#12 file with certificate and private key."));
    if (!parts->key)
        return fail(ErrorCode::NotFound, ClientCertificateText::tr("The file holds no private key."), {},
                    ClientCertificateText::tr("Choose a file with both, or name the key's file too."));
    if (!putOwnFirst(*parts))
        return fail(ErrorCode::InvalidInput,
                    ClientCertificateText::tr("The private key does not belong to the certificate."));
    ClientCertificate made;
    made.facts = certificateFactsOf(*parts->chain.front());
    made.pem = written(*parts);
    return made;
}

Result<CertificateFacts> certificateFacts(const Secret& pem) {
    const QuietOpenssl quiet;
    const BioPtr bio = bioOf(pem);
    const X509Ptr certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    if (!certificate)
        return fail(ErrorCode::SecretUnreadable,
                    ClientCertificateText::tr("The stored certificate cannot be read."));
    return certificateFactsOf(*certificate);
}

std::optional<CertificateFacts> certificateFacts(const SecretRecord& record) {
    const Secret* pem = record.part(clientCertificatePart());
    if (!pem) return {};
    const Result<CertificateFacts> facts = certificateFacts(*pem);
    return facts ? std::optional(*facts) : std::nullopt;
}

} // namespace kb

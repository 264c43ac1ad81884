// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>

#include <memory>

namespace kb {

/// Owners of OpenSSL's objects; nothing here decides anything.
template<auto release> struct OpensslRelease {
    template<class T> void operator()(T* object) const { release(object); }
};
using PkeyPtr = std::unique_ptr<EVP_PKEY, OpensslRelease<EVP_PKEY_free>>;
using PkeyCtxPtr = std::unique_ptr<EVP_PKEY_CTX, OpensslRelease<EVP_PKEY_CTX_free>>;
using MdCtxPtr = std::unique_ptr<EVP_MD_CTX, OpensslRelease<EVP_MD_CTX_free>>;
using BioPtr = std::unique_ptr<BIO, OpensslRelease<BIO_free_all>>;
using BnPtr = std::unique_ptr<BIGNUM, OpensslRelease<BN_clear_free>>;
using ParamBldPtr = std::unique_ptr<OSSL_PARAM_BLD, OpensslRelease<OSSL_PARAM_BLD_free>>;
using ParamPtr = std::unique_ptr<OSSL_PARAM, OpensslRelease<OSSL_PARAM_free>>;
using EcdsaSigPtr = std::unique_ptr<ECDSA_SIG, OpensslRelease<ECDSA_SIG_free>>;
using X509Ptr = std::unique_ptr<X509, OpensslRelease<X509_free>>;

/// Leaves the library's error queue as it was: the transport reads the same one.
class QuietOpenssl {
public:
    QuietOpenssl() { ERR_set_mark(); }
    ~QuietOpenssl() { ERR_pop_to_mark(); }
    QuietOpenssl(const QuietOpenssl&) = delete;
    QuietOpenssl& operator=(const QuietOpenssl&) = delete;
};

} // namespace kb

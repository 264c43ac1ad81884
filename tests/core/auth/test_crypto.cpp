// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/base64url.h"
#include "core/auth/crypto.h"

#include <QtTest>

using namespace kb;

class TestCrypto : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void hashes_data() {
        QTest::addColumn<int>("hash");
        QTest::addColumn<QByteArray>("hex");
        // RFC 1321 A.5, and FIPS 180-4's example of one block: "abc".
        QTest::newRow("MD5") << int(Hash::Md5) << QByteArray("900150983cd24fb0d6963f7d28e17f72");
        QTest::newRow("SHA-1") << int(Hash::Sha1) << QByteArray("a9993e364706816aba3e25717850c26c9cd0d89d");
        QTest::newRow("SHA-256") << int(Hash::Sha256)
                                 << QByteArray(
                                        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        QTest::newRow("SHA-384") << int(Hash::Sha384)
                                 << QByteArray(
                                        "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
                                        "8086072ba1e7cc2358baeca134c825a7");
        QTest::newRow("SHA-512") << int(Hash::Sha512)
                                 << QByteArray(
                                        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                                        "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
        // The first 32 bytes of SHA-512 are something else: SHA-512/256 starts from other numbers.
        QTest::newRow("SHA-512/256")
            << int(Hash::Sha512_256)
            << QByteArray("53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23");
    }
    void hashes() {
        QFETCH(int, hash);
        QFETCH(QByteArray, hex);
        QCOMPARE(hashOf(Hash(hash), "abc").toHex(), hex);
    }

    void hmac_data() {
        QTest::addColumn<int>("hash");
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("hex");
        const QByteArray hiThere = "Hi There";
        QTest::newRow("RFC 4231 4.2, SHA-256")
            << int(Hash::Sha256) << QByteArray(20, '\x0b') << hiThere
            << QByteArray("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
        QTest::newRow("RFC 4231 4.2, SHA-384")
            << int(Hash::Sha384) << QByteArray(20, '\x0b') << hiThere
            << QByteArray("afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59c"
                          "faea9ea9076ede7f4af152e8b2fa9cb6");
        QTest::newRow("RFC 4231 4.2, SHA-512")
            << int(Hash::Sha512) << QByteArray(20, '\x0b') << hiThere
            << QByteArray("87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
                          "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854");
        QTest::newRow("RFC 4231 4.3, a short key")
            << int(Hash::Sha256) << QByteArray("Jefe") << QByteArray("what do ya want for nothing?")
            << QByteArray("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        QTest::newRow("RFC 4231 4.7, a key longer than a block")
            << int(Hash::Sha256) << QByteArray(131, '\xaa')
            << QByteArray("Test Using Larger Than Block-Size Key - Hash Key First")
            << QByteArray("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
        // The values that Python's hmac module gives.
        QTest::newRow("no key and no text")
            << int(Hash::Sha256) << QByteArray() << QByteArray()
            << QByteArray("b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
    }
    void hmac() {
        QFETCH(int, hash);
        QFETCH(QByteArray, key);
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, hex);
        QCOMPARE(hmacOf(Hash(hash), viewOf(key), viewOf(text)).toHex(), hex);
    }

    void emptyHmacKeyIsNotTheKeyOfBefore() {
        hmacOf(Hash::Sha256, "another key", "text");
        QVERIFY(hmacOf(Hash::Sha256, {}, "text") != hmacOf(Hash::Sha256, "another key", "text"));
    }

    void base64url_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("text");
        // RFC 4648 §10 without padding, and RFC 7515 appendix C.
        QTest::newRow("empty") << QByteArray() << QByteArray();
        QTest::newRow("one") << QByteArray("f") << QByteArray("Zg");
        QTest::newRow("two") << QByteArray("fo") << QByteArray("Zm8");
        QTest::newRow("three") << QByteArray("foo") << QByteArray("Zm9v");
        QTest::newRow("six") << QByteArray("foobar") << QByteArray("Zm9vYmFy");
        QTest::newRow("RFC 7515 C") << QByteArray("\x03\xec\xff\xe0\xc1", 5) << QByteArray("A-z_4ME");
    }
    void base64url() {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, text);
        QCOMPARE(toBase64Url(viewOf(bytes)), text);
        QCOMPARE(decodeBase64Url(viewOf(text)).bytes, bytes);
    }

    void comparesWholeTexts() {
        QVERIFY(equalInConstantTime("", ""));
        QVERIFY(equalInConstantTime("same", "same"));
        QVERIFY(!equalInConstantTime("same", "samE"));
        QVERIFY(!equalInConstantTime("same", "same "));
        QVERIFY(!equalInConstantTime("same", ""));
    }

    void randomBytesAreManyAndDiffer() {
        QCOMPARE(randomBytes(0).size(), 0);
        QCOMPARE(randomBytes(33).size(), 33);
        QVERIFY(randomBytes(32) != randomBytes(32));
    }
};

QTEST_APPLESS_MAIN(TestCrypto)
#include "test_crypto.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
// The form of the kinds with many settings: nothing of a scheme is lost on its way through the fields.
#include "core/workspace/scheme_fields.h"
#include "tests/support/accessible_walk.h"
#include "ui/scheme_form.h"
#include "ui/scheme_form_texts.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>

using namespace kb;

namespace {

/// Gives every member a value that is not its default.
struct Filler {
    int count = 0;
    void text(const char* name, QString& value, const QString&) {
        ++count;
        value = QLatin1String(name) + QStringLiteral("-ä");
    }
    void alwaysText(const char* name, QString& value, const QString& fallback) {
        text(name, value, fallback);
    }
    void list(const char* name, QStringList& value, const QStringList&) {
        ++count;
        value = {QLatin1String(name) + QStringLiteral("-1"), QLatin1String(name) + QStringLiteral("-2")};
    }
    void flag(const char*, bool& value, bool fallback) {
        ++count;
        value = !fallback;
    }
    void number(const char*, int& value, int fallback) {
        ++count;
        value = fallback + 17;
    }
    template<class Choice, class Names> void alwaysChoice(const char*, Choice& value, const Names& names) {
        ++count;
        value = static_cast<Choice>(names.size() - 1);
    }
};

/// Collects what has no text for people.
struct Names {
    QStringList raw;
    void check(const char* name) {
        if (schemeform::label(name) == QLatin1String(name)) raw << QLatin1String(name);
    }
    void text(const char* name, QString&, const QString&) { check(name); }
    void alwaysText(const char* name, QString&, const QString&) { check(name); }
    void list(const char* name, QStringList&, const QStringList&) { check(name); }
    void flag(const char* name, bool&, bool) { check(name); }
    void number(const char* name, int&, int) { check(name); }
    template<class Choice, class All> void alwaysChoice(const char* name, Choice&, const All& all) {
        check(name);
        for (const char* each : all)
            if (schemeform::choice(each) == QLatin1String(each)) raw << QLatin1String(each);
    }
};

} // namespace

class TestSchemeForm : public QObject {
    Q_OBJECT

    static void kindRows() {
        QTest::addColumn<QString>("kind");
        for (const auto& [name, text] : SchemeForm::kinds())
            QTest::newRow(qPrintable(name)) << name;
    }
    template<class T> static T* field(const SchemeForm& form, const char* name) {
        return form.findChild<T*>(QLatin1String(name));
    }
    static bool shown(const SchemeForm& form, const char* name) {
        const auto* widget = form.findChild<QWidget*>(QLatin1String(name));
        return widget && widget->isVisibleTo(&form);
    }

private Q_SLOTS:
    void everyMemberGoesRound_data() { kindRows(); }
    void everyMemberGoesRound() {
        QFETCH(QString, kind);
        AuthScheme scheme = *schemeNamed(kind);
        SchemeForm form;
        form.setScheme(scheme);
        QVERIFY(form.scheme() == scheme);
        Filler filler;
        std::visit([&](auto& each) { visitFields(filler, each); }, scheme);
        QVERIFY(filler.count > 0 || kind == QLatin1String("client-certificate")); // which has none
        form.setScheme(scheme);
        QVERIFY(form.scheme() == scheme);
        // Each member can be seen and changed, some behind "More settings".
        if (auto* more = form.findChild<QCheckBox*>(QString(), Qt::FindDirectChildrenOnly))
            more->setChecked(true);
        QVERIFY(form.scheme() == scheme);
    }

    /// The fields are the truth, also those that are not in sight at the moment.
    void hiddenFieldsKeepTheirValues() {
        OAuthScheme scheme;
        scheme.grant = OAuthGrant::DeviceCode;
        scheme.deviceUrl = QStringLiteral("https://id.example.com/device");
        SchemeForm form;
        form.setScheme(scheme);
        auto* grant = field<QComboBox>(form, "grant");
        grant->setCurrentIndex(static_cast<int>(OAuthGrant::ClientCredentials));
        QVERIFY(!shown(form, "deviceUrl"));
        grant->setCurrentIndex(static_cast<int>(OAuthGrant::DeviceCode));
        QVERIFY(shown(form, "deviceUrl"));
        QVERIFY(form.scheme() == AuthScheme(scheme));
    }

    void theGrantDecidesWhatIsAsked() {
        SchemeForm form;
        form.setScheme(OAuthScheme{});
        auto* grant = field<QComboBox>(form, "grant");
        auto* auth = field<QComboBox>(form, "clientAuth");
        const auto choose = [&](OAuthGrant kind) { grant->setCurrentIndex(static_cast<int>(kind)); };
        choose(OAuthGrant::ClientCredentials);
        for (const char* name : {"issuer", "tokenUrl", "clientId", "scopes", "clientAuth"})
            QVERIFY2(shown(form, name), name);
        for (const char* name : {"authorizationUrl", "deviceUrl", "user", "assertionAlgorithm", "dpop"})
            QVERIFY2(!shown(form, name), name);
        choose(OAuthGrant::AuthorizationCode);
        QVERIFY(shown(form, "authorizationUrl") && !shown(form, "redirectPath"));
        choose(OAuthGrant::DeviceCode);
        QVERIFY(shown(form, "deviceUrl") && !shown(form, "authorizationUrl"));
        choose(OAuthGrant::Password);
        QVERIFY(shown(form, "user"));
        choose(OAuthGrant::JwtBearer);
        QVERIFY(shown(form, "user") && shown(form, "assertionAlgorithm"));
        choose(OAuthGrant::ClientCredentials);
        auth->setCurrentIndex(static_cast<int>(ClientAuth::PrivateKeyJwt));
        QVERIFY(shown(form, "assertionAlgorithm") && shown(form, "assertionKeyId"));
        QVERIFY(!shown(form, "assertionToTokenUrl")); // legacy, unless it is set
        form.findChild<QCheckBox*>(QString(), Qt::FindDirectChildrenOnly)->setChecked(true);
        for (const char* name :
             {"dpop", "assertionToTokenUrl", "refreshAhead", "refreshLeeway", "revocationUrl", "resources"})
            QVERIFY2(shown(form, name), name);
        QVERIFY(!shown(form, "redirectPath")); // means nothing without a browser
    }

    void typingIsTold() {
        SchemeForm form;
        form.setScheme(DigestScheme{});
        QSignalSpy changed(&form, &SchemeForm::changed);
        field<QLineEdit>(form, "user")->setText(QStringLiteral(" ada "));
        QVERIFY(!changed.isEmpty());
        QCOMPARE(std::get<DigestScheme>(form.scheme()).user, QStringLiteral("ada"));
    }

    void everyFieldHasAName_data() { kindRows(); }
    void everyFieldHasAName() {
        QFETCH(QString, kind);
        SchemeForm form;
        form.setScheme(*schemeNamed(kind));
        for (QCheckBox* box : form.findChildren<QCheckBox*>(QString(), Qt::FindDirectChildrenOnly))
            box->setChecked(true);
        form.show();
        const QStringList nameless = test::namelessControls(form);
        QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join(u'\n')));
        Names names;
        AuthScheme scheme = *schemeNamed(kind);
        std::visit([&](auto& each) { visitFields(names, each); }, scheme);
        // A standard's own word may be the label; nothing else stands there untranslated.
        names.raw.removeAll(QStringLiteral("typ"));
        QVERIFY2(names.raw.isEmpty(), qPrintable(names.raw.join(u' ')));
    }

    void whatIsTypedAsSecretIsNamed() {
        OAuthScheme scheme;
        scheme.clientAuth = ClientAuth::None;
        scheme.grant = OAuthGrant::AuthorizationCode;
        QVERIFY(SchemeForm::secretHint(scheme).isEmpty());
        scheme.clientAuth = ClientAuth::Basic;
        QCOMPARE(SchemeForm::secretHint(scheme), QStringLiteral("Client secret"));
        scheme.grant = OAuthGrant::Password;
        QVERIFY(SchemeForm::secretHint(scheme).contains(QStringLiteral("Client secret")));
        QVERIFY(SchemeForm::secretHint(scheme).contains(QStringLiteral("password")));
        QVERIFY(SchemeForm::secretHint(NtlmScheme{true, {}}).isEmpty());
    }
};

QTEST_MAIN(TestSchemeForm)
#include "test_scheme_form.moc"

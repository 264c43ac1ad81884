// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/workspace/samples.h"

#include <QTest>

using namespace kb;
using namespace kb::samples;
namespace oc = kb::opencollection;

class TestOpenCollectionWrite : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void unchangedIsTheSameBytes();
    void newRequestReadsBack();
    void newRequestText();
    void oneChangeLeavesTheRest();
    void removingWhatWasSet();
    void queryFieldsFollowTheUrl();
    void nameInEitherPlace();
    void profilesChange();
    void profilesOfEveryKind();
    void environmentsChange();
    void nothingIsWrittenOverWhatCannotBeRead();
    void foldedTextAndAnchorsStayReadable();
};

void TestOpenCollectionWrite::unchangedIsTheSameBytes() {
    const auto workspace = oc::read(sampleFiles());
    QVERIFY(workspace.has_value());
    for (const char* name : {"users/get-user.yml", "create-user.yml"}) {
        const QString path = QString::fromLatin1(name);
        const auto text = oc::writeRequest(*workspace->find(path), bytes(path));
        QVERIFY(text.has_value());
        QCOMPARE(*text, bytes(path));
    }
    QCOMPARE(oc::writeRoot(*workspace, bytes(oc::rootFileName())).value(), bytes(oc::rootFileName()));
    QCOMPARE(
        oc::writeEnvironment(workspace->environments[0], bytes(QStringLiteral("environments/Practice.yml")))
            .value(),
        bytes(QStringLiteral("environments/Practice.yml")));
}

void TestOpenCollectionWrite::newRequestReadsBack() {
    TreeItem wanted = item(fullSpec());
    wanted.order = 7;
    QCOMPARE(through(wanted, QByteArray()), wanted);
    // The same onto a file that says something else, and back.
    TreeItem plain = item(RequestSpec());
    plain.name = plain.request.name = QStringLiteral("a");
    QByteArray text;
    QCOMPARE(through(plain, QByteArray(), &text), plain);
    QCOMPARE(through(wanted, text, &text), wanted);
    QCOMPARE(through(plain, text, &text), plain);
    QVERIFY(!text.contains("keybearer"));
    QVERIFY(!text.contains("headers"));
}

void TestOpenCollectionWrite::newRequestText() {
    RequestSpec spec;
    spec.name = QStringLiteral("Get user");
    spec.url = QStringLiteral("{{baseUrl}}/users/:id?a=1");
    spec.params = {{ParamRow::In::Path, QStringLiteral("id"), QStringLiteral("42"), QString(), true}};
    spec.body = {BodySpec::Kind::Json, QStringLiteral("{\"a\":1}"), QString()};
    TreeItem wanted = item(spec);
    wanted.order = 1;
    const auto text = oc::writeRequest(wanted, QByteArray());
    QVERIFY(text.has_value());
    QCOMPARE(QString::fromUtf8(*text), QString::fromUtf8(bytes(QStringLiteral("../yaml/new-request.yml"))));
}

void TestOpenCollectionWrite::oneChangeLeavesTheRest() {
    const QString path = QStringLiteral("users/get-user.yml");
    const auto workspace = oc::read(sampleFiles());
    QVERIFY(workspace.has_value());
    TreeItem changed = *workspace->find(path);
    changed.request.method = QStringLiteral("HEAD");
    changed.request.headers[0].value = QStringLiteral("3");
    changed.request.settings.timeoutMs = 6000;
    changed.request.profileId = QStringLiteral("key");
    changed.request.params[1].value = QStringLiteral("43");
    QByteArray wanted = bytes(path);
    wanted.replace("method: GET", "method: HEAD");
    wanted.replace("name: Accept-Version\n      value: \"2\"", "name: Accept-Version\n      value: \"3\"");
    wanted.replace("timeout: 5000", "timeout: 6000");
    wanted.replace("profile: reader", "profile: key");
    wanted.replace("value: \"42\"", "value: \"43\"");
    const auto text = oc::writeRequest(changed, bytes(path));
    QVERIFY(text.has_value());
    QCOMPARE(QString::fromUtf8(*text), QString::fromUtf8(wanted));

    // What we have no word for survives larger changes too.
    changed.request.headers.clear();
    changed.request.url = QStringLiteral("http://x/");
    changed.request.params.clear();
    const auto less = oc::writeRequest(changed, bytes(path));
    QVERIFY(less.has_value());
    for (const char* kept : {"# asked for by support", "tags:\n    - smoke", "One user   # by number",
                             "assertions:", "forwardAuthorizationHeader: true", "auth: inherit"})
        QVERIFY2(less->contains(kept), kept);
    QVERIFY(!less->contains("params"));
}

void TestOpenCollectionWrite::removingWhatWasSet() {
    const QString path = QStringLiteral("users/get-user.yml");
    const auto workspace = oc::read(sampleFiles());
    TreeItem changed = *workspace->find(path);
    changed.request.profileId.clear();
    changed.request.settings.verifyTls = true;
    changed.request.settings.removedDefaultHeaders.clear();
    const auto text = oc::writeRequest(changed, bytes(path));
    QVERIFY(text.has_value());
    QVERIFY(!text->contains("extensions"));
    QVERIFY(!text->contains("omitHeaders"));
    QVERIFY(text->contains("forwardAuthorizationHeader: true\n"));
}

void TestOpenCollectionWrite::queryFieldsFollowTheUrl() {
    const QString path = QStringLiteral("users/get-user.yml");
    const auto workspace = oc::read(sampleFiles());
    TreeItem changed = *workspace->find(path);
    changed.request.url = QStringLiteral("{{baseUrl}}/users/:id?fields=email&page=2");
    const auto text = oc::writeRequest(changed, bytes(path));
    QVERIFY(text.has_value());
    QVERIFY2(text->contains(
                 "- name: fields\n      value: email\n      type: query\n      description: which members\n"),
             text->constData());
    QVERIFY(!text->contains("name: role"));
    QCOMPARE(text->count("name: page"), 2);
    const auto back = readOne(*text);
    QCOMPARE(back->items.value(0).request.params, changed.request.params);
}

void TestOpenCollectionWrite::nameInEitherPlace() {
    TreeItem wanted = item(RequestSpec());
    wanted.name = wanted.request.name = QStringLiteral("old");
    QByteArray text;
    through(wanted, QByteArray(), &text);
    wanted.name = QStringLiteral("new");
    QCOMPARE(through(wanted, text).name, QStringLiteral("new"));
    wanted.name = QStringLiteral("old");
    wanted.request.name = QStringLiteral("newer");
    QCOMPARE(through(wanted, text).request.name, QStringLiteral("newer"));
}

void TestOpenCollectionWrite::profilesChange() {
    auto workspace = oc::read(sampleFiles());
    QVERIFY(workspace.has_value());
    const QByteArray before = bytes(oc::rootFileName());
    workspace->profiles[0].colour = QStringLiteral("#ff0000");
    workspace->profiles[0].bindings[0].expiresAt = 0;
    QByteArray wanted = before;
    wanted.replace("\"#3daee9\" # blue", "\"#ff0000\" # blue")
        .replace("2030-01-31T12:00:00Z", "\"1970-01-01T00:00:00Z\"");
    QCOMPARE(QString::fromUtf8(oc::writeRoot(*workspace, before).value()), QString::fromUtf8(wanted));

    workspace->profiles.swapItemsAt(0, 1);
    workspace->name = QStringLiteral("Other");
    const auto swapped = oc::writeRoot(*workspace, before);
    QVERIFY(swapped.has_value());
    const auto back = oc::read({{oc::rootFileName(), *swapped}});
    QVERIFY(back.has_value());
    QCOMPARE(back->profiles, workspace->profiles);
    QCOMPARE(back->name, QStringLiteral("Other"));
    QVERIFY(swapped->contains("note: kept by hand"));

    workspace->profiles.clear();
    const auto none = oc::writeRoot(*workspace, before);
    QVERIFY(none.has_value());
    QVERIFY(!none->contains("keybearer"));
    QVERIFY(none->contains("ignore:\n      - node_modules\n"));
}

void TestOpenCollectionWrite::profilesOfEveryKind() {
    Workspace workspace;
    workspace.name = QStringLiteral("w");
    const auto add = [&](const AuthScheme& scheme, SecretStorage storage) {
        TokenProfile profile;
        profile.id = QStringLiteral("p%1").arg(workspace.profiles.size());
        profile.name = QStringLiteral("No");
        profile.scheme = scheme;
        profile.storage = storage;
        profile.bindings = {
            {QString(), {QStringLiteral("0123")}, {QStringLiteral("http://[::1]:80")}, std::nullopt},
            {QStringLiteral("1"), {}, {}, 4102444800}};
        workspace.profiles.append(profile);
    };
    add(BearerScheme{}, SecretStorage::Keychain);
    add(BearerScheme{QStringLiteral("token:")}, SecretStorage::Memory);
    add(BearerScheme{QString()}, SecretStorage::Memory);
    add(ApiKeyScheme{}, SecretStorage::Keychain);
    add(ApiKeyScheme{ApiKeyScheme::In::Cookie, QStringLiteral("sid")}, SecretStorage::Keychain);
    add(BasicScheme{QStringLiteral("anna:b")}, SecretStorage::Keychain);
    add(BasicScheme{QStringLiteral("ünsal"), true}, SecretStorage::Keychain);
    add(DigestScheme{QStringLiteral("Mufasa")}, SecretStorage::Keychain);
    add(TemplateScheme{}, SecretStorage::Keychain);
    add(TemplateScheme{QStringLiteral("X-Auth"), QStringLiteral("k={{secret}};v=1")}, SecretStorage::Memory);
    add(SigV4Scheme{QStringLiteral("AKIDEXAMPLE"), QStringLiteral("us-east-1"), QStringLiteral("s3"), true,
                    60, true},
        SecretStorage::Keychain);
    add(HttpSignatureScheme{QStringLiteral("key-1"),
                            QStringLiteral("hmac-sha256"),
                            QStringLiteral("kb"),
                            {QStringLiteral("@query-param;name=\"id\"")},
                            30,
                            true,
                            QStringLiteral("app")},
        SecretStorage::Keychain);
    add(JwtScheme{QStringLiteral("ES256"), QStringLiteral("k"), QStringLiteral("at+jwt"),
                  QStringLiteral("{\n  \"sub\": \"{{user}}\"\n}\n"), 60, QString()},
        SecretStorage::Keychain);
    add(NtlmScheme{false, QStringLiteral("DOM\\ada")}, SecretStorage::Keychain);
    add(NtlmScheme{true, {}}, SecretStorage::Keychain);
    add(OAuthScheme{}, SecretStorage::Keychain);
    OAuthScheme full;
    full.grant = OAuthGrant::Password;
    full.clientAuth = ClientAuth::Mtls;
    for (QString* member :
         {&full.issuer, &full.authorizationUrl, &full.tokenUrl, &full.deviceUrl, &full.revocationUrl,
          &full.introspectionUrl, &full.userinfoUrl, &full.parUrl, &full.clientId, &full.audience, &full.user,
          &full.redirectPath, &full.assertionAlgorithm, &full.assertionKeyId})
        *member = QStringLiteral("https://id.example/%1").arg(quintptr(member) % 977);
    full.scopes = {QStringLiteral("users:read"), QStringLiteral("openid")};
    full.resources = {QStringLiteral("urn:kb:api")};
    full.dpop = full.usePar = full.assertionToTokenUrl = true;
    full.refreshAhead = full.refreshOn401 = false;
    full.refreshLeewayS = 5;
    add(full, SecretStorage::Keychain);
    workspace.profiles.last().declared = {{QStringLiteral("users:read")},
                                          {QStringLiteral("admin")},
                                          {QStringLiteral("plan=premium")},
                                          QStringLiteral("expired")};
    add(LoginScheme{}, SecretStorage::Keychain);
    LoginScheme login;
    for (QString* member : {&login.loginUrl, &login.method, &login.contentType, &login.user, &login.tokenName,
                            &login.refreshName, &login.expiryName, &login.sendName, &login.refreshUrl,
                            &login.refreshMethod, &login.csrfName, &login.csrfHeader})
        *member = QStringLiteral("/value/%1").arg(quintptr(member) % 977);
    login.body = QStringLiteral("user={{user}}\npassword={{secret}}\n");
    login.refreshBody.clear();
    login.prefix.clear();
    login.headers = {QStringLiteral("X-Tenant: acme"),
                     QStringLiteral("Authorization: Bearer {{refresh_token}}")};
    login.tokenFrom = login.csrfFrom = AnswerPlace::Header;
    login.refreshFrom = login.expiryFrom = AnswerPlace::Cookie;
    login.expiryForm = ExpiryForm::Iso;
    login.sendAs = SendPlace::Cookie;
    login.lifetimeS = 900;
    login.refreshAhead = login.refreshOn401 = false;
    login.refreshLeewayS = 7;
    add(login, SecretStorage::Keychain);
    const auto text = oc::writeRoot(workspace, QByteArray());
    QVERIFY(text.has_value());
    const auto back = oc::read({{oc::rootFileName(), *text}});
    QVERIFY2(back.has_value(), text->constData());
    QCOMPARE(back->profiles, workspace.profiles);
    // One kind over another leaves nothing of the old behind.
    Workspace turned = workspace;
    for (qsizetype at = 0; at < turned.profiles.size(); ++at)
        turned.profiles[at].scheme = workspace.profiles[turned.profiles.size() - 1 - at].scheme;
    const auto other = oc::writeRoot(turned, *text);
    QVERIFY(other.has_value());
    QCOMPARE(oc::read({{oc::rootFileName(), *other}})->profiles, turned.profiles);
    QCOMPARE(other->count("prefix:"), 4);
    QCOMPARE(other->count("field:"), 2);
    QCOMPARE(other->count("refreshLeeway:"), 2);
    QCOMPARE(other->count("declared:"), 1);
    // What the file says stays, also where it says a default in words.
    const QByteArray words = "opencollection: 1.0.0\nextensions:\n  keybearer:\n    profiles:\n"
                             "      - id: a\n        name: a\n        kind: oauth2\n        grant: password\n"
                             "        clientAuth: none\n        refreshLeeway: 60 # a minute\n";
    auto spoken = oc::read({{oc::rootFileName(), words}});
    QVERIFY(spoken.has_value());
    spoken->profiles[0].colour = QStringLiteral("#102030");
    const auto kept = oc::writeRoot(*spoken, words);
    QVERIFY(kept.has_value());
    QVERIFY2(kept->contains("refreshLeeway: 60 # a minute"), kept->constData());
}

void TestOpenCollectionWrite::environmentsChange() {
    const QByteArray before = bytes(QStringLiteral("environments/Practice.yml"));
    Environment environment = oc::read(sampleFiles())->environments.value(0);
    environment.variables[0].value = QStringLiteral("http://127.0.0.1:9090");
    environment.variables[1].enabled = true;
    environment.variables[2].value = QStringLiteral("6");
    QByteArray wanted = before;
    wanted.replace(":8080", ":9090")
        .replace("    disabled: true\n", "")
        .replace("data: \"5\"", "data: \"6\"");
    QCOMPARE(QString::fromUtf8(oc::writeEnvironment(environment, before).value()), QString::fromUtf8(wanted));

    environment.variables.removeFirst();
    environment.variables.append({QStringLiteral("new"), QStringLiteral("{{count}}"), false});
    const auto text = oc::writeEnvironment(environment, before);
    QVERIFY(text.has_value());
    QVERIFY(text->contains("secret: true\n    name: token\n"));
    QVERIFY(text->contains("color: \"#00aa00\"\n"));
    const auto back = oc::read({{oc::rootFileName(), root()}, {QStringLiteral("environments/x.yml"), *text}});
    QCOMPARE(back->environments.value(0), environment);
    QCOMPARE(oc::environmentName({QStringLiteral("environments/x.yml"), *text}), QStringLiteral("Practice"));
    QCOMPARE(oc::environmentName({QStringLiteral("environments/x.yml"), "variables: []\n"}),
             QStringLiteral("x"));
}

void TestOpenCollectionWrite::nothingIsWrittenOverWhatCannotBeRead() {
    TreeItem wanted = item(fullSpec());
    QVERIFY(!oc::writeRequest(wanted, "info: [\n"));
    QVERIFY(!oc::writeRequest(wanted, "http:\n  headers: text\n"));
    const auto tagged = oc::writeRequest(wanted, "info: {name: a}\nhttp: {}\nkeep: !custom x\n");
    QVERIFY(!tagged);
    QCOMPARE(tagged.error().code, ErrorCode::Unsupported);
    QVERIFY(!oc::writeRoot(Workspace(), "a: 'x\n"));
    QVERIFY(!oc::writeEnvironment(Environment(), "variables: x\n"));
}

void TestOpenCollectionWrite::foldedTextAndAnchorsStayReadable() {
    const QByteArray text =
        "info:\n  name: >-\n    two\n    lines\n  type: http\nhttp: &h\n  url: http://h/\n"
        "docs: |+\n  x\n\n";
    TreeItem changed = readOne(text)->items.value(0);
    QCOMPARE(changed.name, QStringLiteral("two lines"));
    QCOMPARE(oc::writeRequest(changed, text).value(), text);
    changed.request.method = QStringLiteral("PUT");
    QByteArray written;
    QCOMPARE(through(changed, text, &written), changed);
    QVERIFY(written.contains("docs: \"x\\n\\n\""));
}

QTEST_GUILESS_MAIN(TestOpenCollectionWrite)
#include "test_opencollection_write.moc"

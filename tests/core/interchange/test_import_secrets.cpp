// SPDX-License-Identifier: GPL-3.0-or-later
// Secrets that an import finds where no profile can hold them: they become secret variables.
#include "core/interchange/import.h"
#include "core/workspace/inherit.h"

#include <QTest>

#include <string>

using namespace kb;

namespace {

QString s(const char* text) {
    return QString::fromUtf8(text);
}

Imported imported(const char* name, const QByteArray& text) {
    Result<Imported> from = importFiles({{s(name), text}});
    if (!from) qFatal("%s", qPrintable(from.error().text()));
    return std::move(*from);
}

/// "environment / name = value > origins" of each secret variable.
QStringList secretVariables(const Imported& from) {
    QStringList all;
    for (const ImportedSecret& each : from.secrets) {
        const std::string_view value = each.record.secret.reveal();
        all.append(each.environment + s(" / ") + each.name + s(" = ") +
                   QString::fromUtf8(value.data(), qsizetype(value.size())) + s(" > ") +
                   each.record.allowedOrigins.join(u' '));
    }
    return all;
}

} // namespace

class TestImportSecrets : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// What stood in a body is sent again from there: each in its own variable, to where it went.
    void secretsOfBodiesBecomeVariables() {
        const Imported made = imported(
            "calls.sh",
            "curl https://a.example/login --json '{\"user\": \"ada\", \"password\": \"ada-password-1\"}'\n"
            "curl https://b.example/login -d 'user=bob&password=bob-password-2'\n"
            "curl https://c.example/login -d 'user=ada&password=ada-password-1'\n"
            // What would have to be escaped or encoded again is no variable's value.
            "curl https://d.example/login -d 'password=a%26b%20c%25d-3'\n"
            "curl https://e.example/login --json '{\"password\": \"quo\\\"te-4\"}'\n"
            // Too short to be masked.
            "curl https://f.example/login -d 'password=abc'\n");
        QCOMPARE(secretVariables(made),
                 (QStringList{s(" / password = ada-password-1 > https://a.example https://c.example"),
                              s(" / password_2 = bob-password-2 > https://b.example")}));
        QStringList bodies;
        for (const TreeItem& item : made.items)
            bodies.append(item.request.body.text);
        QCOMPARE(bodies.value(0).count(s("{{password}}")), 1);
        QCOMPARE(bodies.value(1), s("user=bob&password={{password_2}}"));
        QCOMPARE(bodies.value(2), s("user=ada&password={{password}}"));
        QStringList kept;
        for (const ImportedProfile& each : made.profiles)
            kept.append(each.profile.name);
        QCOMPARE(kept, (QStringList{s("password_3"), s("password_4"), s("password_5")}));
        // What stands in their place is nobody's variable.
        QCOMPARE(bodies.value(3), s("password={{password_3}}"));
        QCOMPARE(bodies.value(5), s("password={{password_5}}"));
    }

    /// Keys beside a credential go along with it; what cannot go together is kept, and said.
    void keysBesideACredentialGoAlong() {
        const Imported made = imported(
            "calls.sh",
            "curl https://a.example/users -H 'X-API-Key: key-one-0001' -H 'Authorization: Bearer "
            "tok-one-0001'\n"
            "curl 'https://a.example/items?api_key=key-two-0002' -H 'X-API-Key: key-one-0001'"
            " -H 'Authorization: Bearer tok-one-0001'\n"
            "curl https://a.example/again -H 'X-API-Key: key-one-0001' -H 'Authorization: Bearer "
            "tok-one-0001'\n"
            // Two keys alone, and two of one place.
            "curl 'https://b.example/x?api_key=key-two-0002' -H 'X-API-Key: key-one-0001'\n"
            "curl https://c.example/x -u ada:pass-three-0003 -H 'Authorization: Bearer tok-four-0004'\n"
            "curl https://d.example/x -H 'Authorization: Bearer tok-five-0005' -H 'Cookie: "
            "session=ses-six-0006'\n");
        QStringList profiles;
        for (const ImportedProfile& each : made.profiles) {
            QStringList parts;
            for (const auto& [name, secret] : each.secrets.front().second.parts)
                parts.append(name + u'=' + QString::fromStdString(std::string(secret.reveal())));
            QStringList keys;
            for (const ApiKeyScheme& key : each.profile.keys)
                keys.append(key.name);
            const std::string_view own = each.secrets.front().second.secret.reveal();
            profiles.append(schemeName(each.profile.scheme) + u' ' +
                            QString::fromUtf8(own.data(), qsizetype(own.size())) + s(" [") + keys.join(u' ') +
                            s("] ") + parts.join(u' ') + s(" > ") +
                            each.secrets.front().second.allowedOrigins.join(u' '));
        }
        QCOMPARE(
            profiles,
            (QStringList{
                s("bearer tok-one-0001 [X-API-Key] key:header:x-api-key=key-one-0001 > https://a.example"),
                s("bearer tok-one-0001 [X-API-Key api_key] key:header:x-api-key=key-one-0001 "
                  "key:query:api_key=key-two-0002 > https://a.example"),
                s("api-key key-one-0001 [api_key] key:query:api_key=key-two-0002 > https://b.example"),
                s("basic pass-three-0003 []  > https://c.example"),
                s("bearer tok-four-0004 []  > https://c.example"),
                s("bearer tok-five-0005 []  > https://d.example"),
                s("api-key session=ses-six-0006 []  > https://d.example")}));
        QCOMPARE(made.items.value(0).request.profileId, made.profiles.front().profile.id);
        QCOMPARE(made.items.value(2).request.profileId, made.profiles.front().profile.id);
        QCOMPARE(made.profiles.front().places, (QStringList{s("GET https://a.example/users, Authorization"),
                                                            s("GET https://a.example/users, X-API-Key"),
                                                            s("GET https://a.example/again, Authorization"),
                                                            s("GET https://a.example/again, X-API-Key")}));
        QCOMPARE(made.notes.filter(s("carries two credentials")).size(), 2);
        for (const TreeItem& item : made.items) { // nothing of them is left in a request
            QVERIFY(!item.request.url.contains(s("key-")));
            for (const HeaderRow& row : item.request.headers)
                QVERIFY(!row.value.contains(s("-000")));
        }
    }

    /// What is for a proxy is nobody's credential at the API, and stays out of files.
    void aProxysCredentialIsKeptApart() {
        const Imported made = imported(
            "calls.sh", "curl https://a.example/x -H 'Proxy-Authorization: Basic cHJveHk6cGFzcy0wMDA5'"
                        " -H 'Authorization: Bearer tok-one-0001'\n");
        const RequestSpec& spec = made.items.value(0).request;
        for (const HeaderRow& row : spec.headers)
            QVERIFY(row.name != s("Proxy-Authorization"));
        QCOMPARE(made.profiles.size(), 2u);
        for (const ImportedProfile& each : made.profiles) {
            const bool token = each.secrets.front().second.secret.reveal() == "tok-one-0001";
            QCOMPARE(each.profile.id == spec.profileId, token);
            QCOMPARE(each.secrets.front().second.allowedOrigins.isEmpty(), !token);
        }
        QCOMPARE(made.notes.filter(s("for a proxy")).size(), 1);
    }

    /// "No auth" says nothing of a field that was written by hand.
    void aFieldCountsWhereTheFormatSaysNone() {
        const Imported made = imported(
            "c.json", "{\"info\":{\"name\":\"C\",\"schema\":"
                      "\"https://schema.getpostman.com/json/collection/v2.1.0/collection.json\"},\"item\":["
                      "{\"name\":\"One\",\"request\":{\"method\":\"GET\",\"auth\":{\"type\":\"noauth\"},"
                      "\"header\":[{\"key\":\"Authorization\",\"value\":\"Bearer tok-one-0001\"}],"
                      "\"url\":\"https://a.example/x\"}},"
                      "{\"name\":\"Two\",\"request\":{\"method\":\"GET\",\"auth\":{\"type\":\"noauth\"},"
                      "\"url\":\"https://a.example/x\"}}]}");
        QCOMPARE(made.profiles.size(), 1u);
        QCOMPARE(made.items.value(0).request.profileId, made.profiles.front().profile.id);
        QVERIFY(made.notes.isEmpty());
        QCOMPARE(made.items.value(1).request.profileId, explicitlyAnonymous());
    }

    /// A token's variable that is used elsewhere too stays a variable as well.
    void aVariableOfAProfileThatIsStillUsed() {
        const Imported made =
            imported("calls.http",
                     "@host = https://h.example\n@token = http-file-token-0001\n@recipe = x-{{token}}\n\n"
                     "### One\nGET {{host}}/a\nAuthorization: Bearer {{token}}\n\n"
                     "### Two\nPOST {{host}}/b\nContent-Type: text/plain\n\nsend {{recipe}} along\n");
        QCOMPARE(made.profiles.size(), 1u);
        QVERIFY(made.profiles.front().secrets.front().second.secret.reveal() == "http-file-token-0001");
        QCOMPARE(secretVariables(made),
                 QStringList{s("Default / token = http-file-token-0001 > https://h.example")});
        QCOMPARE(made.items.value(1).request.body.text, s("send {{recipe}} along"));
        QStringList left;
        for (const Variable& each : made.environments.value(0).variables)
            left.append(each.name + u'=' + each.value);
        QCOMPARE(left, (QStringList{s("host=https://h.example"), s("recipe=x-{{token}}")}));
    }

    /// A secret that has a variable within it is no recipe: what is written out in it stays out of files. Of
    /// two rows of one name the one that is on counts.
    void aSecretAroundAVariableStaysOut() {
        const Imported made = imported(
            "env.json",
            "{\"name\":\"Dev\",\"values\":["
            "{\"key\":\"password\",\"value\":\"hunter2x-{{suffix}}\",\"type\":\"secret\",\"enabled\":true},"
            "{\"key\":\"auth\",\"value\":\"Bearer {{token}}\",\"type\":\"secret\",\"enabled\":true},"
            "{\"key\":\"token\",\"value\":\"old-token-0001\",\"type\":\"secret\",\"enabled\":false},"
            "{\"key\":\"token\",\"value\":\"new-token-0002\",\"type\":\"secret\",\"enabled\":true}],"
            "\"_postman_variable_scope\":\"environment\"}");
        QStringList left;
        for (const Variable& each : made.environments.value(0).variables)
            left.append(each.name + u'=' + each.value);
        QCOMPARE(left, QStringList{s("auth=Bearer {{token}}")});
        QCOMPARE(secretVariables(made), QStringList{s("Dev / token = new-token-0002 > ")});
    }

    /// What a request names and nobody defines is not given a meaning by what was found elsewhere.
    void aNameThatIsUsedIsNotTaken() {
        const Imported made =
            imported("calls.sh", "curl https://a.example/login -d 'password=ada-password-1'\n"
                                 "curl 'https://b.example/x?p={{password}}'\n");
        QCOMPARE(secretVariables(made), QStringList{s(" / password_2 = ada-password-1 > https://a.example")});
        QCOMPARE(made.items.value(0).request.body.text, s("password={{password_2}}"));
    }

    /// A file may say that a variable is secret and keep its value to itself, or name another's keychain.
    void whatIsSecretWithoutAValue() {
        const Imported postman =
            imported("env.json",
                     "{\"name\":\"Dev\",\"values\":[{\"key\":\"password\",\"value\":\"\",\"type\":\"secret\","
                     "\"enabled\":true},{\"key\":\"token\",\"value\":\"\",\"enabled\":true}],"
                     "\"_postman_variable_scope\":\"environment\"}");
        QCOMPARE(secretVariables(postman), QStringList{s("Dev / password =  > ")});
        QCOMPARE(postman.environments.value(0).variables.value(0).name, s("token")); // nobody calls it secret
        const Imported bundle =
            imported("bundle.yml",
                     "opencollection: 1.0.0\ninfo: {name: B}\nconfig:\n  environments:\n    - name: Dev\n"
                     "      variables:\n        - {name: host, value: 'https://h.example'}\n"
                     "        - {name: pass, secret: true}\n"
                     "items:\n  - info: {name: One, type: http}\n    http:\n      method: POST\n"
                     "      url: '{{host}}/a'\n      body: {type: text, data: 'x={{pass}}'}\n");
        QCOMPARE(secretVariables(bundle), QStringList{s("Dev / pass =  > https://h.example")});
        QVERIFY(bundle.environments.value(0).secrets.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestImportSecrets)
#include "test_import_secrets.moc"

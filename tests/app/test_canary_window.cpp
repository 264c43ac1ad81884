// SPDX-License-Identifier: GPL-3.0-or-later
// Plants a unique secret in the window, goes through profile, send, refusal, error, save and settings, and
// searches every widget's text, every model and every file written for it.
#include "cli_process.h"
#include "window_fixture.h"

#include "core/auth/further_keys.h"
#include "core/auth/grant_record.h"
#include "tests/support/answering_server.h"
#include "ui/answer_pane.h"
#include "ui/conflict_bar.h"
#include "ui/environment_dialog.h"
#include "ui/profile_dialog.h"
#include "ui/request_editor.h"
#include "ui/request_tab.h"
#include "ui/secret_edit.h"
#include "ui/secret_variable_dialog.h"
#include "ui/verify_dialog.h"

#include <QAbstractItemView>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QInputDialog>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>
#include <QTcpServer>
#include <QTcpSocket>
#include <QUrlQuery>
#include <QUuid>

using namespace kb;

class TestCanaryWindow : public QObject {
    Q_OBJECT

    /// Everything a person, a screen reader or a test could read off the widgets: all text properties, and
    /// every model.
    static QByteArray allText(QWidget* root) {
        QByteArray all;
        // Reading a property may make or delete objects: a size hint polishes, a model loads.
        QList<QPointer<QObject>> objects{root};
        for (QObject* child : root->findChildren<QObject*>())
            objects.append(child);
        for (const QPointer<QObject>& object : std::as_const(objects)) {
            if (!object) continue;
            for (int i = 0; object && i < object->metaObject()->propertyCount(); ++i) {
                const QVariant value = object->metaObject()->property(i).read(object.data());
                if (value.canConvert<QString>()) all += value.toString().toUtf8() + '\n';
            }
            if (auto* view = qobject_cast<QAbstractItemView*>(object.data()); view && view->model())
                collect(*view->model(), {}, all);
        }
        return all;
    }
    static void collect(const QAbstractItemModel& model, const QModelIndex& parent, QByteArray& into) {
        for (int row = 0; row < model.rowCount(parent); ++row) {
            for (int column = 0; column < model.columnCount(parent); ++column) {
                const QModelIndex index = model.index(row, column, parent);
                for (int role = 0; role < Qt::UserRole + 12; ++role)
                    into += model.data(index, role).toString().toUtf8() + '\n';
            }
            collect(model, model.index(row, 0, parent), into);
        }
    }

private Q_SLOTS:
    void nothingLeaks() {
        const QByteArray secret = "kb+/canary=" + QUuid::createUuid().toByteArray(QUuid::Id128);
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        QByteArray seen;
        QByteArray echoed; // besides the secret
        connect(&server, &QTcpServer::newConnection, this, [&] {
            QTcpSocket* socket = server.nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, this, [&, socket] {
                const QByteArray request = socket->readAll();
                seen += request;
                if (request.startsWith("GET /break")) return socket->abort();
                const bool deny = request.startsWith("GET /deny");
                const QByteArray body = "{\"you\":\"" + secret + "\",\"b\":\"" + secret.toBase64() +
                                        "\",\"k\":\"" + echoed + "\"}";
                socket->write(
                    QByteArray("HTTP/1.1 ") + (deny ? "401 Unauthorized" : "200 OK") + "\r\nX-Echo: " +
                    secret + "\r\nWWW-Authenticate: Bearer error=\"invalid_token\", error_description=\"" +
                    secret + "\"\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: " +
                    QByteArray::number(body.size()) + "\r\n\r\n" + body);
                socket->disconnectFromHost();
            });
        });
        const QString base = QStringLiteral("http://127.0.0.1:%1").arg(server.serverPort());

        WindowFixture m;
        QVERIFY(m.workspaces.create(m.folder.filePath("work"), "Work"));
        QVERIFY(m.session->openWorkspace(m.folder.filePath("work")));
        m.open();
        QByteArray all;
        TokenProfile profile;
        profile.id = "canary";
        profile.name = "Canary";
        profile.bindings.append(
            {{}, SecretRef{QUuid::createUuid().toString(QUuid::WithoutBraces)}, {base}, {}});
        SecretRecord record;
        record.secret = Secret(std::string_view(secret.constData(), std::size_t(secret.size())));
        record.allowedOrigins = {base};
        // A key that goes along is as secret as the token.
        const QByteArray key = "kb+/along=" + QUuid::createUuid().toByteArray(QUuid::Id128);
        profile.keys = {{ApiKeyScheme::In::Header, QStringLiteral("X-App-Key")}};
        record.parts.insert_or_assign(keyPart(profile.keys.first()),
                                      Secret(std::string_view(key.constData(), std::size_t(key.size()))));
        echoed = key;
        std::optional<bool> saved;
        m.session->saveProfile(profile, std::move(record),
                               [&](const Result<void>& result) { saved = result.has_value(); });
        QTRY_VERIFY_WITH_TIMEOUT(saved, 10000);
        QVERIFY(*saved);
        QTRY_VERIFY_WITH_TIMEOUT(m.session->state("canary") && m.session->state("canary")->facts, 10000);
        all += allText(m.window.get());

        for (const char* target : {"/echo", "/deny", "/break"}) {
            RequestSpec spec;
            spec.name = QString::fromLatin1(target + 1);
            spec.url = base + QString::fromLatin1(target);
            spec.profileId = "canary";
            RequestTab* tab = m.window->openSpec(spec);
            QSignalSpy finished(tab, &RequestTab::finished);
            tab->send();
            QVERIFY(finished.wait(20000));
            QTest::qWait(50);
            all += allText(m.window.get());
            QVERIFY(tab->save({}));
        }
        for (const QString& elsewhere :
             {QStringLiteral("http://localhost:1/"), QStringLiteral("http://127.0.0.1:1/")}) {
            RequestSpec spec;
            spec.url = elsewhere;
            spec.profileId = "canary";
            RequestTab* tab = m.window->openSpec(spec);
            QSignalSpy finished(tab, &RequestTab::finished);
            tab->send();
            QVERIFY(finished.wait(20000));
            QVERIFY(tab->result()->error);
            all += allText(m.window.get());
        }
        // Out in the formats of others, by the menu.
        for (const char* format : {"postman", "har", "k6"}) {
            for (QAction* action : m.window->findChildren<QAction*>())
                if (action->text() == "Export…") action->trigger();
            auto* ask = m.window->findChild<QInputDialog*>();
            QVERIFY(ask);
            ask->setTextValue(QString::fromLatin1(format));
            ask->accept();
            auto* place = m.window->findChild<QFileDialog*>();
            QVERIFY(place);
            all += allText(m.window.get());
            const QString path = m.folder.filePath(QString("out.") + format);
            Q_EMIT place->fileSelected(path);
            QFile written(path);
            QVERIFY(written.open(QIODevice::ReadOnly));
            QVERIFY2(written.readAll().contains("/deny"), format);
            place->reject();
            QTRY_VERIFY(!m.window->findChild<QFileDialog*>() && !m.window->findChild<QInputDialog*>());
        }
        m.window->selectProfile("canary");
        all += allText(m.window.get());
        QVERIFY(m.session->duplicateProfile("canary"));
        m.session->removeProfile("canary");
        QTest::qWait(200);
        all += allText(m.window.get());
        m.window->close();

        QVERIFY(seen.contains(QByteArray("Authorization: Bearer " + secret)));
        QVERIFY(all.contains("Canary"));
        QVERIFY2(all.contains("•"), "the masked form is shown");
        QVERIFY(seen.contains(QByteArray("X-App-Key: " + key)));
        QVERIFY2(all.contains("X-App-Key"), "where it goes is shown");
        const QMap<QString, QByteArray> files = filesBelow(m.folder.path());
        QVERIFY(files.size() >= 4);
        for (const QByteArray& each : {secret, key}) {
            QVERIFY2(firstLeak(all, each).isEmpty(), firstLeak(all, each).constData());
            for (auto it = files.cbegin(); it != files.cend(); ++it)
                QVERIFY2(firstLeak(it.value() + it.key().toUtf8(), each).isEmpty(), qPrintable(it.key()));
        }
    }

    /// A secret variable: typed in its dialog, sent, thrown back, in a draft, in a file that somebody else
    /// changed meanwhile, in what is copied and exported.
    void nothingOfAVariableLeaks() {
        const QByteArray secret = "kb+/variable=" + QUuid::createUuid().toByteArray(QUuid::Id128);
        kb::test::AnsweringServer server;
        server.answer = [&](const QByteArray&) -> kb::test::AnsweringServer::Answer {
            return {"200 OK", QByteArray("{\"you\":\"" + secret + "\",\"b\":\"" + secret.toBase64() + "\"}"),
                    QByteArray("X-Echo: " + secret + "\r\n")};
        };
        WindowFixture m;
        const QString root = m.folder.filePath("work");
        QVERIFY(m.workspaces.create(root, "Work"));
        const auto write = [&](const QByteArray& method) {
            QFile file(root + "/a.yml");
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write("info:\n  name: A\n  type: http\nhttp:\n  method: " + method +
                       "\n  url: " + server.url("/a").toUtf8() + "\n");
        };
        write("POST");
        QVERIFY(m.session->openWorkspace(root));
        m.open();
        m.session->begin();
        Environment environment;
        environment.name = "Dev";
        QVERIFY(m.session->saveEnvironment(environment));
        m.session->setEnvironment("Dev");
        {
            EnvironmentDialog dialog(*m.session, m.window.get());
            dialog.show();
            for (QPushButton* each : dialog.findChildren<QPushButton*>())
                if (each->text() == "Make secret…") each->click();
            auto* ask = dialog.findChild<SecretVariableDialog*>();
            QVERIFY(ask);
            ask->findChild<QLineEdit*>()->setText("pw");
            ask->findChild<SecretEdit*>()->setText(QString::fromUtf8(secret));
            ask->findChild<QPlainTextEdit*>()->setPlainText(server.url());
            ask->findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Save)->click();
            QTRY_VERIFY_WITH_TIMEOUT(!dialog.findChild<SecretVariableDialog*>() ||
                                         !dialog.findChild<SecretVariableDialog*>()->isVisible(),
                                     10000);
        }
        QByteArray all = allText(m.window.get());
        RequestTab* tab = m.window->openRequest("a.yml");
        RequestSpec spec = tab->editor().spec();
        spec.headers.append({"X-Password", "{{pw}}", {}, true});
        spec.body = {BodySpec::Kind::Text, "pw={{pw}}", "text/plain"};
        tab->editor().replaceSpec(spec);
        QSignalSpy finished(tab, &RequestTab::finished);
        tab->send();
        QVERIFY(finished.wait(20000));
        for (const int part :
             {AnswerPane::BodyTab, AnswerPane::HeadersTab, AnswerPane::TimelineTab, AnswerPane::SentTab}) {
            tab->answer().setCurrentTab(static_cast<AnswerPane::Tab>(part));
            QTest::qWait(20);
            all += allText(m.window.get());
        }
        const auto drafts = [&] {
            QDirIterator each(m.folder.filePath("drafts"), {"*.draft"}, QDir::Files,
                              QDirIterator::Subdirectories);
            return each.hasNext();
        };
        QTRY_VERIFY_WITH_TIMEOUT(drafts(), 10000);
        // Somebody else gives the request another method, and the user one of their own: they are asked.
        spec.method = "PATCH";
        tab->editor().replaceSpec(spec);
        write("PUT");
        QTRY_VERIFY_WITH_TIMEOUT(tab->conflict().asks(), 10000);
        all += allText(m.window.get());
        const QMap<QString, QByteArray> during = filesBelow(m.folder.path());
        Q_EMIT tab->conflict().mineChosen();
        QVERIFY(tab->save({}));
        all += allText(m.window.get());
        m.window->close();

        QVERIFY2(server.asked.join().contains(QByteArray("X-Password: " + secret)), "it was sent at all");
        QVERIFY(server.asked.join().contains(QByteArray("pw=" + secret)));
        QVERIFY(all.contains("{{pw}}"));
        QVERIFY2(firstLeak(all, secret).isEmpty(), firstLeak(all, secret).constData());
        for (const QMap<QString, QByteArray>& files : {during, filesBelow(m.folder.path())})
            for (auto it = files.cbegin(); it != files.cend(); ++it)
                QVERIFY2(firstLeak(it.value() + it.key().toUtf8(), secret).isEmpty(), qPrintable(it.key()));
    }

    /// An OAuth profile: its client secret, its refresh tokens and its access tokens, through a refresh, a
    /// refused refresh, a login, introspection, the panel and the dialogs.
    void nothingOfAGrantLeaks() {
        const auto canary = [](const char* name) -> QByteArray {
            return QByteArray("kb-") + name + '-' + QUuid::createUuid().toByteArray(QUuid::Id128);
        };
        const QByteArray client = canary("client-secret");
        const QByteArray refresh[] = {canary("refresh-one"), canary("refresh-two"), canary("refresh-three")};
        const QByteArray signatures[] = {canary("access-one"), canary("access-two"), canary("access-three")};
        const auto base64 = [](const QByteArray& text) {
            return text.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
        };
        const auto access = [&](int at) -> QByteArray {
            return base64("{\"alg\":\"RS256\",\"kid\":\"one\"}") + '.' +
                   base64("{\"iss\":\"http://127.0.0.1\",\"sub\":\"Ada Canary\",\"iat\":" +
                          QByteArray::number(QDateTime::currentSecsSinceEpoch()) + "}") +
                   '.' + base64(signatures[at]);
        };
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        QByteArray seen;
        int obtained = 0;
        bool refuse = false;
        connect(&server, &QTcpServer::newConnection, this, [&] {
            QTcpSocket* socket = server.nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, this, [&, socket] {
                const QByteArray request = socket->readAll();
                seen += request;
                // A server that throws every secret of the grant back, in every place it has, at the API too.
                const QByteArray echo = client + ' ' + refresh[obtained] + ' ' + access(obtained);
                QByteArray body = "{'echo':'" + echo + "'}";
                QByteArray status = "200 OK";
                if (request.startsWith("POST /token") && refuse) {
                    status = "400 Bad Request";
                    body = "{'error':'invalid_grant','error_description':'" + echo + "'}";
                } else if (request.startsWith("POST /token")) {
                    obtained = qMin(obtained + 1, 2);
                    body = "{'token_type':'bearer','expires_in':600,'access_token':'" + access(obtained) +
                           "','refresh_token':'" + refresh[obtained] + "','note':'" + echo + "'}";
                } else if (request.startsWith("POST /introspect")) {
                    body = "{'active':true,'scope':'users:read','username':'" + client + "','sub':'" +
                           access(obtained) + "'}";
                } else if (request.startsWith("GET /me")) {
                    // Of the refresh token nothing is left: the server has refused it for good.
                    body = "{'sub':'" + access(obtained) + "','name':'" + client + "'}";
                } else if (request.startsWith("GET /deny")) {
                    status = "401 Unauthorized";
                } else if (request.startsWith("GET /jwks")) {
                    body = "{'keys':[]}";
                }
                body.replace('\'', '"');
                socket->write("HTTP/1.1 " + status + "\r\nX-Echo: " + echo +
                              "\r\nWWW-Authenticate: Bearer error=\"invalid_token\", error_description=\"" +
                              echo +
                              "\"\r\nContent-Type: application/json\r\nConnection: close\r\n"
                              "Content-Length: " +
                              QByteArray::number(body.size()) + "\r\n\r\n" + body);
                socket->disconnectFromHost();
            });
        });
        const QString base = QStringLiteral("http://127.0.0.1:%1").arg(server.serverPort());

        WindowFixture m;
        QVERIFY(m.workspaces.create(m.folder.filePath("work"), "Work"));
        QVERIFY(m.session->openWorkspace(m.folder.filePath("work")));
        m.open();
        OAuthScheme scheme;
        scheme.grant = OAuthGrant::AuthorizationCode;
        scheme.clientAuth = ClientAuth::Post;
        scheme.clientId = "canary-client";
        scheme.authorizationUrl = base + "/authorize";
        scheme.tokenUrl = base + "/token";
        scheme.introspectionUrl = base + "/introspect";
        scheme.userinfoUrl = base + "/me";
        scheme.revocationUrl = base + "/revoke";
        TokenProfile profile;
        profile.id = "grant";
        profile.name = "Grant";
        profile.scheme = scheme;
        profile.bindings.append(
            {{}, SecretRef{QUuid::createUuid().toString(QUuid::WithoutBraces)}, {base}, {}});
        const auto secretOf = [](const QByteArray& text) {
            return Secret(std::string_view(text.constData(), std::size_t(text.size())));
        };
        SecretRecord record;
        const auto confirmed = proposedServer(scheme, nullptr);
        QVERIFY(confirmed.has_value());
        confirmServer(record, *confirmed);
        record.secret = secretOf(access(0));
        record.parts[grantpart::clientSecret] = secretOf(client);
        record.parts[grantpart::refreshToken] = secretOf(refresh[0]);
        const qint64 now = QDateTime::currentMSecsSinceEpoch();
        record.facts["obtained_ms"] = QString::number(now - 700'000);
        record.facts["expires_ms"] = QString::number(now - 100'000);
        record.allowedOrigins = {base};
        std::optional<bool> saved;
        m.session->saveProfile(profile, std::move(record),
                               [&](const Result<void>& result) { saved = result.has_value(); });
        QTRY_VERIFY_WITH_TIMEOUT(saved, 10000);
        QVERIFY(*saved);
        QTRY_VERIFY_WITH_TIMEOUT(m.session->state("grant") && m.session->state("grant")->facts, 10000);
        m.window->selectProfile("grant");
        QByteArray all = allText(m.window.get());

        const auto send = [&](const char* target) {
            RequestSpec spec;
            spec.name = QString::fromLatin1(target + 1);
            spec.url = base + QString::fromLatin1(target);
            spec.profileId = "grant";
            RequestTab* tab = m.window->openSpec(spec);
            QSignalSpy finished(tab, &RequestTab::finished);
            tab->send();
            if (!finished.wait(20000)) qFatal("%s did not finish", target);
            for (const int part : {AnswerPane::BodyTab, AnswerPane::HeadersTab, AnswerPane::TimelineTab,
                                   AnswerPane::SentTab}) {
                tab->answer().setCurrentTab(static_cast<AnswerPane::Tab>(part));
                QTest::qWait(20);
                all += allText(m.window.get());
            }
            if (!tab->save({})) qFatal("%s was not saved", target);
        };
        send("/echo"); // after a refresh, if the window had not done that by itself
        refuse = true;
        send("/deny"); // the refresh that follows is refused
        QVERIFY(seen.contains(refresh[0]) && seen.contains(client));

        // The panel's buttons, and what they open.
        refuse = false;
        const auto press = [&](const QString& text) {
            const auto find = [&]() -> QPushButton* {
                for (QPushButton* each : m.window->findChildren<QPushButton*>())
                    if (each->isVisible() && each->isEnabled() && each->text() == text) return each;
                return nullptr;
            };
            if (!QTest::qWaitFor([&] { return find() != nullptr; }, 10000)) return false;
            find()->click();
            return true;
        };
        m.window->selectProfile("grant");
        QVERIFY(press("Ask the server"));
        QTRY_VERIFY_WITH_TIMEOUT(seen.contains("POST /introspect"), 10000);
        QTest::qWait(200);
        all += allText(m.window.get());
        QVERIFY(press("Who is it?"));
        QTRY_VERIFY_WITH_TIMEOUT(seen.contains("GET /me"), 10000);
        QTest::qWait(200);
        all += allText(m.window.get());
        QVERIFY(press("Log in…"));
        QTRY_VERIFY_WITH_TIMEOUT(m.browser.opened.isValid(), 10000);
        all += allText(m.window.get());
        const QByteArray code = canary("authorization-code");
        QVERIFY(m.listener.arrived(
            "/callback?code=" + code +
            "&state=" + QUrlQuery(m.browser.opened).queryItemValue(QStringLiteral("state")).toLatin1()));
        QTRY_VERIFY_WITH_TIMEOUT(obtained == 2, 10000);
        QTest::qWait(300);
        all += allText(m.window.get());
        QVERIFY(press("Verify…"));
        auto* verify = m.window->findChild<VerifyDialog*>();
        QVERIFY(verify);
        for (QComboBox* box : verify->findChildren<QComboBox*>())
            box->setCurrentIndex(box->findData("url"));
        for (QLineEdit* field : verify->findChildren<QLineEdit*>())
            if (field->accessibleName() == QLatin1String("Address")) field->setText(base + "/jwks");
        all += allText(m.window.get());
        for (QPushButton* each : verify->findChildren<QPushButton*>())
            if (each->text() == QLatin1String("Verify")) each->click();
        QTRY_VERIFY_WITH_TIMEOUT(seen.contains("GET /jwks"), 10000);
        QTest::qWait(200);
        all += allText(m.window.get());
        QVERIFY(press("Edit…"));
        auto* edit = m.window->findChild<ProfileDialog*>();
        QVERIFY(edit);
        all += allText(m.window.get());
        edit->reject();
        m.session->removeProfile("grant");
        QTest::qWait(200);
        all += allText(m.window.get());
        m.window->close();

        QVERIFY(all.contains("Ada Canary")); // what may be seen is seen
        QByteArrayList secrets{client, code};
        for (int at = 0; at < 3; ++at)
            secrets << refresh[at] << access(at) << base64(signatures[at]);
        const QMap<QString, QByteArray> files = filesBelow(m.folder.path());
        for (const QByteArray& secret : secrets) {
            QVERIFY2(firstLeak(all, secret).isEmpty(), firstLeak(all, secret).constData());
            for (auto it = files.cbegin(); it != files.cend(); ++it)
                QVERIFY2(firstLeak(it.value() + it.key().toUtf8(), secret).isEmpty(), qPrintable(it.key()));
        }
    }
};

int main(int argc, char** argv) {
    QApplication app(argc, argv);
    Theme::instance().apply(app, Theme::Mode::Light);
    TestCanaryWindow test;
    return QTest::qExec(&test, argc, argv);
}
#include "test_canary_window.moc"
